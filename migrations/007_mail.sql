-- One for each message: its state is what is known of its journey.
create table emails (
  organization_id uuid not null references organizations,
  id uuid not null,
  kind text not null check (kind in ('event', 'code', 'answer', 'test')),
  person_id uuid,
  activity_id uuid,
  subject_id uuid,
  -- Of a code: the sign-in. Of an answer to who wrote to us: the delivery.
  cause_id uuid,
  to_address text not null,
  message_id text not null unique,
  state text not null default 'queued'
    check (state in ('queued', 'accepted', 'delivered', 'bounced', 'failed', 'skipped')),
  tries integer not null default 0,
  detail text not null default '',
  -- When a rate limit first made it wait.
  postponed_at timestamptz,
  -- The later email about the same subject that reports its event, too.
  merged_into uuid,
  created_at timestamptz not null default app_now(),
  accepted_at timestamptz,
  primary key (organization_id, id),
  unique (organization_id, kind, activity_id, person_id),
  foreign key (organization_id, person_id) references people (organization_id, id),
  foreign key (organization_id, activity_id) references activities (organization_id, id),
  foreign key (organization_id, subject_id) references subjects (organization_id, id),
  foreign key (organization_id, merged_into) references emails (organization_id, id)
);
create index on emails (organization_id, subject_id, person_id, id desc);
create index emails_waiting on emails (organization_id, created_at) where state = 'queued';
create index emails_waiting_for on emails (organization_id, person_id, subject_id, id) where state = 'queued';
create index emails_merged on emails (organization_id, merged_into) where merged_into is not null;
create index emails_troubled on emails (organization_id, created_at) where state in ('failed', 'bounced');
create index emails_tests on emails (organization_id, person_id, id) where kind = 'test';
create index emails_answers on emails (organization_id, to_address, created_at) where kind = 'answer';

-- The address that a reply comes back to names the subject, the reader and the audience.
create table reply_keys (
  organization_id uuid not null references organizations,
  id uuid not null,
  key_hash text not null unique,
  subject_id uuid not null,
  person_id uuid not null,
  audience text not null check (audience in ('shared', 'staff', 'partner')),
  created_at timestamptz not null default now(),
  primary key (organization_id, id),
  unique (organization_id, subject_id, person_id, audience),
  foreign key (organization_id, subject_id) references subjects (organization_id, id),
  foreign key (organization_id, person_id) references people (organization_id, id)
);

-- A magic link opens one subject as one person.
create table links (
  organization_id uuid not null references organizations,
  id uuid not null,
  token_hash text not null unique,
  person_id uuid not null,
  user_id uuid not null references users,
  subject_id uuid not null,
  expires_at timestamptz not null,
  revoked_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (organization_id, id),
  foreign key (organization_id, person_id) references people (organization_id, id),
  foreign key (organization_id, subject_id) references subjects (organization_id, id)
);
create index on links (organization_id, person_id, subject_id);

-- Mail to a person that bounced: points that count for 60 days, unless mail from them or staff show before that the
-- address works.
create table bounces (
  organization_id uuid not null references organizations,
  id uuid not null,
  person_id uuid not null,
  email_id uuid not null,
  kind text not null check (kind in ('hard', 'soft')),
  points integer not null,
  created_at timestamptz not null default app_now(),
  primary key (organization_id, id),
  unique (organization_id, email_id),
  foreign key (organization_id, person_id) references people (organization_id, id),
  foreign key (organization_id, email_id) references emails (organization_id, id)
);
create index on bounces (organization_id, person_id, created_at);
create index on bounces (organization_id, created_at);

call secure('{emails}', 'is_internal() and sees(subject_id)', holder => 'was_shown(message_id)');
call secure('{reply_keys}', 'is_internal() and sees(subject_id)', holder => 'was_shown(key_hash)');
call secure('{links}', 'is_internal() and sees(subject_id)', holder => 'was_shown(token_hash)');
call secure('{bounces}', 'is_internal() and every_subject()');

-- How many messages went to a person or a domain in a minute or an hour. Belongs to no organization: other servers
-- count all that comes from here.
create table mail_pace (
  key text not null,
  beginning timestamptz not null,
  sent integer not null,
  primary key (key, beginning)
);

-- What signs outgoing mail (RFC 6376); the private key is sealed. `next` waits until its record is seen in DNS, `old`
-- still proves what it signed.
create table dkim_keys (
  domain text not null,
  selector text not null,
  private_key bytea not null,
  public_key text not null,
  state text not null check (state in ('next', 'current', 'old')),
  published_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (domain, selector)
);
create unique index dkim_current on dkim_keys (domain) where state = 'current';
create unique index dkim_next on dkim_keys (domain) where state = 'next';

-- What the last check of a domain's DNS found.
create table mail_checks (
  domain text primary key,
  findings json not null,
  checked_at timestamptz not null default now()
);

call secure_table('mail_pace', 'is_system()', 'is_system()');
call secure_table('dkim_keys', 'is_system()', 'is_system()');
call secure_table('mail_checks', 'is_system()', 'is_system()');

-- Where mail goes while no mail server is set: the mailboxes of the sample people.
create table mailbox_messages (
  id uuid primary key,
  mail_to text not null,
  raw bytea not null,
  message_id text not null,
  sent_at timestamptz not null default now()
);
create index on mailbox_messages (mail_to, sent_at desc, id desc);
