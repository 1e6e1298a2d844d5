alter table people
  -- A square WebP in storage.
  add column photo_sha256 text check (photo_sha256 ~ '^[0-9a-f]{64}$'),
  -- The language of the PDFs that they download or get by email. Null: that of everything else.
  add column document_locale text,
  -- Amounts in other currencies are shown in this one, too. Null: in none.
  add column currency text check (currency ~ '^[A-Z]{3}$'),
  -- The header's modules in this person's order, by their address below the organization's. Null: the usual order.
  add column menu text[] check (cardinality(menu) <= 100),
  -- The name and path of the first of their saved views, which every page's header lists.
  add column saved_views jsonb not null default '[]';

alter table bookmarks rename to saved_views;
alter table saved_views
  add column position integer not null default 0,
  -- It can be put back until another one is removed.
  add column removed_at timestamptz;
create index on saved_views (organization_id, person_id, position, id) where removed_at is null;

alter table saved_views no force row level security;
alter table people no force row level security;
update people p set saved_views = coalesce((
  select jsonb_agg(jsonb_build_object('name', v.name, 'path', v.path) order by v.id)
  from saved_views v where v.organization_id = p.organization_id and v.person_id = p.id), '[]');
alter table saved_views force row level security;
alter table people force row level security;
