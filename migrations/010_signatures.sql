-- What an organization seals its signed PDFs with. The PKCS#12 is encrypted: the database alone can sign nothing.
create table signing_keys (
  organization_id uuid primary key references organizations,
  p12 bytea not null,
  certificate text not null,
  created_at timestamptz not null default app_now()
);

-- Who signed what, for good. A row says by itself which document it was, so that whoever checks a file needs nothing
-- else opened.
create table signatures (
  organization_id uuid not null references organizations,
  id uuid not null,
  document_id uuid not null,
  activity_id uuid not null,
  type text not null,
  number text not null,
  title text not null default '',
  version integer not null,
  content_sha256 text not null check (content_sha256 ~ '^[0-9a-f]{64}$'),
  person_id uuid not null,
  name text not null check (name <> '' and length(name) <= 200),
  email text not null,
  method text not null check (method in ('typed', 'drawn')),
  drawing_sha256 text check ((drawing_sha256 is not null) = (method = 'drawn')),
  intent text not null check (intent <> ''),
  locale text not null,
  remote_ip text not null default '',
  user_agent text not null default '',
  verified_by text not null check (verified_by in ('code by email', 'signed in', 'on behalf')),
  signed_at timestamptz not null default app_now(),
  -- The signed PDF, once it is made.
  pdf_sha256 text check (pdf_sha256 ~ '^[0-9a-f]{64}$'),
  pdf_size bigint,
  primary key (organization_id, id),
  check ((pdf_sha256 is null) = (pdf_size is null)),
  foreign key (organization_id, document_id) references documents (organization_id, id),
  foreign key (organization_id, activity_id) references activities (organization_id, id) deferrable initially deferred,
  foreign key (organization_id, person_id) references people (organization_id, id)
);
create index on signatures (organization_id, document_id, version, id);
create index signatures_pdf on signatures (pdf_sha256) where pdf_sha256 is not null;

create function only_pdf_once() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and old.pdf_sha256 is null
    and to_jsonb(new) - 'pdf_sha256' - 'pdf_size' = to_jsonb(old) - 'pdf_sha256' - 'pdf_size' then
    return new;
  end if;
  raise exception '% is append-only', tg_table_name;
end $$;
create trigger append_only before update or delete on signatures for each row execute function only_pdf_once();

call secure('{signing_keys}', 'is_system()');
-- Who holds the very bytes of the signed PDF may check it.
call secure('{signatures}', 'sees(document_id)', holder => 'was_shown(pdf_sha256)');
