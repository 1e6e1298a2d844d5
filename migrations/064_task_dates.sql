-- What the doer of a task says of its date, and who finished it.
alter table tasks
  -- The due date that its doer agreed to. Another one is not agreed to yet.
  add column confirmed_due_on date,
  -- Another date that its doer asks for, and why; until staff have answered.
  add column proposed_due_on date,
  add column proposed_reason text not null default '',
  add column proposed_by uuid,
  add column done_by uuid,
  add check ((proposed_due_on is null) = (proposed_by is null));
create index tasks_proposed on tasks (organization_id, project_id) where proposed_due_on is not null;

-- Whether a vendor has work in projects, for the menu of its contacts.
alter table partners add column has_work boolean not null default false;
create function note_work(organization uuid, partner uuid) returns void language plpgsql as $$
begin
  update partners set has_work = true
    where organization_id = organization and id = partner and is_vendor and not has_work;
end $$;
create function note_task_work() returns trigger language plpgsql as $$
begin
  perform note_work(new.organization_id, new.vendor_id);
  return null;
end $$;
create trigger work_added after insert on tasks for each row when (new.vendor_id is not null)
  execute function note_task_work();
create trigger work_given after update of vendor_id on tasks
  for each row when (new.vendor_id is not null and new.vendor_id is distinct from old.vendor_id)
  execute function note_task_work();
create function note_document_work() returns trigger language plpgsql as $$
begin
  perform note_work(new.organization_id, new.partner_id);
  return null;
end $$;
create trigger work_added after insert on documents
  for each row when (new.project_id is not null and new.partner_id is not null) execute function note_document_work();
create trigger work_given after update of project_id, partner_id on documents
  for each row when (new.project_id is not null and new.partner_id is not null
    and (new.project_id, new.partner_id) is distinct from (old.project_id, old.partner_id))
  execute function note_document_work();
alter table documents no force row level security;
alter table partners no force row level security;
update partners p set has_work = true where p.is_vendor and exists (
  select from documents d where d.organization_id = p.organization_id and d.partner_id = p.id and d.project_id is not null);
alter table documents force row level security;
alter table partners force row level security;

-- What a partner reads of who did something to a task: their name, or of staff the organization's where the project
-- doesn't show people. `reader`: the partner; null: staff. `author`: null for somebody who isn't known.
create function shown_author(organization uuid, reader uuid, subject uuid, kind text, author uuid, name text)
returns text language plpgsql stable cost 20 as $$
declare
  hidden text;
begin
  if reader is null or kind is distinct from 'task' or name is null then return name; end if;
  select o.name into hidden from tasks t
    join projects j on j.organization_id = t.organization_id and j.id = t.project_id and not 'people' = any (j.shown)
    join organizations o on o.id = t.organization_id
    where t.organization_id = organization and t.id = subject;
  if hidden is null then return name; end if;
  perform from people p where p.organization_id = organization and p.id = author and p.partner_id is not null;
  return case when found then name else hidden end;
end $$;

-- What is still to be done in a project, in its order.
create index tasks_open on tasks (organization_id, project_id, position) where state in ('open', 'started');
