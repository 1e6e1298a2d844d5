-- Where a partner is paid, one account for each currency. An account never changes: another takes its place.
create table bank_accounts (
  organization_id uuid not null references organizations,
  id uuid not null,
  partner_id uuid not null,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  kind text not null check (kind in ('iban', 'us', 'other')),
  holder text not null,
  bank_name text not null,
  country text not null check (country ~ '^[A-Z]{2}$'),
  last_four text not null check (length(last_four) <= 4),
  entered_by uuid not null,
  created_at timestamptz not null default app_now(),
  confirmed_by uuid,
  confirmed_at timestamptz,
  ended_at timestamptz,
  primary key (organization_id, id),
  foreign key (organization_id, partner_id) references partners (organization_id, id),
  foreign key (organization_id, entered_by) references people (organization_id, id),
  foreign key (organization_id, confirmed_by) references people (organization_id, id)
);
create unique index bank_account_once on bank_accounts (organization_id, partner_id, currency) where ended_at is null;

-- Its numbers, sealed under BANK_DETAILS_KEY and bound to the account. Read only to be shown, or to be sealed anew.
create table bank_account_numbers (
  organization_id uuid not null references organizations,
  account_id uuid not null,
  sealed bytea not null,
  -- Tells under which key.
  key_fingerprint text not null,
  primary key (organization_id, account_id),
  foreign key (organization_id, account_id) references bank_accounts (organization_id, id)
);
create index on bank_account_numbers (organization_id, key_fingerprint);

call secure('{bank_accounts}', 'sees_profile(partner_id)');
call secure('{bank_account_numbers}', 'is_system()');

-- When a code was last typed in this session.
alter table sessions add column code_typed_at timestamptz;

call allow_value('security_events', 'action', 'bank_details_shown');
call allow_value('security_events', 'action', 'bank_details_changed');

-- A message of a partner that speaks of other bank details.
alter table comments add column asks_bank_change boolean not null default false;
-- What staff who pay are warned of: other bank details, and messages that ask for such.
create index activities_bank on activities (organization_id, partner_id, created_at desc)
  where action in ('change_bank_account', 'remove_bank_account', 'ask_bank_change');
-- Who had numbers shown just now.
create index activities_bank_shown on activities (organization_id, person_id, created_at)
  where action = 'show_bank_account';
