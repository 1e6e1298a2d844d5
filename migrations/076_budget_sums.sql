-- A line of a change order that brings what was agreed to a budget that was changed before doesn't move it again.
alter table budget_lines add column moves boolean not null default true;

alter table budget_item_sums
  add column offered_quantity numeric not null default 0,
  add column accepted_quantity numeric not null default 0,
  -- Of what change orders added, at the item's own price.
  add column changed_quantity numeric not null default 0,
  -- Billed by vendors without an order.
  add column unordered bigint not null default 0,
  -- Lines in another currency that are counted by a rate of their day.
  add column converted_lines integer not null default 0;
create index budget_foreign on budget_item_sums (organization_id) where foreign_lines > 0;
