-- What happens in a project at a time: a meeting, a delivery, a walk-through. It is a subject: of the vendor whose people
-- are invited, or else of the customer, if it is shown to them, or else of staff alone. A customer to whom a vendor's
-- event is shown sees its row, not what staff and vendor write about it, nor who of them comes.
create table events (
  organization_id uuid not null references organizations,
  id uuid not null,
  project_id uuid not null,
  number text not null,
  title text not null check (title <> ''),
  note text not null default '',
  -- Where: an address, a room or a link.
  place text not null default '',
  state text not null default 'proposed' check (state in ('proposed', 'planned', 'canceled')),
  -- Of the staff: who is told of answers.
  organizer_id uuid,
  vendor_id uuid,
  shown boolean not null default true,
  -- The customer who sees it; null: none does. Kept by triggers.
  customer_id uuid,
  -- On clocks in its time zone. Of whole days: midnight of the first and of the last.
  starts_at timestamp not null,
  ends_at timestamp not null,
  time_zone text not null,
  whole_day boolean not null default false,
  -- Again and again, in such steps: until a day, or so many times.
  repeats text check (repeats in ('daily', 'weekly', 'monthly')),
  every integer not null default 1 check (every between 1 and 99),
  until_on date,
  times integer check (times between 2 and 400),
  -- The last day on which it happens.
  last_on date not null,
  -- Of its invitations (RFC 5545): higher with each change of what they say.
  sequence integer not null default 0,
  -- Answers to invitations before this one are about another time.
  asked_sequence integer not null default 0,
  -- Another time that somebody proposes.
  proposed_starts_at timestamp,
  proposed_ends_at timestamp,
  proposed_by uuid,
  changed_at timestamptz not null default app_now(),
  created_at timestamptz not null default app_now(),
  primary key (organization_id, id),
  unique (organization_id, number),
  check (ends_at >= starts_at),
  check (ends_at <= starts_at + interval '31 days'),
  check ((repeats is null) = (until_on is null and times is null)),
  foreign key (organization_id, id) references subjects (organization_id, id),
  foreign key (organization_id, project_id) references projects (organization_id, id),
  foreign key (organization_id, organizer_id) references people (organization_id, id),
  foreign key (organization_id, proposed_by) references people (organization_id, id),
  foreign key (organization_id, vendor_id) references partners (organization_id, id)
);
create index on events (organization_id, project_id);
create index on events (organization_id, last_on);
create index on events (organization_id, vendor_id, last_on) where vendor_id is not null;
create index on events (organization_id, customer_id, last_on) where customer_id is not null;
alter table events alter column organization_id set (n_distinct = 10);
alter table events alter column project_id set (n_distinct = 200);

-- Each time that an event happens: at most 400. What calendars show is read from here by its day, what reminds of it by
-- the moment.
create table event_occurrences (
  organization_id uuid not null references organizations,
  event_id uuid not null,
  project_id uuid not null,
  -- Those of its event, kept by triggers.
  vendor_id uuid,
  customer_id uuid,
  starts_on date not null,
  ends_on date not null,
  begins_at timestamptz not null,
  -- Null: nobody is reminded, or not again.
  remind_at timestamptz,
  primary key (organization_id, event_id, starts_on),
  check (ends_on >= starts_on),
  foreign key (organization_id, event_id) references events (organization_id, id)
);
create index on event_occurrences (organization_id, project_id, starts_on);
create index on event_occurrences (organization_id, starts_on);
create index on event_occurrences (organization_id, vendor_id, starts_on) where vendor_id is not null;
create index on event_occurrences (organization_id, customer_id, starts_on) where customer_id is not null;
create index on event_occurrences (organization_id, remind_at) where remind_at is not null;
alter table event_occurrences alter column organization_id set (n_distinct = 10);
alter table event_occurrences alter column project_id set (n_distinct = 200);
alter table event_occurrences alter column event_id set (n_distinct = -0.2);

-- Who comes: what each person answered last, to the invitation of this sequence.
create table event_answers (
  organization_id uuid not null references organizations,
  event_id uuid not null,
  person_id uuid not null,
  answer text not null check (answer in ('accepted', 'declined', 'tentative')),
  sequence integer not null,
  answered_at timestamptz not null default app_now(),
  primary key (organization_id, event_id, person_id),
  foreign key (organization_id, event_id) references events (organization_id, id),
  foreign key (organization_id, person_id) references people (organization_id, id)
);
create index on event_answers (organization_id, person_id);
alter table event_answers alter column organization_id set (n_distinct = 10);

