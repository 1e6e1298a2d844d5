-- Projects are open or closed; what staff don't show of them; templates to begin others from.
alter table projects add check (state in ('open', 'closed'));
create index projects_by_state on projects (organization_id, state, id);
create index projects_of_partner on projects (organization_id, partner_id, state, id);
-- What is due next in each project.
create index tasks_next on tasks (organization_id, project_id, due_on)
  where state in ('open', 'started') and kind <> 'phase' and due_on is not null;

-- Without its comments, a project's conversation is for staff alone.
create function project_visible_to(shown text[]) returns text language sql immutable
  return case when 'comments' = any (shown) then 'both' else 'staff' end;

create or replace function add_project_subject() returns trigger language plpgsql as $$
begin
  insert into subjects (organization_id, id, kind, number, title, state, partner_id, visible_to, created_at)
    values (new.organization_id, new.id, 'project', new.key, new.name, new.state, new.partner_id,
      project_visible_to(new.shown), new.created_at);
  return new;
end $$;

create or replace function change_project_subject() returns trigger language plpgsql as $$
begin
  update subjects set number = new.key, title = new.name, state = new.state, partner_id = new.partner_id,
      visible_to = project_visible_to(new.shown)
    where organization_id = new.organization_id and id = new.id;
  return null;
end $$;
drop trigger subject_changed on projects;
create trigger subject_changed after update of key, name, state, partner_id, shown on projects
  for each row when ((old.key, old.name, old.state, old.partner_id, old.shown)
    is distinct from (new.key, new.name, new.state, new.partner_id, new.shown))
  execute function change_project_subject();

-- A plan that projects begin with: what is done, in which order, for how long; nobody's names, no money.
create table project_templates (
  organization_id uuid not null references organizations,
  id uuid not null,
  name text not null check (name <> ''),
  -- Of tasks, without phases and steps.
  task_count integer not null default 0,
  created_at timestamptz not null default app_now(),
  primary key (organization_id, id)
);
create unique index project_templates_by_name on project_templates (organization_id, lower(name));

create table template_tasks (
  organization_id uuid not null references organizations,
  id uuid not null,
  template_id uuid not null,
  kind text not null check (kind in ('phase', 'task', 'step')),
  parent_id uuid,
  position integer not null,
  title text not null check (title <> ''),
  note text not null default '',
  trade text not null default '',
  shown boolean not null,
  milestone boolean not null,
  estimate_minutes integer,
  -- In working days, from the project's first: on a Monday, five of them later is the next Monday.
  starts_after integer check (starts_after >= 0),
  due_after integer check (due_after >= 0),
  primary key (organization_id, id),
  unique (organization_id, template_id, position),
  foreign key (organization_id, template_id) references project_templates (organization_id, id) on delete cascade,
  foreign key (organization_id, parent_id) references template_tasks (organization_id, id) on delete cascade
);
create index on template_tasks (organization_id, parent_id) where parent_id is not null;

-- A task of a template begins once another has ended.
create table template_dependencies (
  organization_id uuid not null references organizations,
  task_id uuid not null,
  after_id uuid not null,
  primary key (organization_id, task_id, after_id),
  foreign key (organization_id, task_id) references template_tasks (organization_id, id) on delete cascade,
  foreign key (organization_id, after_id) references template_tasks (organization_id, id) on delete cascade
);
create index on template_dependencies (organization_id, after_id);

call secure('{project_templates, template_tasks, template_dependencies}', 'is_internal()');
alter table project_templates alter column organization_id set (n_distinct = 10);
alter table template_tasks alter column organization_id set (n_distinct = 10);
alter table template_tasks alter column template_id set (n_distinct = 50);
alter table template_dependencies alter column organization_id set (n_distinct = 10);
