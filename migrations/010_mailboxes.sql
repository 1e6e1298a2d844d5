-- How far each IMAP mailbox was read: all up to last_uid is kept, as long as the mailbox has this UIDVALIDITY (RFC 9051 §2.3.1.1).
-- They belong to the installation, not to an organization.
create table imap_mailboxes (
  name text primary key,
  uidvalidity bigint not null,
  last_uid bigint not null,
  read_at timestamptz not null default now()
);
alter table imap_mailboxes enable row level security;
alter table imap_mailboxes force row level security;
create policy system on imap_mailboxes using (app_side() = 'system');