-- The address at which a person's calendar program reads what they see. Whoever knows its secret is them, for this alone.
create table calendar_feeds (
  organization_id uuid not null references organizations,
  person_id uuid not null,
  user_id uuid not null references users,
  token_hash text not null unique,
  -- Only events that they are invited to.
  only_own boolean not null default false,
  created_at timestamptz not null default app_now(),
  primary key (organization_id, person_id),
  foreign key (organization_id, person_id) references people (organization_id, id)
);

-- Tasks in a calendar, by their day.
create index tasks_due on tasks (organization_id, project_id, due_on) where due_on is not null;

-- Which customer sees an event.
create function set_event_customer() returns trigger language plpgsql as $$
begin
  select case when new.shown and 'calendar' = any (p.shown) then p.partner_id end into new.customer_id
    from projects p where p.organization_id = new.organization_id and p.id = new.project_id;
  return new;
end $$;
create trigger customer_set before insert or update of shown, project_id on events
  for each row execute function set_event_customer();

create function set_customer_of_events() returns trigger language plpgsql as $$
begin
  update events set customer_id = case when shown and 'calendar' = any (new.shown) then new.partner_id end
    where organization_id = new.organization_id and project_id = new.id;
  return null;
end $$;
create trigger events_shown after update of partner_id, shown on projects
  for each row when ((old.partner_id, old.shown) is distinct from (new.partner_id, new.shown))
  execute function set_customer_of_events();

create function set_occurrence_partners() returns trigger language plpgsql as $$
begin
  select e.project_id, e.vendor_id, e.customer_id into new.project_id, new.vendor_id, new.customer_id
    from events e where e.organization_id = new.organization_id and e.id = new.event_id;
  return new;
end $$;
create trigger partners_set before insert on event_occurrences
  for each row execute function set_occurrence_partners();

create function set_partners_of_occurrences() returns trigger language plpgsql as $$
begin
  update event_occurrences set vendor_id = new.vendor_id, customer_id = new.customer_id
    where organization_id = new.organization_id and event_id = new.id;
  return null;
end $$;
create trigger occurrences_shown after update of vendor_id, customer_id, shown on events
  for each row when ((old.vendor_id, old.customer_id) is distinct from (new.vendor_id, new.customer_id))
  execute function set_partners_of_occurrences();

-- Its row in `subjects`.
create function add_event_subject() returns trigger language plpgsql as $$
declare
  partner uuid := coalesce(new.vendor_id, new.customer_id);
begin
  insert into subjects (organization_id, id, kind, number, title, state, partner_id, visible_to, created_at)
    values (new.organization_id, new.id, 'event', new.number, new.title, new.state, partner,
      case when partner is null then 'staff' else 'both' end, new.created_at);
  return new;
end $$;
create trigger subject_added before insert on events for each row execute function add_event_subject();

create function change_event_subject() returns trigger language plpgsql as $$
declare
  partner uuid := coalesce(new.vendor_id, new.customer_id);
begin
  update subjects set title = new.title, state = new.state, partner_id = partner,
      visible_to = case when partner is null then 'staff' else 'both' end
    where organization_id = new.organization_id and id = new.id;
  return null;
end $$;
create trigger subject_changed after update of title, state, vendor_id, customer_id, shown on events
  for each row when ((old.title, old.state, old.vendor_id, old.customer_id)
    is distinct from (new.title, new.state, new.vendor_id, new.customer_id))
  execute function change_event_subject();

create trigger words_added after insert on events for each row execute function index_changed();
create trigger words_changed after update of title, vendor_id, customer_id, shown on events
  for each row when ((old.title, old.vendor_id, old.customer_id) is distinct from (new.title, new.vendor_id, new.customer_id))
  execute function index_changed();

-- Who sees an event: its vendor, and the customer to whom it is shown, by itself or with its project.
create function sees_event(event uuid, project uuid, vendor uuid, customer uuid) returns boolean
language plpgsql stable cost 20 as $$
begin
  return is_internal()
    or may_see(event, vendor, 'both', 'event')
    or may_see(event, customer, 'both', 'event')
    or (app_subjects() is not null and may_see(project, customer, 'both', 'project'));
end $$;
call secure('{events}', 'sees_event(id, project_id, vendor_id, customer_id)');
call secure('{event_occurrences}', 'sees_event(event_id, project_id, vendor_id, customer_id)');
call secure('{event_answers}', 'sees(event_id)');

-- By its secret, or its own person.
call secure('{calendar_feeds}', 'is_system() or person_id = app_person()',
  holder => 'was_shown(token_hash)');
