-- What late payment costs: a yearly rate of interest in percent, which reminders invoice from a step on, and a fee for
-- reminders of a step after the due date.
alter table organizations
  add column late_interest numeric(4, 2) not null default 0 check (late_interest between 0 and 30),
  add column interest_step text not null default 'first' check (interest_step in ('first', 'second', 'final'));

-- Null: as the organization has it. Of its `own`, the rate is here, and the fees are those with its id.
alter table partners
  add column late_charges text check (late_charges in ('own', 'none')),
  add column late_interest numeric(4, 2) not null default 0 check (late_interest between 0 and 30),
  add column interest_step text not null default 'first' check (interest_step in ('first', 'second', 'final'));

-- In minor units. Without a partner: the organization's.
create table late_fees (
  organization_id uuid not null references organizations,
  partner_id uuid,
  step text not null check (step in ('first', 'second', 'final')),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  amount bigint not null check (amount > 0),
  unique nulls not distinct (organization_id, partner_id, step, currency),
  foreign key (organization_id, partner_id) references partners (organization_id, id)
);
call secure('{late_fees}', 'is_internal()');

-- An invoice for the late payment of the one it was made from. It is never charged for itself.
alter table documents
  add column late_charge boolean not null default false,
  add check (not late_charge or origin_id is not null);

-- What such an invoice charges: the fee of a day of the reminder plan, once for each invoice; and interest for the nights
-- from a day until another, none of them twice.
create table late_charges (
  organization_id uuid not null references organizations,
  charge_id uuid not null,
  document_id uuid not null,
  reminder_day smallint not null,
  fee bigint not null check (fee >= 0),
  interest bigint not null check (interest >= 0),
  interest_from date,
  interest_until date check (interest_until > interest_from),
  primary key (organization_id, charge_id),
  foreign key (organization_id, charge_id) references documents (organization_id, id),
  foreign key (organization_id, document_id) references documents (organization_id, id),
  check (fee + interest > 0),
  check ((interest > 0) = (interest_from is not null and interest_until is not null))
);
create unique index fee_once on late_charges (organization_id, document_id, reminder_day) where fee > 0;
create unique index interest_once on late_charges (organization_id, document_id, interest_from) where interest > 0;
create index on late_charges (organization_id, document_id, interest_until);
create trigger append_only before update or delete on late_charges for each row execute function refuse_change();
call secure('{late_charges}', 'is_internal()');
