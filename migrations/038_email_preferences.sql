-- Which emails a person wants, how often and when; without a row everything comes right away. Hours are those of the
-- person's time zone.
create table email_preferences (
  organization_id uuid not null references organizations,
  person_id uuid not null,
  -- By kind: 'now', 'daily', 'weekly' or 'portal'. A kind that is left out comes right away.
  rhythms jsonb not null default '{}',
  daily_hour smallint not null default 8 check (daily_hour between 0 and 23),
  workdays_only boolean not null default false,
  -- 1: Monday.
  weekly_day smallint not null default 1 check (weekly_day between 1 and 7),
  weekly_hour smallint not null default 8 check (weekly_hour between 0 and 23),
  quiet_from smallint check (quiet_from between 0 and 23),
  quiet_to smallint check (quiet_to between 0 and 23),
  primary key (organization_id, person_id),
  foreign key (organization_id, person_id) references people (organization_id, id),
  check ((quiet_from is null) = (quiet_to is null) and quiet_from <> quiet_to)
);
call secure('{email_preferences}', 'is_system() or person_id = app_person()', writes => 'true');

-- A summary tells at its hour of what was gathered for it: emails that were not sent, merged into it.
alter table emails add column due_at timestamptz;
create unique index emails_summaries on emails (organization_id, person_id, due_at) where kind = 'summary';
