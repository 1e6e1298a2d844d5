-- Mail as it came in, stored before it is acknowledged. It belongs to no organization until it is read.
create table inbound_messages (
  id uuid primary key,
  -- Deleted after its time; that it came stays.
  raw bytea,
  sha256 text not null,
  -- By which way it came, which decides how far its envelope is trusted.
  source text not null default 'smtp'
    check (source in ('smtp', 'imap', 'pipe', 'postmark', 'mailgun', 'sendgrid', 'ses')),
  mail_from text not null,
  remote_ip text not null,
  helo text not null,
  received_at timestamptz not null default now()
);
create index inbound_messages_old on inbound_messages (received_at) where raw is not null;

-- One for each recipient of ours that a message came to, with what was decided about it.
create table inbound_deliveries (
  id uuid primary key,
  message_id uuid not null references inbound_messages,
  sha256 text not null,
  recipient text not null,
  organization_id uuid references organizations,
  state text not null default 'pending' check (state in ('pending', 'posted', 'held', 'refused', 'ignored')),
  -- The kind of decision ('stranger', 'loop', 'bounce'); the reason says it in words.
  code text not null default '',
  reason text not null default '',
  decided_by uuid,
  from_address text not null default '',
  from_name text not null default '',
  subject text not null default '',
  preview text not null default '',
  message_header_id text not null default '',
  verified boolean not null default false,
  evidence text not null default '',
  -- Who may read it; 'partner': not staff.
  audience text check (audience in ('shared', 'staff', 'partner')),
  subject_id uuid,
  partner_id uuid,
  person_id uuid,
  comment_id uuid,
  tries integer not null default 0,
  created_at timestamptz not null default now(),
  unique (organization_id, id),
  unique (sha256, recipient),
  foreign key (organization_id, subject_id) references subjects (organization_id, id),
  foreign key (organization_id, partner_id) references partners (organization_id, id),
  foreign key (organization_id, person_id) references people (organization_id, id),
  foreign key (organization_id, decided_by) references people (organization_id, id),
  foreign key (organization_id, comment_id) references comments (organization_id, id)
);
create index on inbound_deliveries (organization_id, state, id desc);
create index on inbound_deliveries (message_id);
create index on inbound_deliveries (organization_id, message_header_id);
create index inbound_deliveries_held on inbound_deliveries (organization_id, subject_id) where state = 'held';

-- How far each IMAP mailbox was read: all up to last_uid is stored, as long as the mailbox has this UIDVALIDITY
-- (RFC 9051 §2.3.1.1). They belong to the installation, not to an organization.
create table imap_mailboxes (
  name text primary key,
  uidvalidity bigint not null,
  last_uid bigint not null,
  read_at timestamptz not null default now()
);

-- What partners write among themselves is not for staff, not even on its way: they see that it came, and from whom.
create function sees_message(message uuid) returns boolean language plpgsql stable cost 100 as $$
begin
  return exists (
    select from inbound_deliveries d where d.message_id = message and d.audience is distinct from 'partner');
end $$;

call secure_table('inbound_messages', 'is_system() or (is_staff() and sees_message(id))', 'is_system()');
call secure_table(
  'inbound_deliveries',
  'is_system() or (is_staff() and organization_id = app_organization())',
  'is_system() or (is_staff() and organization_id = app_organization())'
);
call secure_table('imap_mailboxes', 'is_system()', 'is_system()');
