-- Cards and accounts that a partner's contacts stored at a gateway: what it calls them, and how to name them.
create table payment_methods (
  organization_id uuid not null references organizations,
  id uuid not null,
  partner_id uuid not null,
  -- Who stored it.
  person_id uuid not null,
  gateway text not null,
  -- Of which of the gateway's accounts, in which mode: another one can't charge it. '': it has no accounts.
  account text not null default '',
  -- What the gateway calls it.
  reference text not null,
  method text not null,
  brand text not null,
  last_four text not null check (length(last_four) <= 4),
  -- A month; null: it doesn't expire.
  expires text check (expires ~ '^\d{4}-(0[1-9]|1[0-2])$'),
  is_default boolean not null default false,
  created_at timestamptz not null default app_now(),
  removed_at timestamptz,
  primary key (organization_id, id),
  unique (organization_id, gateway, reference),
  check (not is_default or removed_at is null),
  foreign key (organization_id, partner_id) references partners (organization_id, id),
  foreign key (organization_id, person_id) references people (organization_id, id)
);
create index on payment_methods (organization_id, partner_id, id) where removed_at is null;
create unique index one_default_method on payment_methods (organization_id, partner_id) where is_default;
create index on payment_methods (organization_id, person_id);

-- The forms of gateways on which somebody stores a method without a payment. `method`: card or bank debit.
create table method_setups (
  organization_id uuid not null references organizations,
  id uuid not null,
  partner_id uuid not null,
  person_id uuid not null,
  gateway text not null,
  method text not null,
  created_at timestamptz not null default app_now(),
  primary key (organization_id, id),
  foreign key (organization_id, partner_id) references partners (organization_id, id),
  foreign key (organization_id, person_id) references people (organization_id, id)
);
create index on method_setups (organization_id, partner_id);
create index on method_setups (organization_id, person_id);

-- Of a partner's contacts, those who may pay and see what their company owes as a whole.
create function sees_methods(partner uuid) returns boolean language plpgsql stable cost 100 as $$
begin
  if not sees_sums(partner) then return false; end if;
  if app_side() <> 'partner' then return true; end if;
  perform from people p where p.organization_id = app_organization() and p.id = app_person()
    and p.role in ('manager', 'member', 'accountant') and p.removed_at is null;
  return found;
end $$;
call secure('{payment_methods}', 'sees_methods(partner_id)');
call secure('{method_setups}', 'is_system()');

alter table payments
  -- The stored method that a payment charges.
  add column stored_id uuid,
  -- Its payer wants to keep the method that they type on the gateway's page.
  add column store boolean not null default false,
  add foreign key (organization_id, stored_id) references payment_methods (organization_id, id);
create index on payments (organization_id, stored_id) where stored_id is not null;

-- How an organization is paid online, as far as its gateway takes that; an invoice may leave some of it out.
alter table organizations add column online_methods text[] not null default '{card,bank_debit}'
  check (online_methods <@ '{card,bank_debit}');
alter table documents
  add column card_allowed boolean not null default true,
  add column bank_debit_allowed boolean not null default true;
-- Debits of a bank account can be taken back for weeks: staff allow them for each customer.
alter table partners add column bank_debit_allowed boolean not null default false;

alter table payments no force row level security;
alter table partners no force row level security;
update partners p set bank_debit_allowed = true
  where (p.organization_id, p.id) in (select organization_id, partner_id from payments where method = 'bank_debit');
alter table payments force row level security;
alter table partners force row level security;

-- Which of an organization's methods can be chosen.
create function methods_offered(organization text[], card boolean, bank_debit boolean) returns text[]
language sql immutable
  return array(select m from unnest(organization) m where case m when 'card' then card else bank_debit end);
