-- That a customer lets the invoices of a subscription be charged by a method that it stored. Another takes its place if
-- anything of it changes, so that each says what was agreed, by whom and when.
create table payment_mandates (
  organization_id uuid not null references organizations,
  id uuid not null,
  subscription_id uuid not null,
  partner_id uuid not null,
  -- What is charged, and how it was named.
  method_id uuid not null,
  method text not null,
  brand text not null,
  last_four text not null,
  -- Of one invoice, in minor units.
  max_amount bigint not null check (max_amount > 0),
  currency text not null,
  -- So many days before a charge its invoice says so, at least.
  notice_days smallint not null check (notice_days between 1 and 30),
  -- The sentence they agreed to, in their language.
  words text not null check (words <> ''),
  person_id uuid not null,
  created_at timestamptz not null default app_now(),
  ended_at timestamptz,
  ended_by text check (ended_by in ('replaced', 'customer', 'staff', 'removed', 'expired')),
  primary key (organization_id, id),
  check ((ended_at is null) = (ended_by is null)),
  foreign key (organization_id, subscription_id) references subscriptions (organization_id, id),
  foreign key (organization_id, partner_id) references partners (organization_id, id),
  foreign key (organization_id, method_id) references payment_methods (organization_id, id),
  foreign key (organization_id, person_id) references people (organization_id, id)
);
create unique index one_mandate on payment_mandates (organization_id, subscription_id) where ended_at is null;
create index on payment_mandates (organization_id, subscription_id, id);
create index on payment_mandates (organization_id, method_id) where ended_at is null;
create index on payment_mandates (organization_id, person_id);
create index on payment_mandates (organization_id, partner_id);
call secure('{payment_mandates}', 'sees(subscription_id)');

-- An invoice that is to be charged. What it says of its mandate is for those, too, who see the invoice alone.
create table scheduled_charges (
  organization_id uuid not null references organizations,
  document_id uuid not null,
  subscription_id uuid not null,
  mandate_id uuid not null,
  method text not null,
  brand text not null,
  last_four text not null,
  max_amount bigint not null,
  -- The day of the first try, or of the next.
  charge_on date not null,
  attempts smallint not null default 0,
  -- `tried`: what became of it, its last payment says; `stopped`: it is not charged, because of its cause.
  state text not null default 'scheduled' check (state in ('scheduled', 'tried', 'stopped')),
  cause text check (cause in ('limit', 'dispute', 'promise', 'method', 'mandate', 'settled')),
  primary key (organization_id, document_id),
  check ((state = 'stopped') = (cause is not null)),
  foreign key (organization_id, document_id) references documents (organization_id, id),
  foreign key (organization_id, subscription_id) references subscriptions (organization_id, id),
  foreign key (organization_id, mandate_id) references payment_mandates (organization_id, id)
);
create index on scheduled_charges (organization_id, subscription_id, document_id);
create index on scheduled_charges (organization_id, mandate_id);
call secure('{scheduled_charges}', 'sees(document_id)');

-- Each try with its payment, once.
create table charge_attempts (
  organization_id uuid not null references organizations,
  document_id uuid not null,
  attempt smallint not null check (attempt > 0),
  payment_id uuid not null,
  primary key (organization_id, document_id, attempt),
  unique (organization_id, payment_id),
  foreign key (organization_id, document_id) references scheduled_charges (organization_id, document_id),
  foreign key (organization_id, payment_id) references payments (organization_id, id)
);
call secure('{charge_attempts}', 'sees(document_id)');

-- See 013_sums.sql.
alter table payment_mandates alter column organization_id set (n_distinct = 10);
alter table scheduled_charges alter column organization_id set (n_distinct = 10);
alter table charge_attempts alter column organization_id set (n_distinct = 10);

-- When the clock looks at what is charged of a subscription. Found across organizations, as document_checks is.
create table charge_checks (
  organization_id uuid not null references organizations,
  subscription_id uuid not null,
  check_at timestamptz not null,
  primary key (organization_id, subscription_id)
);
create index charge_checks_due on charge_checks (check_at, organization_id) where check_at < 'infinity';
call secure_table('charge_checks', 'may_check(organization_id)', 'may_check(organization_id)');

create function check_charges_soon() returns trigger language plpgsql as $$
begin
  insert into charge_checks (organization_id, subscription_id, check_at)
    values (new.organization_id, new.subscription_id, '-infinity')
    on conflict (organization_id, subscription_id) do update set check_at = excluded.check_at;
  return null;
end $$;
create trigger check_added after insert on payment_mandates for each row execute function check_charges_soon();
create trigger check_added after insert on scheduled_charges for each row execute function check_charges_soon();
create trigger check_changed after update on scheduled_charges for each row execute function check_charges_soon();

-- A method that is removed ends what is charged by it.
create function check_charges_of_method() returns trigger language plpgsql as $$
begin
  update charge_checks c set check_at = '-infinity' from payment_mandates m
    where m.organization_id = new.organization_id and m.method_id = new.id and m.ended_at is null
      and c.organization_id = m.organization_id and c.subscription_id = m.subscription_id;
  return null;
end $$;
create trigger charges_checked after update of removed_at on payment_methods
  for each row when (old.removed_at is null and new.removed_at is not null)
  execute function check_charges_of_method();
