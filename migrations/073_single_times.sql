-- One time of a series that is moved, canceled or answered by itself. What it was stays its name: `original_on`.
alter table event_occurrences
  -- The day of this time in its series.
  add column original_on date,
  -- Of one that was moved by itself: on clocks in the event's time zone.
  add column starts_at timestamp,
  add column ends_at timestamp,
  add column canceled boolean not null default false,
  -- Of the last invitation to it alone; null: it is as its series says. Answers before it are about another time.
  add column sequence integer,
  add check ((starts_at is null) = (ends_at is null)),
  add check (ends_at >= starts_at),
  add check (sequence is not null or (starts_at is null and not canceled));
update event_occurrences set original_on = starts_on;
alter table event_occurrences
  alter column original_on set not null,
  drop constraint event_occurrences_pkey,
  add primary key (organization_id, event_id, original_on);
create index on event_occurrences (organization_id, event_id) where sequence is not null;

-- Null: to all of the event; else to that time of it alone.
alter table event_answers add column original_on date;
alter table event_answers drop constraint event_answers_pkey;
create unique index event_answers_key on event_answers (organization_id, event_id, person_id, original_on)
  nulls not distinct;

-- The time of a series that is proposed to be moved; null: all of them.
alter table events add column proposed_on date;

-- A calendar's address is for whoever made it: it ends when its person leaves, or is somebody else from now on.
create function end_calendar_feed() returns trigger language plpgsql as $$
declare
  side text := current_setting('app.side', true);
begin
  -- Staff, who change people, don't see anybody's address.
  perform set_config('app.side', 'system', true);
  delete from calendar_feeds where organization_id = new.organization_id and person_id = new.id;
  perform set_config('app.side', side, true);
  return null;
end $$;
create trigger calendar_feed_ended after update of user_id, removed_at on people
  for each row when (old.user_id <> new.user_id or (old.removed_at is null and new.removed_at is not null))
  execute function end_calendar_feed();
