-- Who is asking is told to the database by settings that last for one transaction (src/db/scope.ts).
create function app_organization() returns uuid language sql stable as $$ select nullif(current_setting('app.organization', true), '')::uuid $$;
create function app_side() returns text language sql stable as $$ select nullif(current_setting('app.side', true), '') $$;
create function app_person() returns uuid language sql stable as $$ select nullif(current_setting('app.person', true), '')::uuid $$;
create function app_partner() returns uuid language sql stable as $$ select nullif(current_setting('app.partner', true), '')::uuid $$;
create function app_user() returns uuid language sql stable as $$ select nullif(current_setting('app.user', true), '')::uuid $$;
-- With a magic link: the only documents it opens. Null: no such limit.
create function app_documents() returns uuid[] language sql stable as $$ select nullif(current_setting('app.documents', true), '')::uuid[] $$;
-- The hashes of the secrets that were shown: who holds a secret may read its row, and no other.
create function app_secrets() returns text[] language sql stable as $$ select nullif(current_setting('app.secrets', true), '')::text[] $$;
-- What time it is: the database's, unless a story is told (the demo's past, a test's future).
create function app_now() returns timestamptz language sql stable as $$ select coalesce(nullif(current_setting('app.now', true), '')::timestamptz, now()) $$;
-- These stand in every policy. In plpgsql they stay calls: written out, the planner would take a setting for a column that is hardly ever
-- so, expect next to no rows, and sort a whole list for its first page.
create function is_internal() returns boolean language plpgsql stable cost 1 as $$ begin return app_side() in ('staff', 'system'); end $$;
create function is_partner() returns boolean language plpgsql stable cost 1 as $$ begin return app_side() = 'partner'; end $$;
create function every_document() returns boolean language plpgsql stable cost 1 as $$ begin return app_documents() is null; end $$;

create table organizations (
  id uuid primary key,
  slug text not null unique check (slug ~ '^[a-z0-9][a-z0-9-]{1,38}$'),
  name text not null check (name <> ''),
  email text not null,
  address text not null default '',
  tax_number text not null default '',
  currency text not null default 'USD' check (currency ~ '^[A-Z]{3}$'),
  locale text not null default 'en-US',
  time_zone text not null default 'UTC',
  accent text not null default '#2f5d50' check (accent ~ '^#[0-9a-f]{6}$'),
  payment_note text not null default '',
  -- Through which gateway its customers pay online; null: they can't.
  gateway text check (gateway in ('sandbox')),
  created_at timestamptz not null default app_now()
);

-- A sign-in identity: one address, whatever it belongs to. Belongs to no organization.
create table users (
  id uuid primary key,
  email text not null unique check (email = lower(email)),
  created_at timestamptz not null default app_now()
);

create table partners (
  organization_id uuid not null references organizations,
  id uuid not null,
  name text not null check (name <> ''),
  is_customer boolean not null default true,
  is_vendor boolean not null default false,
  email text not null default '',
  address text not null default '',
  tax_number text not null default '',
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  locale text not null,
  terms_days integer not null default 30 check (terms_days between 0 and 365),
  created_at timestamptz not null default app_now(),
  primary key (organization_id, id),
  check (is_customer or is_vendor)
);
create index on partners (organization_id, lower(name), id);

-- Staff (no partner) and contacts (of a partner): one user on one side of one organization.
create table people (
  organization_id uuid not null references organizations,
  id uuid not null,
  user_id uuid not null references users,
  partner_id uuid,
  name text not null check (name <> ''),
  email text not null,
  title text not null default '',
  role text not null default 'member' check (role in ('owner', 'admin', 'manager', 'member')),
  locale text not null,
  time_zone text not null,
  bounced_at timestamptz,
  removed_at timestamptz,
  created_at timestamptz not null default app_now(),
  primary key (organization_id, id),
  foreign key (organization_id, partner_id) references partners (organization_id, id)
);
create unique index people_once on people (organization_id, user_id, coalesce(partner_id, '00000000-0000-0000-0000-000000000000')) where removed_at is null;
create index on people (user_id);
create index on people (organization_id, partner_id);
create index people_bounced on people (organization_id) where bounced_at is not null and removed_at is null;

create table sessions (
  token_hash text primary key,
  user_id uuid not null references users,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  user_agent text not null default ''
);
create index on sessions (user_id);

-- A sign-in or a check of the mailbox: a six-digit code for the browser that asked, and a link for any other.
create table sign_ins (
  id uuid primary key,
  user_id uuid references users,
  address text not null,
  browser_hash text not null,
  link_hash text not null unique,
  return_to text not null default '/',
  remote_ip text not null default '',
  tries integer not null default 0,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  link_used_at timestamptz,
  code_used_at timestamptz
);
create index on sign_ins (address);

-- What rate-limiter-flexible counts; `expire` in milliseconds since 1970.
create table rate_limits (
  key varchar(255) primary key,
  points integer not null default 0,
  expire bigint
);

alter table organizations enable row level security;
alter table organizations force row level security;
-- Before it is known where somebody belongs all can be found by their address; from then on, their own alone.
create policy found on organizations for select using (app_organization() is null or id = app_organization());
create policy first_steps on organizations for insert with check (id = app_organization() and app_side() = 'system');
create policy staff_change on organizations for update using (id = app_organization() and is_internal());

alter table partners enable row level security;
alter table partners force row level security;
create policy internal on partners using (organization_id = app_organization() and is_internal());
create policy partner on partners for select using (organization_id = app_organization() and id = app_partner());

alter table people enable row level security;
alter table people force row level security;
create policy internal on people using (organization_id = app_organization() and is_internal());
create policy partner on people for select
  using (organization_id = app_organization() and is_partner() and (partner_id is null or partner_id = app_partner()));
create policy oneself on people for select using (user_id = app_user());
create policy oneself on partners for select using (exists (
  select from people p where p.organization_id = partners.organization_id and p.partner_id = partners.id and p.user_id = app_user()));
