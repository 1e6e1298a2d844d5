-- The SECRETs this installation has had, by what tells one from another. One that ended is honoured no more.
create table installation_secrets (
  fingerprint text primary key,
  since timestamptz not null default now(),
  ended_at timestamptz
);

-- Made under an earlier SECRET: replies to it are taken until that ends; new emails get another key.
alter table reply_keys add column retired boolean not null default false;
alter table reply_keys drop constraint reply_keys_organization_id_subject_id_person_id_audience_key;
create unique index reply_keys_thread on reply_keys (organization_id, subject_id, person_id, audience) where not retired;

-- What could not be printed, by the SHA-256 of its HTML: it is not tried again until then.
create table print_failures (
  sha256 text primary key,
  reason text not null,
  until timestamptz not null
);

call secure_table('installation_secrets', 'is_system()', 'is_system()');
call secure_table('print_failures', 'is_system()', 'is_system()');
