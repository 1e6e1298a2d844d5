create table payments (
  organization_id uuid not null references organizations,
  id uuid not null,
  partner_id uuid not null,
  document_id uuid not null,
  person_id uuid,
  amount bigint not null check (amount > 0),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  method text not null,
  gateway text not null,
  reference text not null default '',
  state text not null check (state in ('started', 'processing', 'succeeded', 'failed', 'cancelled', 'reversed')),
  -- Why it failed or was reversed.
  failure text not null default '',
  paid_on date,
  created_at timestamptz not null default app_now(),
  primary key (organization_id, id),
  foreign key (organization_id, partner_id) references partners (organization_id, id),
  foreign key (organization_id, document_id) references documents (organization_id, id),
  foreign key (organization_id, person_id) references people (organization_id, id)
);
create index on payments (organization_id, document_id);
create unique index one_live_attempt on payments (organization_id, document_id)
  where state in ('started', 'processing');

-- The events that a gateway sent, each once.
create table gateway_events (
  organization_id uuid not null references organizations,
  gateway text not null,
  event_id text not null,
  payload jsonb not null,
  created_at timestamptz not null default app_now(),
  primary key (organization_id, gateway, event_id)
);

-- A partner's balance is the sum of these. Positive: they owe more.
create table ledger_entries (
  organization_id uuid not null references organizations,
  id uuid not null,
  partner_id uuid not null,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  kind text not null check (kind in ('charge', 'payment', 'void', 'write_off', 'refund', 'bill', 'credit', 'apply', 'reversal')),
  -- Null for a credit, which names the credit note or retainer that it comes from as its source.
  document_id uuid,
  source_id uuid,
  payment_id uuid,
  amount bigint not null check (amount <> 0),
  created_at timestamptz not null default app_now(),
  primary key (organization_id, id),
  foreign key (organization_id, partner_id) references partners (organization_id, id),
  foreign key (organization_id, document_id) references documents (organization_id, id),
  foreign key (organization_id, source_id) references documents (organization_id, id),
  foreign key (organization_id, payment_id) references payments (organization_id, id)
);
create index on ledger_entries (organization_id, document_id);
create index on ledger_entries (organization_id, source_id) where source_id is not null;
create index on ledger_entries (organization_id, payment_id) where payment_id is not null;
create index on ledger_entries (organization_id, partner_id, currency);
create trigger append_only before update or delete on ledger_entries for each row execute function refuse_change();

-- Only what was sent is owed or paid, and always by its document's partner: their own columns decide.
call secure('{payments, ledger_entries}', 'may_see(document_id, partner_id, ''both'')');
call secure('{gateway_events}', 'is_internal()');
