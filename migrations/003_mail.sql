create table notifications (
  organization_id uuid not null references organizations,
  id uuid not null,
  activity_id uuid not null,
  document_id uuid,
  person_id uuid not null,
  read_at timestamptz,
  created_at timestamptz not null default app_now(),
  primary key (organization_id, id),
  unique (organization_id, activity_id, person_id),
  foreign key (organization_id, activity_id) references activities (organization_id, id),
  foreign key (organization_id, document_id) references documents (organization_id, id),
  foreign key (organization_id, person_id) references people (organization_id, id)
);
create index on notifications (organization_id, person_id, id desc);

-- One per message: its state is what is known of its journey.
create table emails (
  organization_id uuid not null references organizations,
  id uuid not null,
  kind text not null check (kind in ('event', 'code', 'refusal')),
  person_id uuid,
  activity_id uuid,
  document_id uuid,
  subject_id uuid,
  to_address text not null,
  message_id text not null unique,
  state text not null default 'queued' check (state in ('queued', 'accepted', 'delivered', 'bounced', 'failed', 'skipped')),
  tries integer not null default 0,
  detail text not null default '',
  created_at timestamptz not null default app_now(),
  accepted_at timestamptz,
  primary key (organization_id, id),
  unique (organization_id, kind, activity_id, person_id),
  foreign key (organization_id, person_id) references people (organization_id, id),
  foreign key (organization_id, activity_id) references activities (organization_id, id),
  foreign key (organization_id, document_id) references documents (organization_id, id)
);
create index on emails (organization_id, document_id, person_id, id desc);
create index emails_waiting on emails (created_at) where state = 'queued';

-- The address a reply comes back to names the thread, the reader and the audience.
create table reply_keys (
  organization_id uuid not null references organizations,
  id uuid not null,
  key_hash text not null unique,
  document_id uuid not null,
  person_id uuid not null,
  audience text not null check (audience in ('shared', 'staff', 'partner')),
  created_at timestamptz not null default now(),
  primary key (organization_id, id),
  unique (organization_id, document_id, person_id, audience),
  foreign key (organization_id, document_id) references documents (organization_id, id),
  foreign key (organization_id, person_id) references people (organization_id, id)
);

-- A magic link opens one page as one person.
create table links (
  organization_id uuid not null references organizations,
  id uuid not null,
  token_hash text not null unique,
  person_id uuid not null,
  user_id uuid not null references users,
  document_id uuid not null,
  expires_at timestamptz not null,
  revoked_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (organization_id, id),
  foreign key (organization_id, person_id) references people (organization_id, id),
  foreign key (organization_id, document_id) references documents (organization_id, id)
);
create index on links (organization_id, person_id);

-- Mail as it came in, kept before it is acknowledged. It belongs to no organization until it is placed.
create table inbound_messages (
  id uuid primary key,
  raw bytea not null,
  sha256 text not null,
  mail_from text not null,
  remote_ip text not null,
  helo text not null,
  received_at timestamptz not null default now()
);

create table inbound_deliveries (
  id uuid primary key,
  message_id uuid not null references inbound_messages,
  sha256 text not null,
  recipient text not null,
  organization_id uuid references organizations,
  state text not null default 'pending' check (state in ('pending', 'posted', 'held', 'refused', 'ignored')),
  reason text not null default '',
  from_address text not null default '',
  from_name text not null default '',
  subject text not null default '',
  preview text not null default '',
  message_header_id text not null default '',
  document_id uuid,
  person_id uuid,
  comment_id uuid,
  tries integer not null default 0,
  created_at timestamptz not null default now(),
  unique (sha256, recipient),
  foreign key (organization_id, document_id) references documents (organization_id, id),
  foreign key (organization_id, person_id) references people (organization_id, id),
  foreign key (organization_id, comment_id) references comments (organization_id, id)
);
create index on inbound_deliveries (organization_id, state, id desc);
create index on inbound_deliveries (message_id);
create index on inbound_deliveries (organization_id, message_header_id);

do $$
declare t text;
begin
  foreach t in array array['notifications', 'emails', 'reply_keys', 'links', 'inbound_messages', 'inbound_deliveries'] loop
    execute format('alter table %I enable row level security; alter table %I force row level security', t, t);
  end loop;
  foreach t in array array['notifications', 'emails', 'reply_keys', 'links'] loop
    execute format('create policy internal on %I using (organization_id = app_organization() and is_internal()
      and (every_document() or document_id = any (app_documents())))', t);
  end loop;
end $$;

create policy reader on notifications for select using ((every_document() or document_id = any (app_documents())) and exists (
  select from people p where p.organization_id = notifications.organization_id and p.id = notifications.person_id and p.user_id = app_user()));
create policy holder on reply_keys for select using (key_hash = any (app_secrets()));
create policy holder on emails for select using (message_id = any (app_secrets()));
create policy holder on links for select using (token_hash = any (app_secrets()));
create policy system on inbound_messages using (app_side() = 'system');
create policy staff on inbound_messages for select using (
  app_side() = 'staff' and exists (select from inbound_deliveries d where d.message_id = inbound_messages.id));
create policy system on inbound_deliveries using (app_side() = 'system');
create policy staff on inbound_deliveries using (app_side() = 'staff' and organization_id = app_organization());

-- Where mail goes when no mail server is set: the inboxes of the sample people.
create table mailbox_messages (
  id uuid primary key,
  mail_to text not null,
  raw bytea not null,
  message_id text not null,
  sent_at timestamptz not null default now()
);
create index on mailbox_messages (mail_to, sent_at desc, id desc);
