-- The kind of document that a payment pays, and the day it is listed under: while it is processing, the one on which it
-- was started. Lists are read in the order of these indexes; attempts that were left aren't listed.
alter table payments
  add column kind text not null default '',
  add column day date generated always as (coalesce(paid_on, (created_at at time zone 'UTC')::date)) stored;

create function note_payment_kind() returns trigger language plpgsql as $$
begin
  new.kind := (select d.type from documents d where d.organization_id = new.organization_id and d.id = new.document_id);
  return new;
end $$;

-- What a partner owes, by the kind of document, and how many of them are open.
create table outstanding (
  organization_id uuid not null references organizations,
  partner_id uuid not null,
  kind text not null,
  currency text not null,
  amount bigint not null,
  items integer not null,
  primary key (organization_id, partner_id, kind, currency),
  foreign key (organization_id, partner_id) references partners (organization_id, id)
);

-- A partner's credit by the kind of document that it comes from ('': an overpayment), below zero.
create table credit_kinds (
  organization_id uuid not null references organizations,
  partner_id uuid not null,
  kind text not null,
  currency text not null,
  amount bigint not null,
  primary key (organization_id, partner_id, kind, currency),
  foreign key (organization_id, partner_id) references partners (organization_id, id)
);

-- What these tables must hold, added up.
create view ledger_outstanding with (security_invoker) as
  select i.organization_id, i.partner_id, d.type as kind, i.currency, sum(i.amount)::bigint as amount,
    count(*)::int as items
  from ledger_open_items i join documents d on d.organization_id = i.organization_id and d.id = i.document_id
  group by 1, 2, 3, 4;
create view ledger_credit_kinds with (security_invoker) as
  select e.organization_id, e.partner_id, coalesce(d.type, '') as kind, e.currency, sum(e.amount)::bigint as amount
  from ledger_entries e left join documents d on d.organization_id = e.organization_id and d.id = e.source_id
  where e.document_id is null group by 1, 2, 3, 4;

alter table payments no force row level security;
alter table documents no force row level security;
alter table ledger_entries no force row level security;
update payments p set kind = d.type from documents d
  where d.organization_id = p.organization_id and d.id = p.document_id;
insert into outstanding select * from ledger_outstanding;
insert into credit_kinds select * from ledger_credit_kinds;
alter table payments force row level security;
alter table documents force row level security;
alter table ledger_entries force row level security;

create trigger kind_noted before insert on payments for each row execute function note_payment_kind();
create index payments_by_day on payments (organization_id, kind, day, id) where state not in ('started', 'cancelled');
create index payments_by_amount on payments (organization_id, kind, currency, amount, id)
  where state not in ('started', 'cancelled');
create index partner_payments_by_day on payments (organization_id, partner_id, kind, day, id)
  where state not in ('started', 'cancelled');
create index partner_payments_by_amount on payments (organization_id, partner_id, kind, currency, amount, id)
  where state not in ('started', 'cancelled');

-- As before (013_sums.sql), and with it what its partner owes on documents of its kind.
create or replace function reckon_open_item(organization uuid, document uuid) returns void language plpgsql as $$
declare
  was open_items;
  becomes open_items;
begin
  perform from documents d where d.organization_id = organization and d.id = document for no key update;
  delete from open_items i where i.organization_id = organization and i.document_id = document returning * into was;
  insert into open_items
    select * from ledger_open_items i where i.organization_id = organization and i.document_id = document
    returning * into becomes;
  insert into outstanding as o (organization_id, partner_id, kind, currency, amount, items)
    select d.organization_id, d.partner_id, d.type, d.currency,
      coalesce(becomes.amount, 0) - coalesce(was.amount, 0),
      (becomes.amount is not null)::int - (was.amount is not null)::int
    from documents d
    where d.organization_id = organization and d.id = document and was.amount is distinct from becomes.amount
    on conflict (organization_id, partner_id, kind, currency) do update
      set amount = o.amount + excluded.amount, items = o.items + excluded.items;
  -- Everybody's rows are locked last, and so for the shortest time.
  insert into receivables as r
    select s.organization_id, account_id, basis, day, currency, sum(amount)
    from (
      select * from receivables_of(becomes)
      union all
      select organization_id, account_id, basis, day, currency, -amount from receivables_of(was)) s
    group by 1, 2, 3, 4, 5 having sum(amount) <> 0
    order by account_id = organization, basis, day, currency
    on conflict (organization_id, account_id, basis, day, currency) do update set amount = r.amount + excluded.amount;
end $$;

create or replace function keep_credit() returns trigger language plpgsql as $$
begin
  insert into credits as c (organization_id, partner_id, currency, amount)
    values (new.organization_id, new.partner_id, new.currency, new.amount)
    on conflict (organization_id, partner_id, currency) do update set amount = c.amount + excluded.amount;
  insert into credit_kinds as c (organization_id, partner_id, kind, currency, amount)
    values (new.organization_id, new.partner_id, coalesce((
      select d.type from documents d where d.organization_id = new.organization_id and d.id = new.source_id), ''),
      new.currency, new.amount)
    on conflict (organization_id, partner_id, kind, currency) do update set amount = c.amount + excluded.amount;
  return null;
end $$;

call secure('{credit_kinds}', 'sees_sums(partner_id)');
call secure('{outstanding}', 'sees_sums(partner_id)', 'is_system()');
