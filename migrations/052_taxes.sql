-- The taxes that an organization's invoices name. One that a document has never changes: another of its series takes
-- its place from a day on.
create table tax_rates (
  organization_id uuid not null references organizations,
  id uuid not null,
  -- The id of the first of those that took each other's place.
  series uuid not null,
  name text not null check (name <> ''),
  percent numeric(7, 4) not null check (percent between 0 and 100),
  -- As EN 16931 has them.
  category text not null check (category in ('S', 'Z', 'E', 'AE', 'K', 'G', 'O')),
  -- What documents must say with it.
  note text not null default '',
  -- The first and last day on which it is valid; null: without a beginning, or an end.
  valid_from date,
  valid_until date,
  -- When a document first had it.
  used_at timestamptz,
  created_by uuid not null,
  created_at timestamptz not null default app_now(),
  primary key (organization_id, id),
  foreign key (organization_id, created_by) references people (organization_id, id),
  check (valid_until >= valid_from),
  check (category = 'S' or percent = 0)
);
call secure('{tax_rates}', 'is_internal()');
alter table tax_rates alter column organization_id set (n_distinct = 10);

-- With its name, percentage and text, as it was chosen: [{id, name, rate, category, note}]. `tax_rate` is their sum;
-- without any, a percentage as it was typed.
alter table lines add column taxes jsonb not null default '[]' check (jsonb_typeof(taxes) = 'array');

-- The series that its lines begin with. Null: nobody has said yet; empty: it pays no tax.
alter table partners add column tax_series uuid[] check (cardinality(tax_series) <= 3);

-- What is proposed for a partner of whom nobody has said yet.
alter table organizations add column tax_series uuid[] not null default '{}' check (cardinality(tax_series) <= 3);
