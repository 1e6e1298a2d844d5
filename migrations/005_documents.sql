-- How many digits a currency has after the point: as `currencyDigits` of Node says, which a test compares.
create function currency_digits(currency text) returns smallint language sql immutable
  return case
    when currency in ('AFN', 'ALL', 'BIF', 'CLP', 'COP', 'DJF', 'GNF', 'HUF', 'IDR', 'IQD', 'IRR', 'ISK', 'JPY', 'KMF',
      'KPW', 'KRW', 'LAK', 'LBP', 'MGA', 'MMK', 'PKR', 'PYG', 'RWF', 'SLL', 'SOS', 'SYP', 'UGX', 'VND', 'VUV', 'XAF',
      'XOF', 'XPF', 'YER') then 0
    when currency in ('BHD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND') then 3
    else 2 end;

create table documents (
  organization_id uuid not null references organizations,
  id uuid not null,
  type text not null,
  number text,
  state text not null,
  started_by text not null check (started_by in ('staff', 'partner')),
  -- Null for a request for proposal, which goes to several vendors: each of them has a proposal.
  partner_id uuid,
  -- What it was made from: the order of an invoice, the request of a proposal.
  origin_id uuid,
  project_id uuid,
  title text not null default '',
  -- The other side's own number: a customer's order number, a vendor's invoice number.
  reference text not null default '',
  reference_key text not null generated always as (lower(reference)) stored,
  reference_required boolean not null default false,
  signature_required boolean not null default false,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  issued_on date not null,
  due_on date,
  delivery_on date,
  pay_on date,
  terms text not null default '',
  note text not null default '',
  partial_payments boolean not null default false,
  tax_included boolean not null default false,
  deposit_percent numeric(7, 4) not null default 0 check (deposit_percent between 0 and 100),
  subtotal bigint not null default 0,
  tax bigint not null default 0,
  total bigint not null default 0,
  -- Of its currency, after the point: amounts of currencies that have as many compare in minor units.
  digits smallint not null generated always as (currency_digits(currency)) stored,
  -- What a vendor would rather have: dates, quantities and prices by line, until staff answer.
  proposed json,
  -- Where a bill differs from its order.
  differences json,
  -- Of an order: what its bills or invoices come to, before tax; how much of its own amount that takes, at its prices and
  -- without what is extra; and of which line how much. Whoever sees the order sees it; not everybody sees the bills.
  billed bigint not null default 0,
  taken bigint not null default 0,
  billed_lines json,
  version integer not null default 0,
  sha256 text not null,
  created_at timestamptz not null default app_now(),
  updated_at timestamptz not null default app_now(),
  primary key (organization_id, id),
  unique (organization_id, number),
  check (partner_id is not null or type = 'request_for_proposal'),
  foreign key (organization_id, id) references subjects (organization_id, id),
  foreign key (organization_id, partner_id) references partners (organization_id, id),
  foreign key (organization_id, origin_id) references documents (organization_id, id),
  foreign key (organization_id, project_id) references projects (organization_id, id)
);
create index on documents (organization_id, origin_id) where origin_id is not null;
create index documents_proposed on documents (organization_id, id desc) where proposed is not null;
create unique index bill_numbers_once on documents (organization_id, partner_id, reference_key)
  where type = 'bill' and reference <> '' and state not in ('draft', 'void');
-- Lists are sorted by any column, for an organization and for a partner of it, and go on from the last row of the page
-- before: each order has its index. `case`, since under row security `coalesce` might leak and could not be compared in
-- an index. None holds `updated_at`: it changes with every comment, which then would write all of them.
create index on documents (organization_id, type, id desc);
create index on documents (organization_id, type, state, id desc);
create index on documents (organization_id, project_id, id desc) where project_id is not null;
create index documents_by_number on documents
  (organization_id, type, (case when number is null then '' else number end), id);
create index documents_by_date on documents (organization_id, type, issued_on, id);
create index documents_by_state_and_due on documents
  (organization_id, type, state, (case when due_on is null then 'infinity' else due_on end), id);
create index documents_by_due on documents
  (organization_id, type, (case when due_on is null then 'infinity' else due_on end), id);
