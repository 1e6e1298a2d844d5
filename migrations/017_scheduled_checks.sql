-- When the clock looks at a document next, since a scheduled action may be due: a reminder, its expiry. Found across
-- organizations, so it holds nothing but keys; all else is read in the document's own organization.
create table document_checks (
  organization_id uuid not null references organizations,
  document_id uuid not null,
  type text not null,
  state text not null,
  check_at timestamptz not null,
  primary key (organization_id, document_id)
);
create index document_checks_due on document_checks (check_at, organization_id) where check_at < 'infinity';

-- The system sees those of all organizations only while it acts in none.
create function may_check(organization uuid) returns boolean language plpgsql stable cost 1 as $$
begin
  return case when app_organization() is null then is_system() else organization = app_organization() and is_internal() end;
end $$;
call secure_table('document_checks', 'may_check(organization_id)', 'may_check(organization_id)');

-- What has changed is looked at by the next tick, whatever the time is by then in a demo or a test.
create function check_document_soon() returns trigger language plpgsql as $$
begin
  insert into document_checks (organization_id, document_id, type, state, check_at)
    values (new.organization_id, new.id, new.type, new.state, '-infinity')
    on conflict (organization_id, document_id) do update set state = excluded.state, check_at = excluded.check_at;
  return null;
end $$;
create trigger check_added after insert on documents for each row execute function check_document_soon();
create trigger check_changed after update of state, due_on, version on documents
  for each row
  when ((old.state, old.due_on, old.version) is distinct from (new.state, new.due_on, new.version))
  execute function check_document_soon();
