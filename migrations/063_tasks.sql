-- Projects with dates and people, and what their partners see of them. 'people': the names of staff and of vendors'
-- tasks' assignees beside tasks; without it they stand as "Harbor & Pine" or by their trade.
alter table projects
  add column description text not null default '',
  add column manager_id uuid,
  add column starts_on date,
  add column ends_on date,
  add column closed_at timestamptz,
  add column shown text[] not null default '{tasks,calendar,finances,details,comments,people}'
    check (shown <@ '{tasks,calendar,time,finances,details,comments,people}'),
  -- Kept by triggers: tasks (phases and steps are none), those that are done, and the same weighted by estimate; of all,
  -- and of those that its customer sees.
  add column task_count integer not null default 0,
  add column done_count integer not null default 0,
  add column task_weight bigint not null default 0,
  add column done_weight bigint not null default 0,
  add column shown_count integer not null default 0,
  add column shown_done_count integer not null default 0,
  add column shown_weight bigint not null default 0,
  add column shown_done_weight bigint not null default 0,
  add foreign key (organization_id, manager_id) references people (organization_id, id),
  add check (ends_on >= starts_on);
create index on projects (organization_id, manager_id) where manager_id is not null;

-- A phase holds tasks, a task may have steps. It is a subject: of a vendor, if one does it, or else of the customer, if
-- it is shown to them, or else of staff alone. A customer to whom a vendor's task is shown sees its row, not what staff
-- and vendor write about it.
create table tasks (
  organization_id uuid not null references organizations,
  id uuid not null,
  project_id uuid not null,
  number text not null,
  kind text not null default 'task' check (kind in ('phase', 'task', 'step')),
  -- Of a task its phase, if any; of a step its task.
  parent_id uuid,
  -- Among all of the project. Between two there is always room for one more.
  position numeric not null,
  title text not null check (title <> ''),
  note text not null default '',
  state text not null default 'open' check (state in ('open', 'started', 'done', 'dropped')),
  assignee_id uuid,
  -- The vendor that does it.
  vendor_id uuid,
  -- What its doer is called before the customer: 'Electrician'.
  trade text not null default '',
  shown boolean not null default true,
  -- The customer who sees it; null: none does. Kept by triggers.
  customer_id uuid,
  starts_on date,
  due_on date,
  -- As they were planned first, or when staff took the plan as it was.
  planned_starts_on date,
  planned_due_on date,
  -- Why its dates have moved, in the words of who moved them, for everybody who sees it.
  reason text not null default '',
  reason_by uuid,
  reason_at timestamptz,
  milestone boolean not null default false,
  estimate_minutes integer check (estimate_minutes between 0 and 6000000),
  -- A document that it waits for, such as a change order.
  document_id uuid,
  done_at timestamptz,
  -- The due date that its people were told is over.
  told_due_on date,
  created_at timestamptz not null default app_now(),
  primary key (organization_id, id),
  unique (organization_id, number),
  check ((kind = 'phase') <= (parent_id is null)),
  check ((kind = 'step') <= (parent_id is not null)),
  check (due_on >= starts_on),
  foreign key (organization_id, id) references subjects (organization_id, id),
  foreign key (organization_id, project_id) references projects (organization_id, id),
  foreign key (organization_id, parent_id) references tasks (organization_id, id),
  foreign key (organization_id, assignee_id) references people (organization_id, id),
  foreign key (organization_id, vendor_id) references partners (organization_id, id),
  foreign key (organization_id, document_id) references documents (organization_id, id)
);
create index on tasks (organization_id, project_id, position);
create index on tasks (organization_id, parent_id) where parent_id is not null;
create index tasks_of_vendor on tasks (organization_id, vendor_id, project_id) where vendor_id is not null;
create index tasks_of_person on tasks (organization_id, assignee_id, due_on) where state in ('open', 'started');
create index tasks_late on tasks (organization_id, due_on)
  where state in ('open', 'started') and kind <> 'phase' and told_due_on is distinct from due_on;
alter table tasks alter column organization_id set (n_distinct = 10);
alter table tasks alter column project_id set (n_distinct = 200);

-- A task begins once another has ended.
create table task_dependencies (
  organization_id uuid not null references organizations,
  task_id uuid not null,
  after_id uuid not null,
  primary key (organization_id, task_id, after_id),
  check (task_id <> after_id),
  foreign key (organization_id, task_id) references tasks (organization_id, id),
  foreign key (organization_id, after_id) references tasks (organization_id, id)
);
create index on task_dependencies (organization_id, after_id);
alter table task_dependencies alter column organization_id set (n_distinct = 10);

-- Which customer sees a task.
create function set_task_customer() returns trigger language plpgsql as $$
begin
  select case when new.shown and 'tasks' = any (p.shown) then p.partner_id end into new.customer_id
    from projects p where p.organization_id = new.organization_id and p.id = new.project_id;
  return new;
end $$;
create trigger customer_set before insert or update of shown, project_id on tasks
  for each row execute function set_task_customer();

create function set_customer_of_tasks() returns trigger language plpgsql as $$
begin
  update tasks set customer_id = case when shown and 'tasks' = any (new.shown) then new.partner_id end
    where organization_id = new.organization_id and project_id = new.id;
  return null;
end $$;
create trigger tasks_shown after update of partner_id, shown on projects
  for each row when ((old.partner_id, old.shown) is distinct from (new.partner_id, new.shown))
  execute function set_customer_of_tasks();

