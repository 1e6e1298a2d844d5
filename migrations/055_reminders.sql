-- What an organization writes in its payment reminders, in place of our own words. An empty language: for all readers
-- who have no words in theirs.
create table reminder_texts (
  organization_id uuid not null references organizations,
  step text not null check (step in ('before', 'on', 'first', 'second', 'final')),
  language text not null check (language = '' or language ~ '^[a-z]{2}$'),
  body text not null check (body <> ''),
  primary key (organization_id, step, language)
);
call secure('{reminder_texts}', 'is_internal()');

-- The day of the last payment reminder: a customer gets one a day, about all that is due.
alter table partners add column reminded_on date;

-- Somebody of the partner doesn’t agree with it, until staff have answered. Nobody is reminded meanwhile.
alter table documents
  add column disputed_on date,
  add column disputed_by uuid,
  add check ((disputed_on is null) = (disputed_by is null)),
  add foreign key (organization_id, disputed_by) references people (organization_id, id);

create trigger check_disputed after update of disputed_on on documents
  for each row when (old.disputed_on is distinct from new.disputed_on)
  execute function check_document_soon();

-- Statements of account by email: by staff, or on the first of the month by themselves, each period once.
alter table organizations add column monthly_statements boolean not null default false;
-- Null: as the organization has it.
alter table partners add column monthly_statements boolean;

create table statement_emails (
  organization_id uuid not null references organizations,
  id uuid not null,
  partner_id uuid not null,
  from_on date not null,
  to_on date not null check (to_on >= from_on),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  message text not null default '',
  -- Null: by itself.
  sent_by uuid,
  created_at timestamptz not null default app_now(),
  primary key (organization_id, id),
  foreign key (organization_id, partner_id) references partners (organization_id, id),
  foreign key (organization_id, sent_by) references people (organization_id, id)
);
create unique index statement_once on statement_emails (organization_id, partner_id, currency, from_on, to_on)
  where sent_by is null;
create index on statement_emails (organization_id, sent_by) where sent_by is not null;
call secure('{statement_emails}', 'is_internal()');
call allow_value('emails', 'kind', 'statement');
