-- A payment pays one document or several: a part for each. Beside the money, a part may use the partner's credit, which
-- is applied once the money has arrived.
create table payment_parts (
  organization_id uuid not null references organizations,
  payment_id uuid not null,
  document_id uuid not null,
  partner_id uuid not null,
  -- The document's.
  kind text not null,
  amount bigint not null check (amount >= 0),
  -- The act that moves it moves the payment, too; all parts of a payment are moved in one transaction.
  state text not null default 'started'
    check (state in ('started', 'processing', 'succeeded', 'failed', 'cancelled', 'reversed')),
  primary key (organization_id, payment_id, document_id),
  foreign key (organization_id, payment_id) references payments (organization_id, id),
  foreign key (organization_id, document_id) references documents (organization_id, id),
  foreign key (organization_id, partner_id) references partners (organization_id, id)
);

-- Which credit a part uses. `source_id`: the credit note or retainer; null: an overpayment.
create table payment_credits (
  organization_id uuid not null references organizations,
  id uuid not null,
  payment_id uuid not null,
  document_id uuid not null,
  source_id uuid,
  amount bigint not null check (amount > 0),
  primary key (organization_id, id),
  foreign key (organization_id, payment_id, document_id)
    references payment_parts (organization_id, payment_id, document_id),
  foreign key (organization_id, source_id) references documents (organization_id, id)
);
create index on payment_credits (organization_id, payment_id, document_id);
create index on payment_credits (organization_id, source_id) where source_id is not null;
-- What is left of a partner's credit: few of all entries are of credit.
create index on ledger_entries (organization_id, partner_id, currency, source_id) where document_id is null;

alter table payments no force row level security;
alter table documents no force row level security;
insert into payment_parts
  select p.organization_id, p.id, p.document_id, p.partner_id, p.kind, p.amount, p.state from payments p;
alter table payments force row level security;
alter table documents force row level security;

alter table payment_parts alter column organization_id set (n_distinct = 10);
create index on payment_parts (organization_id, document_id);
-- What is on its way, of which credit may be used.
create index on payment_parts (organization_id, partner_id) where state = 'processing';
create unique index one_live_part on payment_parts (organization_id, document_id)
  where state in ('started', 'processing');

drop trigger kind_noted on payments;
drop function note_payment_kind();
drop policy reading on payments;
drop policy adding on payments;
drop policy changing on payments;
drop policy removing on payments;
drop index one_live_attempt;
alter table payments
  drop column document_id,
  -- What the gateway calls it.
  add column gateway_reference text not null default '';
-- It grows with each part. `kind`: of the document that it was begun on.
alter table payments drop constraint payments_amount_check, add check (amount >= 0);
create unique index on payments (organization_id, gateway, gateway_reference) where gateway_reference <> '';

create function note_part() returns trigger language plpgsql as $$
begin
  select d.type, d.partner_id into strict new.kind, new.partner_id
    from documents d where d.organization_id = new.organization_id and d.id = new.document_id;
  return new;
end $$;
create trigger part_noted before insert on payment_parts for each row execute function note_part();

-- Whether its reader sees a document that this payment pays.
create function sees_part(payment uuid) returns boolean language plpgsql stable cost 100 as $$
begin
  if app_side() in ('staff', 'system') and app_subjects() is null then return true; end if;
  perform from payment_parts p where p.organization_id = app_organization() and p.payment_id = payment limit 1;
  return found;
end $$;

call secure('{payment_parts}', 'may_see(document_id, partner_id, ''both'', kind)');
call secure('{payments}', 'sees_part(id)');
call secure('{payment_credits}', 'sees(document_id)');

-- Money that was paid back: by the gateway that it came through, or by staff.
create table refunds (
  organization_id uuid not null references organizations,
  id uuid not null,
  payment_id uuid not null,
  document_id uuid not null,
  person_id uuid,
  amount bigint not null check (amount > 0),
  state text not null check (state in ('asked', 'succeeded', 'failed')),
  reason text not null,
  -- What is paid back is to be paid again.
  reopen boolean not null,
  failure text not null default '',
  gateway_reference text not null default '',
  created_at timestamptz not null default app_now(),
  primary key (organization_id, id),
  foreign key (organization_id, payment_id, document_id)
    references payment_parts (organization_id, payment_id, document_id),
  foreign key (organization_id, person_id) references people (organization_id, id)
);
create index on refunds (organization_id, payment_id, document_id);
create index on refunds (organization_id, person_id, id) where person_id is not null;
create index on refunds (organization_id, id) where state = 'asked';
call secure('{refunds}', 'sees(document_id)');