-- Its row in `subjects`.
create function add_task_subject() returns trigger language plpgsql as $$
declare
  partner uuid := coalesce(new.vendor_id, new.customer_id);
begin
  insert into subjects (organization_id, id, kind, number, title, state, partner_id, visible_to, created_at)
    values (new.organization_id, new.id, 'task', new.number, new.title, new.state, partner,
      case when partner is null then 'staff' else 'both' end, new.created_at);
  return new;
end $$;
create trigger subject_added before insert on tasks for each row execute function add_task_subject();

create function change_task_subject() returns trigger language plpgsql as $$
declare
  partner uuid := coalesce(new.vendor_id, new.customer_id);
begin
  update subjects set title = new.title, state = new.state, partner_id = partner,
      visible_to = case when partner is null then 'staff' else 'both' end
    where organization_id = new.organization_id and id = new.id;
  return null;
end $$;
create trigger subject_changed after update of title, state, vendor_id, customer_id, shown on tasks
  for each row when ((old.title, old.state, old.vendor_id, old.customer_id)
    is distinct from (new.title, new.state, new.vendor_id, new.customer_id))
  execute function change_task_subject();

create trigger words_added after insert on tasks for each row execute function index_changed();
create trigger words_changed after update of title, vendor_id, customer_id, shown on tasks
  for each row when ((old.title, old.vendor_id, old.customer_id) is distinct from (new.title, new.vendor_id, new.customer_id))
  execute function index_changed();

-- Progress, counted as tasks come, go and change. What has no estimate counts as an hour.
create function count_task(task tasks, sign integer) returns void language plpgsql as $$
declare
  weight bigint := sign * coalesce(task.estimate_minutes, 60);
  is_done integer := case when task.state = 'done' then 1 else 0 end;
  is_shown integer := case when task.customer_id is null then 0 else 1 end;
begin
  if task.kind <> 'task' or task.state = 'dropped' then return; end if;
  update projects set
      task_count = task_count + sign, done_count = done_count + sign * is_done,
      task_weight = task_weight + weight, done_weight = done_weight + weight * is_done,
      shown_count = shown_count + sign * is_shown, shown_done_count = shown_done_count + sign * is_shown * is_done,
      shown_weight = shown_weight + weight * is_shown, shown_done_weight = shown_done_weight + weight * is_shown * is_done
    where organization_id = task.organization_id and id = task.project_id;
end $$;
create function count_tasks() returns trigger language plpgsql as $$
begin
  if tg_op <> 'INSERT' then perform count_task(old, -1); end if;
  if tg_op <> 'DELETE' then perform count_task(new, 1); end if;
  return null;
end $$;
create trigger counted_new after insert on tasks for each row execute function count_tasks();
create trigger counted after update of state, kind, project_id, estimate_minutes, customer_id, shown on tasks
  for each row when ((old.state, old.kind, old.project_id, old.estimate_minutes, old.customer_id)
    is distinct from (new.state, new.kind, new.project_id, new.estimate_minutes, new.customer_id))
  execute function count_tasks();

-- Who sees a task: its vendor, and the customer to whom it is shown, by itself or with its project.
create function sees_task(task uuid, project uuid, vendor uuid, customer uuid) returns boolean
language plpgsql stable cost 20 as $$
begin
  return is_internal()
    or may_see(task, vendor, 'both', 'task')
    or may_see(task, customer, 'both', 'task')
    or (app_subjects() is not null and may_see(project, customer, 'both', 'project'));
end $$;
call secure('{tasks}', 'sees_task(id, project_id, vendor_id, customer_id)');

-- What hangs on a task, for whoever sees its row.
create function sees_task_row(task uuid) returns boolean language plpgsql stable cost 100 as $$
begin
  if is_internal() then return true; end if;
  perform from tasks t where t.organization_id = app_organization() and t.id = task;
  return found;
end $$;
call secure('{task_dependencies}', 'sees_task_row(task_id) and sees_task_row(after_id)');

-- A vendor sees the name of each project in which it has work.
create function has_task_in(project uuid) returns boolean language plpgsql stable cost 100 as $$
begin
  return project = (
    select t.project_id from tasks t
    where t.organization_id = app_organization() and t.vendor_id = app_partner() and t.project_id >= project
    order by t.project_id limit 1);
end $$;
alter policy reading on projects using (
  organization_id = app_organization()
    and (is_internal() or may_see(id, partner_id, 'both', 'project') or has_document_in(id) or has_task_in(id)));

-- What was said to one partner is never read by the next one of a subject that changes hands, such as a task that is
-- given to another vendor.
alter table comments add column partner_id uuid;
create function set_comment_partner() returns trigger language plpgsql as $$
begin
  select s.partner_id into new.partner_id from subjects s
    where s.organization_id = new.organization_id and s.id = new.subject_id;
  return new;
end $$;
create trigger partner_set before insert on comments for each row execute function set_comment_partner();
alter table comments no force row level security;
alter table subjects no force row level security;
update comments c set partner_id = s.partner_id from subjects s
  where s.organization_id = c.organization_id and s.id = c.subject_id;
alter table comments force row level security;
alter table subjects force row level security;

create function is_for_reader(partner uuid) returns boolean language plpgsql stable cost 1
  as $$ begin return is_internal() or partner = app_partner(); end $$;
alter policy reading on comments using (
  organization_id = app_organization() and is_for_reader(partner_id) and sees(subject_id, audience));
alter policy reading on activities using (
  organization_id = app_organization() and (partner_id is null or is_for_reader(partner_id))
    and sees(subject_id, visible_to));