create index documents_by_total on documents (organization_id, type, digits, total, id);
create index on documents (organization_id, partner_id, id desc);
create index on documents (organization_id, partner_id, type, id desc);
create index on documents (organization_id, partner_id, type, state, id desc);
create index on documents (organization_id, partner_id, project_id, id desc) where project_id is not null;
create index documents_of_partner_by_number on documents
  (organization_id, partner_id, type, (case when number is null then '' else number end), id);
create index documents_of_partner_by_date on documents (organization_id, partner_id, type, issued_on, id);
create index documents_of_partner_by_state_and_due on documents
  (organization_id, partner_id, type, state, (case when due_on is null then 'infinity' else due_on end), id);
create index documents_of_partner_by_due on documents
  (organization_id, partner_id, type, (case when due_on is null then 'infinity' else due_on end), id);
create index documents_of_partner_by_total on documents (organization_id, partner_id, type, digits, total, id);
-- Counted, most partners have hardly any documents, and then all these indexes seem to cost the same. The planner is to
-- expect a partner with many.
alter table documents alter column partner_id set (n_distinct = 50);

-- A draft is seen only by the side that started it.
create function document_visible_to(state text, started_by text) returns text language sql immutable
  return case when state = 'draft' then started_by else 'both' end;

-- Its row in `subjects` is written with it, so that the two never disagree.
create function add_document_subject() returns trigger language plpgsql as $$
begin
  insert into subjects (organization_id, id, kind, number, title, state, partner_id, visible_to, created_at)
    values (new.organization_id, new.id, new.type, new.number, new.title, new.state, new.partner_id,
      document_visible_to(new.state, new.started_by), new.created_at);
  return new;
end $$;
create trigger subject_added before insert on documents for each row execute function add_document_subject();

create function change_document_subject() returns trigger language plpgsql as $$
begin
  update subjects set number = new.number, title = new.title, state = new.state, partner_id = new.partner_id,
      visible_to = document_visible_to(new.state, new.started_by)
    where organization_id = new.organization_id and id = new.id;
  return null;
end $$;
create trigger subject_changed after update of number, title, state, partner_id on documents
  for each row
  when ((old.number, old.title, old.state, old.partner_id)
    is distinct from (new.number, new.title, new.state, new.partner_id))
  execute function change_document_subject();

create table lines (
  organization_id uuid not null references organizations,
  document_id uuid not null,
  -- Kept through all versions.
  id uuid not null default gen_random_uuid(),
  position integer not null,
  -- The heading that it stands under.
  group_name text not null default '',
  description text not null,
  quantity numeric(14, 4) not null,
  unit text not null default '',
  unit_price numeric(18, 6) not null,
  discount_percent numeric(7, 4) not null default 0 check (discount_percent between 0 and 100),
  tax_rate numeric(7, 4) not null default 0 check (tax_rate between 0 and 100),
  -- The customer ticks it, or picks one of the alternatives of its group.
  choice text not null default '' check (choice in ('', 'optional', 'alternative')),
  picked boolean not null default true,
  -- The vendor can't supply it.
  refused boolean not null default false,
  delivery_on date,
  -- The line of the origin that it answers.
  origin_line uuid,
  amount bigint not null,
  primary key (organization_id, document_id, position),
  unique (organization_id, document_id, id),
  foreign key (organization_id, document_id) references documents (organization_id, id)
);

-- What was sent, for good: the content and its hash.
create table versions (
  organization_id uuid not null references organizations,
  document_id uuid not null,
  version integer not null,
  sha256 text not null,
  snapshot json not null,
  created_at timestamptz not null default app_now(),
  primary key (organization_id, document_id, version),
  foreign key (organization_id, document_id) references documents (organization_id, id)
);
create trigger append_only before update or delete on versions for each row execute function refuse_change();

-- The last number given, by the prefix of a type.
create table counters (
  organization_id uuid not null references organizations,
  name text not null,
  value integer not null default 0,
  primary key (organization_id, name)
);

-- What a new document of a type begins with.
create table type_defaults (
  organization_id uuid not null references organizations,
  type text not null,
  terms text not null default '',
  note text not null default '',
  primary key (organization_id, type)
);

call secure('{documents}', 'may_see(id, partner_id, document_visible_to(state, started_by))');
call secure('{lines, versions}', 'sees(document_id)');
call secure('{counters, type_defaults}', 'is_internal()');
