-- Members of the staff: invited, limited, away.
alter table people
  -- Invited to the staff, and not there yet: without access until they take the invitation.
  add column pending boolean not null
    generated always as (partner_id is null and invited_at is not null and activated_at is null) stored,
  -- Up to which total they may send documents, and approve bills and award bids: minor units of the organization's
  -- currency. Null: any.
  add column send_limit bigint check (send_limit >= 0),
  add column approve_limit bigint check (approve_limit >= 0),
  add constraint people_limited check (
    (send_limit is null and approve_limit is null) or (partner_id is null and role <> 'owner'));

-- When somebody last signed in.
create index on security_events (organization_id, person_id, id desc) where action = 'signed_in';

-- A member of the staff is away, in the organization's days, and another is their deputy.
create table absences (
  organization_id uuid not null references organizations,
  id uuid not null,
  person_id uuid not null,
  deputy_id uuid not null check (deputy_id <> person_id),
  from_on date not null,
  until_on date not null check (until_on >= from_on),
  -- Whether the person's limits go along, and which those are: the deputy can't read the person's row when they are
  -- identified.
  with_limits boolean not null default false,
  send_limit bigint,
  approve_limit bigint,
  -- Over and told so, or cancelled.
  ended_at timestamptz,
  created_at timestamptz not null default app_now(),
  primary key (organization_id, id),
  foreign key (organization_id, person_id) references people (organization_id, id),
  foreign key (organization_id, deputy_id) references people (organization_id, id)
);
create unique index absences_once on absences (organization_id, person_id) where ended_at is null;
create index absences_open on absences (organization_id, deputy_id) where ended_at is null;
call secure(
  '{absences}',
  'is_internal() and every_subject()',
  holder => 'is_own_person(organization_id, deputy_id)'
);

-- The absences in effect on the organization's day, and those for which this person is the deputy.
create function absences_today(organization uuid) returns setof absences language sql stable as $$
  select b.* from organizations o join absences b on b.organization_id = o.id
  where o.id = organization and b.ended_at is null
    and (app_now() at time zone o.time_zone)::date between b.from_on and b.until_on
$$;
create function deputizing(organization uuid, deputy uuid) returns setof absences language sql stable as $$
  select b.* from absences b join organizations o on o.id = b.organization_id
  where b.organization_id = organization and b.deputy_id = deputy and b.ended_at is null
    and (app_now() at time zone o.time_zone)::date between b.from_on and b.until_on
$$;

-- For whom somebody acts on a subject: a member who is away and takes part in it, as they don't themselves.
create function acting_for(organization uuid, person uuid, subject uuid) returns uuid language sql stable as $$
  select b.person_id from deputizing(organization, person) b
  join participants x on x.organization_id = organization and x.subject_id = subject and x.person_id = b.person_id
  where not exists (
    select from participants y
    where y.organization_id = organization and y.subject_id = subject and y.person_id = person)
  order by b.id limit 1
$$;

-- Whoever acts as a deputy is recorded as that, with the name as it was.
create function record_deputy() returns trigger language plpgsql as $$
declare
  absent uuid;
begin
  if new.side = 'staff' and new.subject_id is not null then
    absent := acting_for(new.organization_id, new.person_id, new.subject_id);
    if absent is not null then
      new.details := new.details || jsonb_build_object('for_id', absent, 'for', (
        select name from people where organization_id = new.organization_id and id = absent));
    end if;
  end if;
  return new;
end $$;
create trigger deputies before insert on activities for each row execute function record_deputy();
create index activities_for on activities (organization_id, id) where details -> 'for_id' is not null;
