-- What happened at an organization's doors: sign-ins, and wrong codes typed for the address of one of its people.
create table security_events (
  organization_id uuid not null references organizations,
  id uuid not null,
  person_id uuid not null,
  action text not null check (action in ('signed_in', 'wrong_code', 'codes_stopped')),
  remote_ip text not null default '',
  user_agent text not null default '',
  created_at timestamptz not null default now(),
  primary key (organization_id, id),
  foreign key (organization_id, person_id) references people (organization_id, id)
);
create trigger append_only before update or delete on security_events for each row execute function refuse_change();
call secure('{security_events}', 'is_internal() and every_subject()', 'is_system()');

-- To the owner of an address for which wrong codes were typed.
alter table emails drop constraint emails_kind_check;
alter table emails add constraint emails_kind_check check (kind in ('event', 'code', 'answer', 'test', 'alert'));

-- What a person, or others with a document, forwarded in the last day.
create index activities_forwarded on activities (organization_id, subject_id, created_at) where action = 'forward';
create index activities_forwarding on activities (organization_id, person_id, created_at) where action = 'forward';
