-- Whether partners are told the names of staff in a task or an event, as its project has it. Here, since who came by a
-- link to one of them doesn't see the project.
alter table tasks add column people_shown boolean not null default true;
alter table events add column people_shown boolean not null default true;

create or replace function set_task_customer() returns trigger language plpgsql as $$
begin
  select case when new.shown and 'tasks' = any (p.shown) then p.partner_id end, 'people' = any (p.shown)
    into new.customer_id, new.people_shown
    from projects p where p.organization_id = new.organization_id and p.id = new.project_id;
  return new;
end $$;
create or replace function set_customer_of_tasks() returns trigger language plpgsql as $$
begin
  update tasks set customer_id = case when shown and 'tasks' = any (new.shown) then new.partner_id end,
      people_shown = 'people' = any (new.shown)
    where organization_id = new.organization_id and project_id = new.id;
  return null;
end $$;

create or replace function set_event_customer() returns trigger language plpgsql as $$
begin
  select case when new.shown and 'calendar' = any (p.shown) then p.partner_id end, 'people' = any (p.shown)
    into new.customer_id, new.people_shown
    from projects p where p.organization_id = new.organization_id and p.id = new.project_id;
  return new;
end $$;
create or replace function set_customer_of_events() returns trigger language plpgsql as $$
begin
  update events set customer_id = case when shown and 'calendar' = any (new.shown) then new.partner_id end,
      people_shown = 'people' = any (new.shown)
    where organization_id = new.organization_id and project_id = new.id;
  return null;
end $$;

alter table projects no force row level security;
alter table tasks no force row level security;
alter table events no force row level security;
update tasks t set people_shown = false from projects p
  where p.organization_id = t.organization_id and p.id = t.project_id and not 'people' = any (p.shown);
update events e set people_shown = false from projects p
  where p.organization_id = e.organization_id and p.id = e.project_id and not 'people' = any (p.shown);
alter table projects force row level security;
alter table tasks force row level security;
alter table events force row level security;

-- Whether partners are told the names of staff in a subject; false of what the reader doesn't see.
create function names_staff(organization uuid, subject uuid, kind text) returns boolean
language plpgsql stable cost 100 as $$
begin
  case kind
    when 'project' then
      perform from projects j where j.organization_id = organization and j.id = subject and 'people' = any (j.shown);
    when 'task' then
      perform from tasks t where t.organization_id = organization and t.id = subject and t.people_shown;
    when 'event' then
      perform from events e where e.organization_id = organization and e.id = subject and e.people_shown;
    else return true;
  end case;
  return found;
end $$;

-- What a partner reads of who did something: their name, or of staff the organization's where the project doesn't show
-- people. Whoever writes in a project's comments is named there. `reader`: the partner; null: staff. `author`: null for
-- somebody who isn't known.
drop function shown_author(uuid, uuid, uuid, text, uuid, text);
create function shown_author(
  organization uuid, reader uuid, subject uuid, kind text, action text, author uuid, name text)
returns text language plpgsql stable cost 20 as $$
begin
  if reader is null or name is null or kind is null or (kind = 'project' and action in ('comment', 'notify'))
    or names_staff(organization, subject, kind) then
    return name;
  end if;
  perform from people p where p.organization_id = organization and p.id = author and p.partner_id is not null;
  if found then return name; end if;
  return (select o.name from organizations o where o.id = organization);
end $$;

-- The same of what an activity tells: without whose deputy it was.
create function shown_details(organization uuid, reader uuid, subject uuid, kind text, action text, details jsonb)
returns jsonb language plpgsql stable cost 20 as $$
begin
  if reader is null or kind is null or not jsonb_exists(details, 'for')
    or (kind = 'project' and action in ('comment', 'notify')) or names_staff(organization, subject, kind) then return details; end if;
  return details - 'for';
end $$;

-- The part of a project that its partner must be shown to know that something was done in it; null: the project.
create function part_of_action(action text) returns text language sql immutable
  return case when action in ('comment', 'notify', 'take_mail', 'share_mail', 'tell_log') then 'comments'
    when action in ('add_file', 'replace_file', 'share_file', 'move_file', 'remove_file') then 'details'
    when action in ('ask_time', 'approve_time') then 'time' end;

-- Whether a part of a project is for the reader, with or without its conversation.
create or replace function sees_project_part(project uuid, part text) returns boolean
language plpgsql stable cost 100 as $$
begin
  if app_side() = 'system' or (app_side() = 'staff' and app_subjects() is null) then return true; end if;
  if app_side() = 'staff' then return sees(project); end if;
  if app_side() <> 'partner' then return false; end if;
  perform from projects p where p.organization_id = app_organization() and p.id = project
    and p.partner_id = app_partner() and part = any (p.shown) and may_see(p.id, p.partner_id, 'both', 'project');
  return found;
end $$;

-- As `sees`, for what was done to a subject.
create function sees_done(subject uuid, audience text, action text) returns boolean
language plpgsql stable cost 100 as $$
declare
  part text := part_of_action(action);
begin
  if part is null then return sees(subject, audience); end if;
  if part = 'comments' then return sees_said(subject, audience); end if;
  return sees(subject, audience) and sees_project_part(subject, part);
end $$;
alter policy reading on activities using (
  organization_id = app_organization() and (partner_id is null or is_for_reader(partner_id))
    and sees_done(subject_id, visible_to, action));

-- Who may be told of a subject, and that something was done to it; `action` null: anything at all. Staff may. Of a
-- project, a task and an event, its partner's contacts who may use projects, or were added; of shared files, those who
-- may use them. Of a document, whom it was sent to: they take part.
drop function may_be_told(uuid, uuid, uuid, boolean);
create function may_be_told(organization uuid, subject uuid, person uuid, action text) returns boolean
language plpgsql stable cost 100 as $$
declare
  it record;
  part text := part_of_action(action);
begin
  select p.partner_id, s.kind, p.partner_id is not distinct from s.partner_id and not p.guest as theirs,
      p.removed_at is null and not p.pending as here, s.talks, usable_modules(o.modules, p.modules) as modules
    into it
    from subjects s
      join people p on p.organization_id = s.organization_id and p.id = person
      join organizations o on o.id = s.organization_id
    where s.organization_id = organization and s.id = subject;
  if not found then return false; end if;
  if it.partner_id is null or it.kind not in ('shared_folder', 'project', 'task', 'event') then return true; end if;
  if not it.theirs or not it.here or (part = 'comments' and not it.talks) then return false; end if;
  if it.kind = 'shared_folder' then return coalesce('files' = any (it.modules), true); end if;
  if it.kind = 'project' and part is not null then
    perform from projects j where j.organization_id = organization and j.id = subject and part = any (j.shown);
    if not found then return false; end if;
  end if;
  if coalesce('projects' = any (it.modules), true) then return true; end if;
  perform from participants x
    where x.organization_id = organization and x.subject_id = subject and x.person_id = person;
  return found;
end $$;
