-- Where an organization is paid, for its customers to see. An account never changes: another takes its place.
create table payment_accounts (
  organization_id uuid not null references organizations,
  id uuid not null,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  kind text not null check (kind in ('iban', 'us', 'other')),
  holder text not null,
  bank_name text not null,
  country text not null check (country ~ '^[A-Z]{2}$'),
  -- By field. Not sealed: they stand on every invoice.
  numbers jsonb not null,
  entered_by uuid not null,
  created_at timestamptz not null default app_now(),
  ended_by uuid,
  ended_at timestamptz,
  primary key (organization_id, id),
  foreign key (organization_id, entered_by) references people (organization_id, id),
  foreign key (organization_id, ended_by) references people (organization_id, id)
);
create unique index payment_account_once on payment_accounts (organization_id, currency, (numbers ->> 'account'))
  where ended_at is null;
call secure('{payment_accounts}', 'true', writes => 'is_staff()');

-- `name` is what it is called; this is who its customers owe.
alter table organizations add column legal_name text not null default '';
alter table organizations add column tax_kind text not null default 'other'
  check (tax_kind in ('eu_vat', 'ein', 'abn', 'gstin', 'other'));
