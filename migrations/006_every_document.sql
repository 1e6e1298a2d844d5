-- Projects: what documents of several types, customers and vendors belong to.
create table projects (
  organization_id uuid not null references organizations,
  id uuid not null,
  key text not null check (key ~ '^[A-Z0-9][A-Z0-9-]{0,19}$'),
  name text not null check (name <> ''),
  partner_id uuid not null,
  created_at timestamptz not null default app_now(),
  primary key (organization_id, id),
  unique (organization_id, key),
  foreign key (organization_id, partner_id) references partners (organization_id, id)
);

-- A request for proposals goes to many vendors, so it has no partner of its own: each vendor has a proposal.
alter table documents
  alter column partner_id drop not null,
  add check (partner_id is not null or type = 'request_for_proposal'),
  -- What it was made from: the order of an invoice, the request of a proposal.
  add column origin_id uuid,
  add foreign key (organization_id, origin_id) references documents (organization_id, id),
  add column project_id uuid,
  add foreign key (organization_id, project_id) references projects (organization_id, id),
  add column delivery_on date,
  add column pay_on date,
  -- The other side's own number: a customer's order number, a vendor's invoice number.
  add column reference text not null default '',
  add column reference_required boolean not null default false,
  add column signature_required boolean not null default false,
  add column tax_included boolean not null default false,
  add column deposit_percent numeric(7, 4) not null default 0 check (deposit_percent between 0 and 100),
  -- What the vendor would rather have: dates, quantities and prices by line, until staff answer.
  add column proposed json,
  -- Where a bill differs from its order.
  add column differences json;
create index on documents (organization_id, origin_id) where origin_id is not null;
create index on documents (organization_id, project_id, id desc) where project_id is not null;
create unique index bill_numbers_once on documents (organization_id, partner_id, lower(reference))
  where type = 'bill' and reference <> '' and state not in ('draft', 'void');

alter table lines
  add column id uuid not null default gen_random_uuid(),
  -- The heading that it stands under.
  add column group_name text not null default '',
  -- The customer ticks it, or picks one of the alternatives of its group.
  add column choice text not null default '' check (choice in ('', 'optional', 'alternative')),
  add column picked boolean not null default true,
  -- A vendor who can't deliver it.
  add column refused boolean not null default false,
  add column delivery_on date,
  -- The line of the origin that it answers.
  add column origin_line uuid,
  add unique (organization_id, document_id, id);

alter table partners add column tolerance_percent numeric(7, 4) not null default 0 check (tolerance_percent between 0 and 100);

-- What a new document of a type begins with.
create table type_defaults (
  organization_id uuid not null references organizations,
  type text not null,
  terms text not null default '',
  note text not null default '',
  primary key (organization_id, type)
);

-- A credit is an entry without a document; it names the credit note or retainer that it comes from.
alter table ledger_entries
  drop constraint ledger_entries_kind_check,
  add constraint ledger_entries_kind_check check (kind in ('charge', 'payment', 'void', 'write_off', 'refund', 'bill', 'credit', 'apply')),
  add column source_id uuid,
  add foreign key (organization_id, source_id) references documents (organization_id, id);
create index on ledger_entries (organization_id, source_id) where source_id is not null;

do $$
declare t text;
begin
  foreach t in array array['projects', 'type_defaults'] loop
    execute format('alter table %I enable row level security; alter table %I force row level security', t, t);
    execute format('create policy internal on %I using (organization_id = app_organization() and is_internal())', t);
  end loop;
end $$;
-- A project is seen by its customer, and by whoever has a document in it.
create policy partner on projects for select using (organization_id = app_organization() and is_partner()
  and (case when every_document() then partner_id = app_partner() else false end
    or exists (select from documents d where d.organization_id = projects.organization_id and d.project_id = projects.id)));

-- Staff do not read what a vendor has not sent; what hangs on it neither.
do $$
declare t text;
begin
  foreach t in array array['lines', 'participants', 'versions'] loop
    execute format('drop policy internal on %I', t);
    execute format('create policy internal on %1$I using (organization_id = app_organization() and is_internal()
      and (app_side() = ''system'' or exists (select from documents d where d.organization_id = %1$I.organization_id and d.id = %1$I.document_id))
      and (every_document() or document_id = any (app_documents())))', t);
  end loop;
end $$;
drop policy internal on files;
create policy internal on files using (
  organization_id = app_organization() and is_internal()
  and (every_document() or document_id = any (app_documents()))
  and (app_side() = 'system' or exists (select from documents d where d.organization_id = files.organization_id and d.id = files.document_id)
    and (comment_id is null or exists (select from comments c where c.organization_id = files.organization_id and c.id = files.comment_id))));

-- Somebody to whom a document was forwarded: sees the documents that they take part in, and no other, until staff make them a contact in full.
alter table people add column guest boolean not null default false;
create policy oneself on participants for select using (exists (
  select from people p where p.organization_id = participants.organization_id and p.id = participants.person_id and p.user_id = app_user()));
