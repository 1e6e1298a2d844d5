-- Whether an invitation that has expired sends itself again when its reader asks for that; or else staff are asked.
alter table organizations add column invitations_renew boolean not null default true;

alter table invitations
  -- How far they have come: 1 their names and the terms, 2 job title, 3 what they may use, 4 done.
  add column step smallint not null default 1 check (step between 1 and 4),
  -- When its reader last asked staff for a new one.
  add column asked_at timestamptz;

-- What an organization asks of those who use its portal, and what it does with their data. Where it has written
-- nothing, the text of src/people/terms/default_terms.ts is version 0.
create table terms_versions (
  organization_id uuid not null references organizations,
  id uuid not null,
  kind text not null check (kind in ('terms', 'privacy')),
  version integer not null check (version > 0),
  text text not null check (text <> '' and length(text) <= 50000),
  published_by uuid not null,
  published_at timestamptz not null default app_now(),
  primary key (organization_id, id),
  unique (organization_id, kind, version),
  foreign key (organization_id, published_by) references people (organization_id, id)
);
create trigger append_only before update or delete on terms_versions for each row execute function refuse_change();

-- Which version of them somebody accepted (of the terms) or was shown (of the privacy notice), and when.
create table terms_acceptances (
  organization_id uuid not null references organizations,
  id uuid not null,
  person_id uuid not null,
  kind text not null check (kind in ('terms', 'privacy')),
  version integer not null,
  -- SHA-256 of the text as they read it.
  text_sha256 text not null,
  remote_ip text not null,
  accepted_at timestamptz not null default app_now(),
  primary key (organization_id, id),
  unique (organization_id, person_id, kind, version),
  foreign key (organization_id, person_id) references people (organization_id, id)
);

-- A contact asked for a module that they may not use: once a day.
create table module_requests (
  organization_id uuid not null references organizations,
  person_id uuid not null,
  module text not null,
  asked_at timestamptz not null default app_now(),
  primary key (organization_id, person_id, module),
  foreign key (organization_id, person_id) references people (organization_id, id)
);

-- Anybody may read them; once it is known where somebody belongs, those of their organization.
call secure_table(
  'terms_versions',
  'app_organization() is null or organization_id = app_organization()',
  'organization_id = app_organization() and is_internal()'
);
call secure('{terms_acceptances}', 'is_internal() or person_id = app_person()');
call secure('{module_requests}', 'is_internal() or person_id = app_person()');
