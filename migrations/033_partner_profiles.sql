-- One more value that a column may have, besides those that its check allows already; without a check it may have any.
create procedure allow_value(name text, col text, value text) language plpgsql as $$
declare
  rule text := name || '_' || col || '_check';
  allowed text := (select pg_get_constraintdef(oid) from pg_constraint
    where conname = rule and conrelid = name::regclass);
begin
  if allowed is null then return; end if;
  execute format('alter table %I drop constraint %I', name, rule);
  execute format('alter table %I add constraint %I %s', name, rule,
    replace(allowed, 'ARRAY[', format('ARRAY[%L::text, ', value)));
end $$;

-- What a partner says of itself: staff and its own contacts read it, in full and signed in. Guests never do, nor
-- whoever came by a link alone.
create function sees_profile(partner uuid) returns boolean language plpgsql stable cost 1 as $$
begin
  return app_subjects() is null
    and (app_side() in ('staff', 'system') or (app_side() = 'partner' and partner = app_partner()));
end $$;

create table partner_profiles (
  organization_id uuid not null references organizations,
  partner_id uuid not null,
  legal_name text not null default '',
  trading_name text not null default '',
  phone text not null default '',
  website text not null default '',
  registration_number text not null default '',
  edited_by uuid not null,
  edited_at timestamptz not null default app_now(),
  -- By one of its contacts; null since staff have changed it.
  confirmed_by uuid,
  confirmed_at timestamptz,
  primary key (organization_id, partner_id),
  foreign key (organization_id, partner_id) references partners (organization_id, id),
  foreign key (organization_id, edited_by) references people (organization_id, id),
  foreign key (organization_id, confirmed_by) references people (organization_id, id)
);

create table partner_addresses (
  organization_id uuid not null references organizations,
  id uuid not null,
  partner_id uuid not null,
  position integer not null,
  kind text not null check (kind in ('billing', 'shipping', 'other')),
  lines text not null check (lines <> ''),
  city text not null,
  region text not null default '',
  postal_code text not null default '',
  country text not null check (country ~ '^[A-Z]{2}$'),
  primary key (organization_id, id),
  foreign key (organization_id, partner_id) references partners (organization_id, id)
);
create index on partner_addresses (organization_id, partner_id);

create table partner_tax_ids (
  organization_id uuid not null references organizations,
  id uuid not null,
  partner_id uuid not null,
  position integer not null,
  kind text not null check (kind in ('eu_vat', 'ein', 'abn', 'gstin', 'other')),
  -- As it was typed, and as it is compared.
  entered text not null check (entered <> ''),
  normalized text not null,
  primary key (organization_id, id),
  foreign key (organization_id, partner_id) references partners (organization_id, id)
);
create index on partner_tax_ids (organization_id, partner_id);

-- Tax documents and other attachments. What a newer one takes the place of is kept.
create table partner_files (
  organization_id uuid not null references organizations,
  id uuid not null,
  partner_id uuid not null,
  kind text not null check (kind in ('bank_statement', 'w9', 'insurance', 'licence', 'other')),
  note text not null default '',
  valid_until date,
  sha256 text not null,
  name text not null,
  content_type text not null,
  declared_type text not null default '',
  size bigint not null,
  added_by uuid not null,
  created_at timestamptz not null default app_now(),
  replaced_at timestamptz,
  primary key (organization_id, id),
  foreign key (organization_id, partner_id) references partners (organization_id, id),
  foreign key (organization_id, added_by) references people (organization_id, id)
);
create index on partner_files (organization_id, partner_id, id desc);
create index partner_files_expiring on partner_files (organization_id, valid_until)
  where valid_until is not null and replaced_at is null;

-- The reminders of an expiry that went out, each once: so many days before.
create table partner_file_reminders (
  organization_id uuid not null references organizations,
  file_id uuid not null,
  days integer not null,
  sent_at timestamptz not null default app_now(),
  primary key (organization_id, file_id, days),
  foreign key (organization_id, file_id) references partner_files (organization_id, id)
);

-- The addresses that contacts had before: they, too, hear of other bank details.
create table former_addresses (
  organization_id uuid not null references organizations,
  id uuid not null default gen_random_uuid(),
  partner_id uuid not null,
  person_id uuid not null,
  email text not null,
  ended_at timestamptz not null default app_now(),
  primary key (organization_id, id),
  foreign key (organization_id, partner_id) references partners (organization_id, id),
  foreign key (organization_id, person_id) references people (organization_id, id)
);
create index on former_addresses (organization_id, partner_id, ended_at);

create function keep_former_address() returns trigger language plpgsql as $$
begin
  insert into former_addresses (organization_id, partner_id, person_id, email)
    values (old.organization_id, old.partner_id, old.id, old.email);
  return null;
end $$;
create trigger former_address after update of email, removed_at on people
  for each row
  when (old.partner_id is not null and not old.guest and old.removed_at is null
    and (new.email <> old.email or new.removed_at is not null))
  execute function keep_former_address();

call secure('{partner_profiles,partner_addresses,partner_tax_ids,partner_files}', 'sees_profile(partner_id)');
call secure('{partner_file_reminders}', 'is_system()');
call secure('{former_addresses}', 'is_internal() and every_subject()');

-- To both sides: what changed in a partner's profile, and what expires.
