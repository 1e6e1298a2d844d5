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
  -- What they are sorted and found by. Under row security an index helps only to compare columns: lower() might leak.
  name_key text not null generated always as (lower(name)) stored,
  is_customer boolean not null default true,
  is_vendor boolean not null default false,
  email text not null default '',
  address text not null default '',
  tax_number text not null default '',
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  locale text not null,
  terms_days integer not null default 30 check (terms_days between 0 and 365),
  -- By how much a vendor's bill may differ from its order and still count as equal.
  tolerance_percent numeric(7, 4) not null default 0 check (tolerance_percent between 0 and 100),
  created_at timestamptz not null default app_now(),
  primary key (organization_id, id),
  check (is_customer or is_vendor)
);
create index on partners (organization_id, name_key, id);
create index partners_customers on partners (organization_id, name_key, id) where is_customer;
create index partners_vendors on partners (organization_id, name_key, id) where is_vendor;

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
  -- Got a document forwarded: sees what they take part in and nothing else, until staff make them a contact in full.
  guest boolean not null default false,
  locale text not null,
  time_zone text not null,
  bounced_at timestamptz,
  -- When their mail program reported our mail as spam: from then on they get only what they must have.
  complained_at timestamptz,
  removed_at timestamptz,
  created_at timestamptz not null default app_now(),
  primary key (organization_id, id),
  foreign key (organization_id, partner_id) references partners (organization_id, id)
);
create unique index people_once
  on people (organization_id, user_id, coalesce(partner_id, '00000000-0000-0000-0000-000000000000'))
  where removed_at is null;
create index on people (user_id);
create index on people (organization_id, partner_id);
-- Finds the person whose address a message came from.
create index on people (organization_id, email) where removed_at is null;
create index people_troubled on people (organization_id, bounced_at desc nulls last)
  where (bounced_at is not null or complained_at is not null) and removed_at is null;

-- Further addresses that a person writes from, as confirmed by a member of the staff.
create table person_addresses (
  organization_id uuid not null references organizations,
  id uuid not null,
  person_id uuid not null,
  email text not null check (email = lower(email)),
  added_by uuid not null,
  created_at timestamptz not null default now(),
  primary key (organization_id, id),
  unique (organization_id, person_id, email),
  foreign key (organization_id, person_id) references people (organization_id, id),
  foreign key (organization_id, added_by) references people (organization_id, id)
);

create table sessions (
  token_hash text primary key,
  user_id uuid not null references users,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  user_agent text not null default ''
);
create index on sessions (user_id);

-- A six-digit code that was emailed to an address, to sign in or to check the mailbox, and its link. All browsers that
-- ask for one address within the hour wait for the same code: none ends what another waits for.
create table sign_ins (
  id uuid primary key,
  -- Null: nobody has this address.
  user_id uuid references users,
  address text not null,
  link_hash text not null unique,
  return_to text not null default '/',
  -- How often it was emailed, and when the last email is due.
  emails integer not null default 0,
  emailed_at timestamptz,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  link_used_at timestamptz,
  code_used_at timestamptz
);
create index on sign_ins (address, created_at);

-- A browser that asked for it: only there can the code be typed.
create table sign_in_browsers (
  browser_hash text primary key,
  sign_in_id uuid not null references sign_ins on delete cascade,
  return_to text not null default '/',
  tries integer not null default 0,
  next_try_at timestamptz not null default now()
);
create index on sign_in_browsers (sign_in_id);

-- The wrong codes that were typed for an address in the last days, whoever typed them.
create table wrong_codes (
  id uuid primary key,
  address text not null,
  remote_ip text not null,
  created_at timestamptz not null default now()
);
create index on wrong_codes (address, created_at);

-- What rate-limiter-flexible counts; `expire` in milliseconds since 1970.
create table rate_limits (
  key varchar(255) primary key,
  points integer not null default 0,
  expire bigint
);

-- A list as somebody filtered it, saved under a name: theirs alone.
create table bookmarks (
  organization_id uuid not null references organizations,
  id uuid not null,
  person_id uuid not null,
  name text not null check (name <> '' and length(name) <= 100),
  path text not null check (length(path) <= 1000),
  created_at timestamptz not null default app_now(),
  primary key (organization_id, id),
  unique (organization_id, person_id, path),
  foreign key (organization_id, person_id) references people (organization_id, id)
);

-- Whether it is the current user, this person of theirs, or a partner that they are a contact of: asked before it is
-- known in which of their organizations they act, and not later, when it would be looked up for each row they don't see.
create function is_own_user(id uuid) returns boolean language plpgsql stable cost 1
  as $$ begin return id = app_user(); end $$;
create function is_own_person(organization uuid, person uuid) returns boolean language plpgsql stable cost 100 as $$
begin
  if app_organization() is not null then return false; end if;
  return exists (
    select from people p where p.organization_id = organization and p.id = person and p.user_id = app_user());
end $$;
create function is_own_partner(organization uuid, partner uuid) returns boolean language plpgsql stable cost 100 as $$
begin
  if app_organization() is not null then return false; end if;
  return exists (
    select from people p where p.organization_id = organization and p.partner_id = partner and p.user_id = app_user());
end $$;

alter table organizations enable row level security;
alter table organizations force row level security;
-- Before it is known where somebody belongs, any can be found by its address; from then on, their own alone.
create policy reading on organizations for select using (app_organization() is null or id = app_organization());
create policy adding on organizations for insert with check (id = app_organization() and is_system());
create policy changing on organizations for update using (id = app_organization() and is_internal());

call secure('{partners}', 'is_internal() or id = app_partner()', holder => 'is_own_partner(organization_id, id)');
call secure(
  '{people}',
  'is_internal() or (is_partner() and (partner_id is null or partner_id = app_partner()))',
  holder => 'is_own_user(user_id)'
);
call secure('{person_addresses}', 'is_internal() and every_subject()');
call secure('{bookmarks}', 'person_id = app_person()', writes => 'true');
