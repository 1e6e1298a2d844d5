-- What a person's programs show at the API: never more than the person may. Found by the hash of what is shown, which
-- is told once. A new user of the person's address (a changed one) doesn't have it.
create table api_tokens (
  organization_id uuid not null references organizations,
  id uuid not null,
  person_id uuid not null,
  user_id uuid not null references users on delete cascade,
  name text not null check (name <> ''),
  token_hash text not null unique,
  -- 'invoices:read', 'partners:write'.
  scopes text[] not null check (scopes <> '{}'),
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  -- To the hour, so that requests write next to nothing.
  used_at timestamptz,
  revoked_at timestamptz,
  primary key (organization_id, id),
  foreign key (organization_id, person_id) references people (organization_id, id)
);
create index on api_tokens (organization_id, person_id, id desc);
create index on api_tokens (user_id);
alter table api_tokens alter column organization_id set (n_distinct = 10);
alter table api_tokens alter column person_id set (n_distinct = 200);
alter table api_tokens alter column user_id set (n_distinct = 200);

-- Each sees their own; others of the staff see in the security log that there is one.
call secure('{api_tokens}', 'app_side() = ''system'' or person_id = app_person()',
  'app_side() = ''system'' or person_id = app_person()', 'was_shown(token_hash)');

-- Whether partners' people may have tokens, too.
alter table organizations add column partner_tokens boolean not null default false;

call allow_value('security_events', 'action', 'api_token_made');
call allow_value('security_events', 'action', 'api_token_revoked');
