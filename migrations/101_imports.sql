-- Tables that somebody imports: read, matched to our fields, checked, then made row by row.
create table imports (
  organization_id uuid not null references organizations,
  id uuid not null,
  kind text not null check (kind in ('partners', 'items')),
  -- Of the file.
  name text not null,
  -- What is done next, by somebody or by a job: 'failed' says why in `problem`.
  state text not null check (state in
    ('reading', 'matching', 'checking', 'checked', 'running', 'done', 'undoing', 'undone', 'failed')),
  -- Its bytes, until it is read.
  sha256 text,
  -- How it was written, its headings, and the first rows.
  facts jsonb not null default '{}',
  -- Which column is which field, how numbers are written, and what blanks stand for.
  settings jsonb not null default '{}',
  -- How many rows by outcome.
  counts jsonb not null default '{}',
  problem text not null default '',
  created_by uuid not null,
  created_at timestamptz not null default app_now(),
  primary key (organization_id, id),
  foreign key (organization_id, created_by) references people (organization_id, id)
);
create index imports_newest on imports (organization_id, id desc);
create index imports_old on imports (created_at);

-- Removed 30 days after the import began: until then it can be undone.
create table import_rows (
  organization_id uuid not null,
  import_id uuid not null,
  -- As a spreadsheet counts, the headings being the first.
  row integer not null,
  cells jsonb not null,
  -- Null: not checked yet. 'kept': made, used since, and so not undone.
  outcome text check (outcome in ('new', 'same', 'refused', 'made', 'undone', 'kept')),
  field text,
  reason text,
  -- What came of it: a partner or an item, and a contact.
  record_id uuid,
  contact_id uuid,
  primary key (organization_id, import_id, row),
  foreign key (organization_id, import_id) references imports (organization_id, id) on delete cascade
);
create index on import_rows (organization_id, import_id, outcome, row);
call secure('{imports, import_rows}', 'is_internal()');

-- The columns that were chosen last for these headings.
create table import_matches (
  organization_id uuid not null references organizations,
  kind text not null,
  settings jsonb not null,
  primary key (organization_id, kind)
);
call secure('{import_matches}', 'is_internal()');
