-- What a partner reads costs the same, however much there is that they don't see.
create index activities_shared on activities (organization_id, subject_id, id) where visible_to <> 'staff';
create index activities_of_partner on activities (organization_id, partner_id, id desc)
  where visible_to <> 'staff' and subject_id is not null and action not in ('start', 'edit', 'detach');
create index comments_shared on comments (organization_id, subject_id, id) where audience <> 'staff';
-- For what staff haven't answered yet.
create index comments_newest_shared on comments (organization_id, id desc) where audience = 'shared';
create index comment_threads_shared on comments (organization_id, subject_id, last_id desc)
  where thread_id is null and audience <> 'staff';
create index comment_threads_shared_with_files on comments (organization_id, subject_id, last_id desc)
  where thread_id is null and has_files and audience <> 'staff';

-- In which projects a partner has, or had, a document or a task: a list of its projects looks for them here, by their
-- state. Whether it still sees one is the rule of `projects`.
create table project_work (
  organization_id uuid not null references organizations,
  partner_id uuid not null,
  project_id uuid not null,
  -- Of the project, kept by a trigger.
  state text not null,
  primary key (organization_id, partner_id, project_id),
  foreign key (organization_id, partner_id) references partners (organization_id, id),
  foreign key (organization_id, project_id) references projects (organization_id, id)
);
create index on project_work (organization_id, partner_id, state, project_id);
create index on project_work (organization_id, project_id);
call secure('{project_work}', 'is_internal() or partner_id = app_partner()');
alter table project_work alter column organization_id set (n_distinct = 10);
alter table project_work alter column partner_id set (n_distinct = 50);
alter table project_work alter column project_id set (n_distinct = 200);

create function note_work(organization uuid, partner uuid, project uuid) returns void language plpgsql as $$
begin
  perform from project_work w
    where w.organization_id = organization and w.partner_id = partner and w.project_id = project;
  if found then return; end if;
  -- Locked: it may be closed meanwhile.
  insert into project_work (organization_id, partner_id, project_id, state)
    select organization, partner, project, p.state from projects p
    where p.organization_id = organization and p.id = project for share
    on conflict do nothing;
  update partners set has_work = true
    where organization_id = organization and id = partner and is_vendor and not has_work;
end $$;
create or replace function note_task_work() returns trigger language plpgsql as $$
begin
  perform note_work(new.organization_id, new.vendor_id, new.project_id);
  return null;
end $$;
create or replace function note_document_work() returns trigger language plpgsql as $$
begin
  perform note_work(new.organization_id, new.partner_id, new.project_id);
  return null;
end $$;
drop function note_work(uuid, uuid);

create function set_state_of_work() returns trigger language plpgsql as $$
begin
  update project_work set state = new.state where organization_id = new.organization_id and project_id = new.id;
  return null;
end $$;
create trigger work_changed after update of state on projects
  for each row when (old.state is distinct from new.state) execute function set_state_of_work();

alter table documents no force row level security;
alter table tasks no force row level security;
alter table projects no force row level security;
alter table project_work no force row level security;
insert into project_work (organization_id, partner_id, project_id, state)
  select w.organization_id, w.partner_id, w.project_id, p.state
  from (
      select organization_id, partner_id, project_id from documents
      where partner_id is not null and project_id is not null
      union select organization_id, vendor_id, project_id from tasks where vendor_id is not null) w
    join projects p on p.organization_id = w.organization_id and p.id = w.project_id;
alter table documents force row level security;
alter table tasks force row level security;
alter table projects force row level security;
alter table project_work force row level security;

-- Tasks and events stand in `subjects` in one way: theirs is their vendor, or else the customer to whom they are shown.
create function add_planned_subject() returns trigger language plpgsql as $$
declare
  partner uuid := coalesce(new.vendor_id, new.customer_id);
begin
  insert into subjects (organization_id, id, kind, number, title, state, partner_id, visible_to, created_at)
    values (new.organization_id, new.id, tg_argv[0], new.number, new.title, new.state, partner,
      case when partner is null then 'staff' else 'both' end, new.created_at);
  return new;
end $$;
create function change_planned_subject() returns trigger language plpgsql as $$
declare
  partner uuid := coalesce(new.vendor_id, new.customer_id);
begin
  update subjects set title = new.title, state = new.state, partner_id = partner,
      visible_to = case when partner is null then 'staff' else 'both' end
    where organization_id = new.organization_id and id = new.id;
  return null;
end $$;
create or replace trigger subject_added before insert on tasks
  for each row execute function add_planned_subject('task');
create or replace trigger subject_added before insert on events
  for each row execute function add_planned_subject('event');
create or replace trigger subject_changed after update of title, state, vendor_id, customer_id, shown on tasks
  for each row when ((old.title, old.state, old.vendor_id, old.customer_id)
    is distinct from (new.title, new.state, new.vendor_id, new.customer_id))
  execute function change_planned_subject();
create or replace trigger subject_changed after update of title, state, vendor_id, customer_id, shown on events
  for each row when ((old.title, old.state, old.vendor_id, old.customer_id)
    is distinct from (new.title, new.state, new.vendor_id, new.customer_id))
  execute function change_planned_subject();
drop function add_task_subject, change_task_subject, add_event_subject, change_event_subject;
