-- What an accountant's program has to know of an organization. Without a row: the chart of its language.
create table accounting (
  organization_id uuid primary key references organizations,
  chart text not null check (chart in ('us', 'skr03', 'skr04')),
  -- Numbers that DATEV knows the tax adviser and their client by.
  consultant_number text not null default '' check (consultant_number ~ '^[0-9]{0,7}$'),
  client_number text not null default '' check (client_number ~ '^[0-9]{0,5}$'),
  -- The month in which its year begins.
  first_month smallint not null default 1 check (first_month between 1 and 12)
);
call secure('{accounting}', 'is_internal()');

-- The accounts that it books on, where they are others than those of its chart.
create table booking_accounts (
  organization_id uuid not null references organizations,
  purpose text not null,
  -- Of sales and purchases, which tax: name and percentage. '': all others.
  tax text not null default '',
  account text not null check (account ~ '^[0-9A-Za-z.:-]{1,12}$'),
  -- Where the tax is booked; '': as the chart has it.
  tax_account text not null default '' check (tax_account ~ '^[0-9A-Za-z.:-]{0,12}$'),
  -- DATEV's key of the tax; '': the account itself knows.
  tax_key text not null default '' check (tax_key ~ '^[0-9]{0,4}$'),
  primary key (organization_id, purpose, tax)
);
call secure('{booking_accounts}', 'is_internal()');

-- The accounts of partners: customers' from 10000 on, vendors' from 70000, as DATEV has them.
alter table partners
  add column debtor_number integer check (debtor_number between 10000 and 69999),
  add column creditor_number integer check (creditor_number between 70000 and 99999);
alter table partners no force row level security;
update partners p set
  debtor_number = case when is_customer and debtor < 60000 then 10000 + debtor end,
  creditor_number = case when is_vendor and creditor < 30000 then 70000 + creditor end
from (
  select organization_id, id,
    count(*) filter (where is_customer) over (partition by organization_id order by id) - 1 as debtor,
    count(*) filter (where is_vendor) over (partition by organization_id order by id) - 1 as creditor
  from partners) n
where n.organization_id = p.organization_id and n.id = p.id;
alter table partners force row level security;
create unique index on partners (organization_id, debtor_number) where debtor_number is not null;
create unique index on partners (organization_id, creditor_number) where creditor_number is not null;

-- The next ones: two that are added at once wait for each other.
create function number_partner() returns trigger language plpgsql as $$
begin
  if (new.is_customer and new.debtor_number is null) or (new.is_vendor and new.creditor_number is null) then
    perform from organizations o where o.id = new.organization_id for no key update;
  end if;
  if new.is_customer and new.debtor_number is null then
    select coalesce(max(p.debtor_number), 9999) + 1 into new.debtor_number from partners p
      where p.organization_id = new.organization_id and p.debtor_number is not null;
    if new.debtor_number > 69999 then new.debtor_number := null; end if;
  end if;
  if new.is_vendor and new.creditor_number is null then
    select coalesce(max(p.creditor_number), 69999) + 1 into new.creditor_number from partners p
      where p.organization_id = new.organization_id and p.creditor_number is not null;
    if new.creditor_number > 99999 then new.creditor_number := null; end if;
  end if;
  return new;
end $$;
create trigger numbered before insert or update of is_customer, is_vendor, debtor_number, creditor_number
  on partners
  for each row execute function number_partner();

-- Its bookings in a currency, day after day.
create index on ledger_entries (organization_id, currency, created_at, id);
