-- What a project is planned to cost and to be sold for, for staff alone. Unit costs and prices are decimals in the
-- currency of the project's customer, as in lines; `cost` and `price` of the whole quantity in minor units.
create table budget_groups (
  organization_id uuid not null references organizations,
  id uuid not null,
  project_id uuid not null,
  position numeric not null,
  name text not null check (name <> ''),
  removed_at timestamptz,
  primary key (organization_id, id),
  foreign key (organization_id, project_id) references projects (organization_id, id)
);
create index on budget_groups (organization_id, project_id, position);
alter table budget_groups alter column organization_id set (n_distinct = 10);
alter table budget_groups alter column project_id set (n_distinct = 200);

create table budget_items (
  organization_id uuid not null references organizations,
  id uuid not null,
  project_id uuid not null,
  group_id uuid not null,
  -- Among those of its group.
  position numeric not null,
  name text not null check (name <> ''),
  unit text not null default '',
  quantity numeric(14, 4) not null check (quantity >= 0),
  unit_cost numeric(18, 6) not null check (unit_cost >= 0),
  -- In percent of the cost. Null: the price is fixed.
  markup numeric(11, 4),
  unit_price numeric(18, 6) not null,
  cost bigint not null,
  price bigint not null,
  vendor_id uuid,
  -- Of the staff's own work: the task whose time is its cost.
  task_id uuid,
  -- The act that added it.
  added_by uuid not null,
  removed_at timestamptz,
  primary key (organization_id, id),
  foreign key (organization_id, project_id) references projects (organization_id, id),
  foreign key (organization_id, group_id) references budget_groups (organization_id, id),
  foreign key (organization_id, vendor_id) references partners (organization_id, id),
  foreign key (organization_id, task_id) references tasks (organization_id, id)
);
create index on budget_items (organization_id, group_id, position);
create index on budget_items (organization_id, project_id);
create index on budget_items (organization_id, added_by);
create index on budget_items (organization_id, task_id) where task_id is not null;
alter table budget_items alter column organization_id set (n_distinct = 10);
alter table budget_items alter column project_id set (n_distinct = 200);
alter table budget_items alter column group_id set (n_distinct = 1000);

-- Which item a document's line is of. A line keeps its id through all versions.
create table budget_lines (
  organization_id uuid not null references organizations,
  document_id uuid not null,
  line_id uuid not null,
  item_id uuid not null,
  primary key (organization_id, document_id, line_id),
  foreign key (organization_id, document_id) references documents (organization_id, id),
  foreign key (organization_id, item_id) references budget_items (organization_id, id)
);
create index on budget_lines (organization_id, item_id);
alter table budget_lines alter column organization_id set (n_distinct = 10);
alter table budget_lines alter column document_id set (n_distinct = -0.2);
alter table budget_lines alter column item_id set (n_distinct = -0.3);

-- What documents come to, by item: counted again whenever one of them changes (documents/budget/recount_budget.ts).
-- Minor units of the budget's currency, before tax.
create table budget_item_sums (
  organization_id uuid not null references organizations,
  item_id uuid not null,
  -- Offered and not answered yet, and the number of the newest such document.
  offered bigint not null,
  offered_in text,
  accepted bigint not null,
  -- What accepted change orders added to price and cost.
  changed bigint not null,
  changed_cost bigint not null,
  invoiced bigint not null,
  invoiced_quantity numeric not null,
  ordered bigint not null,
  ordered_quantity numeric not null,
  ordered_in text,
  -- Billed by vendors, and of that approved.
  billed bigint not null,
  billed_quantity numeric not null,
  actual bigint not null,
  -- Lines in another currency, which are not counted.
  foreign_lines integer not null,
  primary key (organization_id, item_id),
  foreign key (organization_id, item_id) references budget_items (organization_id, id)
);
alter table budget_item_sums alter column organization_id set (n_distinct = 10);

-- Whether lines of a document are of items: then its acts count them again.
alter table documents add column budgeted boolean not null default false;
create function note_budgeted() returns trigger language plpgsql as $$
begin
  update documents set budgeted = true
    where organization_id = new.organization_id and id = new.document_id and not budgeted;
  return null;
end $$;
create trigger document_budgeted after insert on budget_lines for each row execute function note_budgeted();

-- A line that is made from another is of the same item: of an order what was offered, of a bill what was ordered.
create function inherit_budget_items() returns trigger language plpgsql as $$
begin
  insert into budget_lines (organization_id, document_id, line_id, item_id)
    select a.organization_id, a.document_id, a.id, b.item_id
    from added a
      cross join lateral (
        select d.origin_id from documents d where d.organization_id = a.organization_id and d.id = a.document_id limit 1) d
      cross join lateral (
        select b.item_id from budget_lines b where b.organization_id = a.organization_id and b.document_id = d.origin_id
          and b.line_id = a.origin_line limit 1) b
    where a.origin_line is not null
    on conflict do nothing;
  return null;
end $$;
create trigger budget_items_inherited after insert on lines referencing new table as added
  for each statement execute function inherit_budget_items();

call secure('{budget_groups, budget_items, budget_lines, budget_item_sums}', 'is_internal()');
