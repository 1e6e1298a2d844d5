create table documents (
  organization_id uuid not null references organizations,
  id uuid not null,
  type text not null,
  number text,
  state text not null,
  started_by text not null check (started_by in ('staff', 'partner')),
  partner_id uuid not null,
  title text not null default '',
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  issued_on date not null,
  due_on date,
  terms text not null default '',
  note text not null default '',
  partial_payments boolean not null default false,
  subtotal bigint not null default 0,
  tax bigint not null default 0,
  total bigint not null default 0,
  version integer not null default 0,
  sha256 text not null,
  created_at timestamptz not null default app_now(),
  updated_at timestamptz not null default app_now(),
  primary key (organization_id, id),
  foreign key (organization_id, partner_id) references partners (organization_id, id),
  unique (organization_id, number)
);
create index on documents (organization_id, type, id desc);
create index on documents (organization_id, type, state, id desc);
create index on documents (organization_id, partner_id, type, id desc);
create index documents_due on documents (organization_id, due_on) where state in ('sent', 'partly_paid');

create table lines (
  organization_id uuid not null references organizations,
  document_id uuid not null,
  position integer not null,
  description text not null,
  quantity numeric(14, 4) not null,
  unit text not null default '',
  unit_price numeric(18, 6) not null,
  discount_percent numeric(7, 4) not null default 0 check (discount_percent between 0 and 100),
  tax_rate numeric(7, 4) not null default 0 check (tax_rate between 0 and 100),
  amount bigint not null,
  primary key (organization_id, document_id, position),
  foreign key (organization_id, document_id) references documents (organization_id, id)
);

-- Who takes part: the contacts it was prepared for, and the staff who follow it.
create table participants (
  organization_id uuid not null references organizations,
  document_id uuid not null,
  person_id uuid not null,
  primary key (organization_id, document_id, person_id),
  foreign key (organization_id, document_id) references documents (organization_id, id),
  foreign key (organization_id, person_id) references people (organization_id, id)
);
create index on participants (organization_id, person_id);

-- What was sent, kept for good: the content, its hash, and its PDF once made.
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

create table activities (
  organization_id uuid not null references organizations,
  id uuid not null,
  document_id uuid,
  partner_id uuid,
  person_id uuid,
  side text not null check (side in ('staff', 'partner', 'system')),
  action text not null,
  details jsonb not null default '{}',
  version integer not null default 0,
  visible_to text not null default 'both' check (visible_to in ('both', 'staff', 'partner')),
  created_at timestamptz not null default app_now(),
  primary key (organization_id, id),
  foreign key (organization_id, document_id) references documents (organization_id, id),
  foreign key (organization_id, partner_id) references partners (organization_id, id),
  foreign key (organization_id, person_id) references people (organization_id, id)
);
create index on activities (organization_id, document_id, id);
create index on activities (organization_id, id desc);
create index on activities (organization_id, partner_id, id desc);
create unique index viewed_once on activities (organization_id, document_id, person_id, version) where action = 'view';

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name;
end $$;
create trigger append_only before update or delete on activities for each row execute function refuse_change();
create trigger append_only before update or delete on versions for each row execute function refuse_change();

create table comments (
  organization_id uuid not null references organizations,
  id uuid not null,
  document_id uuid not null,
  activity_id uuid not null,
  person_id uuid not null,
  audience text not null check (audience in ('shared', 'staff', 'partner')),
  body text not null,
  trimmed text not null default '',
  via text not null default 'portal' check (via in ('portal', 'email')),
  verified boolean not null default true,
  evidence text not null default '',
  created_at timestamptz not null default app_now(),
  primary key (organization_id, id),
  foreign key (organization_id, document_id) references documents (organization_id, id),
  foreign key (organization_id, activity_id) references activities (organization_id, id) deferrable initially deferred,
  foreign key (organization_id, person_id) references people (organization_id, id)
);
create index on comments (organization_id, document_id, id);

-- The bytes lie under their SHA-256 in file storage; this says whose they are and what they were called.
create table files (
  organization_id uuid not null references organizations,
  id uuid not null,
  document_id uuid not null,
  comment_id uuid,
  version integer,
  locale text,
  sha256 text not null,
  name text not null,
  content_type text not null,
  declared_type text not null default '',
  size bigint not null,
  created_at timestamptz not null default app_now(),
  primary key (organization_id, id),
  foreign key (organization_id, document_id) references documents (organization_id, id),
  foreign key (organization_id, comment_id) references comments (organization_id, id)
);
create index on files (organization_id, document_id);
create unique index pdf_once on files (organization_id, document_id, version, locale) where version is not null;

create table counters (
  organization_id uuid not null references organizations,
  name text not null,
  value integer not null default 0,
  primary key (organization_id, name)
);

alter table documents enable row level security;
alter table documents force row level security;
create policy internal on documents using (
  organization_id = app_organization() and is_internal()
  and (every_document() or id = any (app_documents()))
  and (app_side() = 'system' or started_by = 'staff' or state <> 'draft'));
create policy partner on documents for select using (
  organization_id = app_organization() and is_partner() and partner_id = app_partner()
  and (every_document() or id = any (app_documents()))
  and (started_by = 'partner' or state <> 'draft'));

-- What hangs on a document is seen by whoever sees the document.
do $$
declare t text;
begin
  foreach t in array array['lines', 'participants', 'versions', 'files', 'activities', 'comments'] loop
    execute format('alter table %I enable row level security; alter table %I force row level security', t, t);
  end loop;
  foreach t in array array['lines', 'participants', 'versions'] loop
    execute format('create policy internal on %I using (organization_id = app_organization() and is_internal()
      and (every_document() or document_id = any (app_documents())))', t);
    execute format('create policy partner on %1$I for select using (organization_id = app_organization() and is_partner()
      and exists (select from documents d where d.organization_id = %1$I.organization_id and d.id = %1$I.document_id))', t);
  end loop;
end $$;

create policy internal on comments using (
  organization_id = app_organization() and is_internal() and (app_side() = 'system' or audience <> 'partner')
  and (every_document() or document_id = any (app_documents())));
create policy partner on comments for select using (
  organization_id = app_organization() and is_partner() and audience in ('shared', 'partner')
  and exists (select from documents d where d.organization_id = comments.organization_id and d.id = comments.document_id));

create policy internal on activities using (
  organization_id = app_organization() and is_internal() and (app_side() = 'system' or visible_to <> 'partner')
  and (every_document() or document_id = any (app_documents())));
create policy partner on activities for select using (
  organization_id = app_organization() and is_partner() and visible_to in ('both', 'partner')
  and exists (select from documents d where d.organization_id = activities.organization_id and d.id = activities.document_id));

-- A file that hangs on a comment is seen with the comment.
create policy internal on files using (
  organization_id = app_organization() and is_internal()
  and (every_document() or document_id = any (app_documents()))
  and (app_side() = 'system' or comment_id is null
    or exists (select from comments c where c.organization_id = files.organization_id and c.id = files.comment_id)));
create policy partner on files for select using (
  organization_id = app_organization() and is_partner()
  and exists (select from documents d where d.organization_id = files.organization_id and d.id = files.document_id)
  and (comment_id is null or exists (select from comments c where c.organization_id = files.organization_id and c.id = files.comment_id)));

alter table counters enable row level security;
alter table counters force row level security;
create policy internal on counters using (organization_id = app_organization() and is_internal());
