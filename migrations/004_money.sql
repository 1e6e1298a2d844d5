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
  state text not null check (state in ('started', 'processing', 'succeeded', 'failed', 'cancelled')),
  failure text not null default '',
  paid_on date,
  created_at timestamptz not null default app_now(),
  primary key (organization_id, id),
  foreign key (organization_id, partner_id) references partners (organization_id, id),
  foreign key (organization_id, document_id) references documents (organization_id, id),
  foreign key (organization_id, person_id) references people (organization_id, id)
);
create index on payments (organization_id, document_id);
create unique index one_live_attempt on payments (organization_id, document_id) where state in ('started', 'processing');

-- What a gateway told us, each once.
create table gateway_events (
  organization_id uuid not null references organizations,
  gateway text not null,
  event_id text not null,
  payload jsonb not null,
  created_at timestamptz not null default app_now(),
  primary key (organization_id, gateway, event_id)
);

-- What a partner owes: a sum of these. Positive: they owe more. Without a document: credit of theirs.
create table ledger_entries (
  organization_id uuid not null references organizations,
  id uuid not null,
  partner_id uuid not null,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  kind text not null check (kind in ('charge', 'payment', 'void', 'write_off', 'refund')),
  document_id uuid,
  payment_id uuid,
  amount bigint not null check (amount <> 0),
  created_at timestamptz not null default app_now(),
  primary key (organization_id, id),
  foreign key (organization_id, partner_id) references partners (organization_id, id),
  foreign key (organization_id, document_id) references documents (organization_id, id),
  foreign key (organization_id, payment_id) references payments (organization_id, id)
);
create index on ledger_entries (organization_id, document_id);
create index on ledger_entries (organization_id, partner_id, currency);
create trigger append_only before update or delete on ledger_entries for each row execute function refuse_change();

do $$
declare t text;
begin
  foreach t in array array['payments', 'gateway_events', 'ledger_entries'] loop
    execute format('alter table %I enable row level security; alter table %I force row level security', t, t);
  end loop;
  create policy internal on gateway_events using (organization_id = app_organization() and is_internal());
  foreach t in array array['payments', 'ledger_entries'] loop
    execute format('create policy internal on %I using (organization_id = app_organization() and is_internal()
      and (every_document() or document_id = any (app_documents())))', t);
    execute format('create policy partner on %1$I for select using (organization_id = app_organization() and is_partner()
      and partner_id = app_partner()
      and case when document_id is null then every_document()
        else exists (select from documents d where d.organization_id = %1$I.organization_id and d.id = %1$I.document_id) end)', t);
  end loop;
end $$;
