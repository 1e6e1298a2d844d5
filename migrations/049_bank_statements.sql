-- Statements of the organization's own bank accounts, imported by staff: what came in, and which payment it became.
create table bank_statements (
  organization_id uuid not null references organizations,
  id uuid not null,
  name text not null,
  person_id uuid,
  created_at timestamptz not null default app_now(),
  primary key (organization_id, id),
  foreign key (organization_id, person_id) references people (organization_id, id)
);

create table bank_entries (
  organization_id uuid not null references organizations,
  id uuid not null,
  statement_id uuid not null,
  -- The hash of what the bank says of it, so that the same entry of another file is not imported twice.
  key text not null,
  booked_on date not null,
  amount bigint not null check (amount > 0),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  -- As the bank gives them: what the payer wrote, and who that is.
  reference text not null,
  payer text not null,
  state text not null default 'open' check (state in ('open', 'recorded', 'ignored')),
  payment_id uuid,
  decided_by uuid,
  primary key (organization_id, id),
  unique (organization_id, key),
  check ((state = 'recorded') = (payment_id is not null)),
  foreign key (organization_id, statement_id) references bank_statements (organization_id, id),
  foreign key (organization_id, payment_id) references payments (organization_id, id),
  foreign key (organization_id, decided_by) references people (organization_id, id)
);
create index bank_entries_open on bank_entries (organization_id, booked_on desc, id desc) where state = 'open';
create index bank_entries_decided on bank_entries (organization_id, id desc) where state <> 'open';
create index on bank_entries (organization_id, payment_id) where payment_id is not null;
create index on bank_entries (organization_id, statement_id);
create index on bank_entries (organization_id, decided_by) where decided_by is not null;
create index on bank_statements (organization_id, person_id);
-- Invoices that an entry may pay are found by their amount.
create index on open_items (organization_id, currency, amount);
call secure('{bank_statements, bank_entries}', 'is_internal()');
