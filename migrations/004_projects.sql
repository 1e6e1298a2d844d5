-- What documents of several types, customers and vendors belong to.
create table projects (
  organization_id uuid not null references organizations,
  id uuid not null,
  key text not null check (key ~ '^[A-Z0-9][A-Z0-9-]{0,19}$'),
  name text not null check (name <> ''),
  state text not null default 'open',
  partner_id uuid not null,
  created_at timestamptz not null default app_now(),
  primary key (organization_id, id),
  unique (organization_id, key),
  foreign key (organization_id, id) references subjects (organization_id, id),
  foreign key (organization_id, partner_id) references partners (organization_id, id)
);

create index on projects (organization_id, partner_id, id);

-- Its row in `subjects` is written with it, so that the two never disagree.
create function add_project_subject() returns trigger language plpgsql as $$
begin
  insert into subjects (organization_id, id, kind, number, title, state, partner_id, visible_to, created_at)
    values (new.organization_id, new.id, 'project', new.key, new.name, new.state, new.partner_id, 'both',
      new.created_at);
  return new;
end $$;
create trigger subject_added before insert on projects for each row execute function add_project_subject();

create function change_project_subject() returns trigger language plpgsql as $$
begin
  update subjects set number = new.key, title = new.name, state = new.state, partner_id = new.partner_id
    where organization_id = new.organization_id and id = new.id;
  return null;
end $$;
create trigger subject_changed after update of key, name, state, partner_id on projects
  for each row execute function change_project_subject();

-- A vendor with a document in a project sees its name on that document's page, but not its conversation.
create function has_document_in(project uuid) returns boolean language plpgsql stable cost 100 as $$
begin
  -- The first from this project on, so that it is looked up by the partner, not among all documents of the project.
  return project = (
    select d.project_id from documents d
    where d.organization_id = app_organization() and d.partner_id = app_partner() and d.project_id >= project
    order by d.project_id limit 1);
end $$;

call secure('{projects}', 'is_internal() or may_see(id, partner_id, ''both'') or has_document_in(id)');
