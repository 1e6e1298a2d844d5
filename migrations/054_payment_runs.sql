-- Above this total, in minor units of the organization's currency, two people approve a bill; null: one is enough.
alter table organizations add column two_approvals_above bigint check (two_approvals_above >= 0);

alter table documents
  -- The staff who entered it for its partner, since it was last sent: they don't approve it.
  add column entered_by uuid[] not null default '{}',
  -- Who gave the first of two approvals.
  add column approved_by uuid,
  add foreign key (organization_id, approved_by) references people (organization_id, id);
create index on documents (organization_id, approved_by) where approved_by is not null;

-- A vendor's early-payment discount: so many percent if paid within so many days.
alter table partners
  add column discount_percent numeric(7, 4) not null default 0 check (discount_percent between 0 and 100),
  add column discount_days integer not null default 0 check (discount_days between 0 and 365);
-- The same of an approved bill, with its last day.
alter table documents
  add column discount_percent numeric(7, 4) not null default 0 check (discount_percent between 0 and 100),
  add column discount_until date;
call allow_value('ledger_entries', 'kind', 'discount');

-- What is paid by one file to the bank: bills of vendors, from one of the organization's accounts.
create table payment_runs (
  organization_id uuid not null references organizations,
  id uuid not null,
  number integer not null,
  account_id uuid not null,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  pay_on date not null,
  state text not null default 'open' check (state in ('open', 'exported', 'recorded', 'cancelled')),
  format text check (format in ('pain001', 'nacha', 'csv')),
  created_by uuid not null,
  created_at timestamptz not null default app_now(),
  exported_by uuid,
  exported_at timestamptz,
  -- Who recorded or cancelled it.
  ended_by uuid,
  ended_at timestamptz,
  paid_on date,
  primary key (organization_id, id),
  unique (organization_id, number),
  foreign key (organization_id, account_id) references payment_accounts (organization_id, id),
  foreign key (organization_id, created_by) references people (organization_id, id),
  foreign key (organization_id, exported_by) references people (organization_id, id),
  foreign key (organization_id, ended_by) references people (organization_id, id)
);
create index on payment_runs (organization_id, account_id);

create table payment_run_bills (
  organization_id uuid not null references organizations,
  run_id uuid not null,
  document_id uuid not null,
  partner_id uuid not null,
  -- Of its vendor in the run: each has one transfer.
  position integer not null,
  amount bigint not null check (amount > 0),
  discount bigint not null default 0 check (discount >= 0),
  -- Where the vendor is paid. An account never changes, so that a run is refused once another has taken its place.
  bank_account_id uuid not null,
  payment_id uuid,
  -- Until its run is recorded or cancelled: a bill is in one run at a time.
  live boolean not null default true,
  primary key (organization_id, run_id, document_id),
  foreign key (organization_id, run_id) references payment_runs (organization_id, id),
  foreign key (organization_id, document_id) references documents (organization_id, id),
  foreign key (organization_id, partner_id) references partners (organization_id, id),
  foreign key (organization_id, bank_account_id) references bank_accounts (organization_id, id),
  foreign key (organization_id, payment_id) references payments (organization_id, id)
);
create unique index payment_run_once on payment_run_bills (organization_id, document_id) where live;
create index on payment_run_bills (organization_id, document_id);
create index on payment_run_bills (organization_id, partner_id);
create index on payment_run_bills (organization_id, bank_account_id);
create index on payment_run_bills (organization_id, payment_id) where payment_id is not null;
call secure('{payment_runs, payment_run_bills}', 'is_internal()');
-- Bills that are to be paid until a day.
create index documents_to_pay on documents (organization_id, type, state, currency, pay_on, id) where pay_on is not null;
create index documents_of_partner_to_pay on documents (organization_id, partner_id, type, state, pay_on, id)
  where pay_on is not null;
