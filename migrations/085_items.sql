-- What the organization sells and buys, for staff alone: partners see of it what stands on their documents.
create table items (
  organization_id uuid not null references organizations,
  id uuid not null,
  code text not null default '',
  -- Begins the line that is filled from it; `description` follows on further lines.
  name text not null check (name <> ''),
  description text not null default '',
  unit text not null default '',
  group_name text not null default '',
  -- What one costs the organization, in its currency.
  cost numeric(18, 6) check (cost >= 0),
  -- Series of the taxes that it is sold with. Null: those that its customer pays.
  tax_series uuid[] check (cardinality(tax_series) <= 3),
  picture_sha256 text,
  archived_at timestamptz,
  archived boolean not null generated always as (archived_at is not null) stored,
  name_key text not null generated always as (lower(name)) stored,
  code_key text not null generated always as (lower(code)) stored,
  created_by uuid not null,
  created_at timestamptz not null default app_now(),
  primary key (organization_id, id),
  foreign key (organization_id, created_by) references people (organization_id, id)
);
create unique index items_code_taken on items (organization_id, code_key) where code_key <> '';
create index on items (organization_id, archived, name_key, id);
create index on items (organization_id, archived, code_key, id);
create index on items (organization_id, archived, group_name, name_key, id);
create index on items (organization_id, archived, group_name, code_key, id);
alter table items alter column organization_id set (n_distinct = 10);

-- What one is sold for, as decimals.
create table item_prices (
  organization_id uuid not null references organizations,
  item_id uuid not null,
  currency text not null,
  price numeric(18, 6) not null check (price >= 0),
  primary key (organization_id, item_id, currency),
  foreign key (organization_id, item_id) references items (organization_id, id)
);
alter table item_prices alter column organization_id set (n_distinct = 10);
alter table item_prices alter column item_id set (n_distinct = -0.5);

-- Who sells it to the organization, under which code and for how much.
create table item_vendors (
  organization_id uuid not null references organizations,
  item_id uuid not null,
  partner_id uuid not null,
  code text not null default '',
  currency text not null,
  price numeric(18, 6) check (price >= 0),
  primary key (organization_id, item_id, partner_id),
  foreign key (organization_id, item_id) references items (organization_id, id),
  foreign key (organization_id, partner_id) references partners (organization_id, id)
);
create index on item_vendors (organization_id, partner_id);
alter table item_vendors alter column organization_id set (n_distinct = 10);
alter table item_vendors alter column item_id set (n_distinct = -0.5);
alter table item_vendors alter column partner_id set (n_distinct = 200);

-- The words that an item is found by, its vendors' codes among them.
create table item_words (
  organization_id uuid not null,
  word text not null collate "C",
  item_id uuid not null,
  primary key (organization_id, word, item_id),
  foreign key (organization_id, item_id) references items (organization_id, id) on delete cascade
);
create index on item_words (organization_id, item_id);
alter table item_words alter column organization_id set (n_distinct = 10);
alter table item_words alter column item_id set (n_distinct = -0.1);

create function index_words_of_item(organization uuid, item uuid) returns void language plpgsql as $$
declare
  wanted text[] := (select words_of(concat_ws(' ', i.code, i.name, i.group_name, i.description,
      (select string_agg(v.code, ' ') from item_vendors v where v.organization_id = organization and v.item_id = item)))
    from items i where i.organization_id = organization and i.id = item);
begin
  delete from item_words w where w.organization_id = organization and w.item_id = item and w.word <> all (wanted);
  insert into item_words (organization_id, word, item_id)
    select organization, w, item from unnest(wanted) w on conflict do nothing;
end $$;
create function index_item() returns trigger language plpgsql as $$
begin
  perform index_words_of_item(new.organization_id, new.id);
  return null;
end $$;
create trigger words_added after insert on items for each row execute function index_item();
create trigger words_changed after update of code, name, group_name, description on items
  for each row execute function index_item();
create function index_vendor_code() returns trigger language plpgsql as $$
begin
  perform index_words_of_item(coalesce(new.organization_id, old.organization_id), coalesce(new.item_id, old.item_id));
  return null;
end $$;
create trigger words_changed after insert or update or delete on item_vendors
  for each row execute function index_vendor_code();

-- Which item a document's line is of, outside of its content. A line keeps its id through all versions.
create table item_lines (
  organization_id uuid not null references organizations,
  document_id uuid not null,
  line_id uuid not null,
  item_id uuid not null,
  -- Of the document; null: it goes to several.
  partner_id uuid,
  primary key (organization_id, document_id, line_id),
  foreign key (organization_id, document_id) references documents (organization_id, id),
  foreign key (organization_id, item_id) references items (organization_id, id)
);
create index on item_lines (organization_id, item_id, document_id);
create index on item_lines (organization_id, item_id, partner_id, document_id);
alter table item_lines alter column organization_id set (n_distinct = 10);
alter table item_lines alter column document_id set (n_distinct = -0.2);
alter table item_lines alter column item_id set (n_distinct = 1000);
alter table item_lines alter column partner_id set (n_distinct = 200);

-- A line that is made from another is of the same item: of an order what was offered, of a bill what was ordered.
create function inherit_items() returns trigger language plpgsql as $$
begin
  insert into item_lines (organization_id, document_id, line_id, item_id, partner_id)
    select a.organization_id, a.document_id, a.id, i.item_id, d.partner_id
    from added a
      cross join lateral (select d.origin_id, d.partner_id from documents d
        where d.organization_id = a.organization_id and d.id = a.document_id limit 1) d
      cross join lateral (select i.item_id from item_lines i where i.organization_id = a.organization_id
        and i.document_id = d.origin_id and i.line_id = a.origin_line limit 1) i
    where a.origin_line is not null
    on conflict do nothing;
  return null;
end $$;
create trigger items_inherited after insert on lines referencing new table as added
  for each statement execute function inherit_items();

-- What is planned, made of an item: so are the lines of documents that are made from the plan.
alter table budget_items add column catalog_id uuid;
alter table budget_items add foreign key (organization_id, catalog_id) references items (organization_id, id);

call secure('{items, item_prices, item_vendors, item_words, item_lines}', 'is_internal()');
