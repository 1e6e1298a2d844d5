-- Ways to sign in besides the emailed code. They are a user's, whatever organizations that user belongs to.

-- The installation itself, for no organization: it seals secrets anew and deletes what has expired.
create function is_installation() returns boolean language plpgsql stable cost 1
  as $$ begin return app_side() = 'system' and app_organization() is null; end $$;

create table passwords (
  user_id uuid primary key references users on delete cascade,
  -- Argon2id, with its parameters and salt.
  hash text not null,
  changed_at timestamptz not null default now()
);

create table passkeys (
  id uuid primary key,
  user_id uuid not null references users on delete cascade,
  -- As the authenticator made it, in base64url; and its SHA-256, by which whoever shows it finds the row.
  credential_id text not null unique,
  credential_hash text not null unique,
  public_key bytea not null,
  counter bigint not null default 0,
  transports text[] not null default '{}',
  name text not null check (name <> '' and length(name) <= 100),
  created_at timestamptz not null default now(),
  used_at timestamptz
);
create index on passkeys (user_id);

-- What an authenticator is asked to sign: once, in the browser that it was made for.
create table passkey_challenges (
  browser_hash text primary key,
  challenge text not null,
  expires_at timestamptz not null
);

-- The secret of an authenticator app, sealed under SECRET. Asked for at sign-in once it is confirmed by a code.
create table totp_secrets (
  user_id uuid primary key references users on delete cascade,
  sealed bytea not null,
  confirmed_at timestamptz,
  -- The time step of the last code that was taken: none is taken twice.
  last_step bigint not null default 0,
  created_at timestamptz not null default now()
);

create table recovery_codes (
  user_id uuid not null references users on delete cascade,
  code_hash text not null,
  set_id uuid not null,
  used_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (user_id, code_hash)
);

-- Who somebody is at an OpenID provider, as they first came from there.
create table oidc_subjects (
  user_id uuid not null references users on delete cascade,
  issuer text not null,
  subject text not null,
  created_at timestamptz not null default now(),
  primary key (user_id, issuer),
  unique (issuer, subject)
);

-- A sign-in that has proven one thing and waits for the authenticator's code, or a recovery code.
create table second_steps (
  token_hash text primary key,
  user_id uuid not null references users on delete cascade,
  -- How the first was proven.
  way text not null,
  return_to text not null default '/',
  tries integer not null default 0,
  expires_at timestamptz not null
);
create index on second_steps (user_id);

-- The browsers in which a user has signed in, by the hash of a cookie that outlives their sessions.
create table known_devices (
  user_id uuid not null references users on delete cascade,
  device_hash text not null,
  created_at timestamptz not null default now(),
  primary key (user_id, device_hash)
);

call secure_table('passwords', 'is_own_user(user_id) or is_installation()', 'is_own_user(user_id) or is_installation()');
call secure_table('passkeys', 'is_own_user(user_id) or was_shown(credential_hash) or is_installation()',
  'is_own_user(user_id) or is_installation()');
call secure_table('passkey_challenges', 'was_shown(browser_hash) or is_installation()',
  'was_shown(browser_hash) or is_installation()');
call secure_table('totp_secrets', 'is_own_user(user_id) or is_installation()',
  'is_own_user(user_id) or is_installation()');
call secure_table('recovery_codes', 'is_own_user(user_id) or is_installation()',
  'is_own_user(user_id) or is_installation()');
call secure_table('oidc_subjects', 'is_own_user(user_id) or is_installation()',
  'is_own_user(user_id) or is_installation()');
call secure_table('second_steps', 'was_shown(token_hash) or is_own_user(user_id) or is_installation()',
  'was_shown(token_hash) or is_own_user(user_id) or is_installation()');
call secure_table('known_devices', 'is_own_user(user_id) or is_installation()',
  'is_own_user(user_id) or is_installation()');

-- A session names itself, says where it was opened and when it was last used (to the day). `proven_at`: when its user
-- last proved who they are, which changing a way to sign in asks for anew.
alter table sessions add column id uuid not null default gen_random_uuid() unique;
alter table sessions add column remote_ip text not null default '';
alter table sessions add column used_at timestamptz not null default now();
alter table sessions add column proven_at timestamptz not null default now();

-- Passwords and authenticator codes are counted as emailed codes are, each for itself: none ends the others.
alter table wrong_codes add column kind text not null default 'code' check (kind in ('code', 'password', 'second_step'));
drop index wrong_codes_address_created_at_idx;
create index on wrong_codes (address, kind, created_at);

-- `detail`: how somebody signed in, or the name of what was added or removed.
alter table security_events add column detail text not null default '';
alter table security_events drop constraint security_events_action_check;
alter table security_events add constraint security_events_action_check check (action in (
  'signed_in', 'wrong_code', 'codes_stopped', 'wrong_password', 'passwords_stopped', 'wrong_second_step',
  'second_steps_stopped', 'recovery_code_used', 'new_device', 'password_set', 'password_removed', 'passkey_added',
  'passkey_removed', 'totp_on', 'totp_off', 'recovery_codes_made', 'provider_refused', 'device_signed_out',
  'signed_out_everywhere'));
