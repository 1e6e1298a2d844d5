-- A person's data, erased on request: all that one user was in an organization.
create table erasures (
  organization_id uuid not null references organizations,
  id uuid not null,
  erased_by uuid not null,
  -- What is looked for, until the job is done: then it is forgotten. `names` grows by earlier ones.
  current_name text not null,
  names text[] not null,
  addresses text[] not null,
  -- The bytes of their photos.
  photos text[] not null,
  -- What stands in its place.
  replacement_name text not null,
  replacement_address text not null,
  -- How far the job is: its step, and the key of the last row that was looked at.
  step text not null default '',
  after_key text[] not null default '{}',
  -- How many rows were changed or deleted, by table.
  counts jsonb not null default '{}',
  -- The way to sign in stays, since it opens another organization, too.
  account_kept boolean not null,
  -- Somebody else bears the same name, so that it stays in what others wrote.
  name_shared boolean not null,
  activity_id uuid not null,
  -- The email that it is done, while it bears the person's address.
  email_id uuid,
  started_at timestamptz not null default app_now(),
  finished_at timestamptz,
  primary key (organization_id, id),
  foreign key (organization_id, erased_by) references people (organization_id, id),
  foreign key (organization_id, activity_id) references activities (organization_id, id),
  foreign key (organization_id, email_id) references emails (organization_id, id)
);
create index erasures_told on erasures (organization_id) where email_id is not null;
-- Only owners and admins are shown it, which the database can't tell from others of the staff.
call secure('{erasures}', 'is_system()');

-- `erasure_asked_at`: when they last asked to have their data erased.
alter table people add column erasure_id uuid, add column erasure_asked_at timestamptz,
  add foreign key (organization_id, erasure_id) references erasures (organization_id, id);
create index people_erased on people (organization_id, erasure_id) where erasure_id is not null;
create index people_asking on people (organization_id, erasure_asked_at desc) where erasure_asked_at is not null;

-- All that the user of a person is in an organization.
create function people_of(organization uuid, person uuid) returns uuid[] language plpgsql stable as $$
begin
  return array(
    select p.id from people p
    where p.organization_id = organization and p.user_id = (
      select w.user_id from people w where w.organization_id = organization and w.id = person)
    order by p.id);
end $$;

-- While an erasure is under way in its organization, names and addresses may be replaced in the columns that a table's
-- trigger names. All else, and deleting, stays refused; tables whose triggers name none never change.
create or replace function refuse_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and tg_nargs > 0 and is_system()
    and current_setting('app.erasing', true) = new.organization_id::text
    and to_jsonb(new) - tg_argv = to_jsonb(old) - tg_argv then
    return new;
  end if;
  raise exception '% is append-only', tg_table_name;
end $$;
drop trigger append_only on activities;
create trigger append_only before update or delete on activities
  for each row execute function refuse_change('details');
drop trigger append_only on security_events;
create trigger append_only before update or delete on security_events
  for each row execute function refuse_change('remote_ip', 'user_agent', 'detail');
