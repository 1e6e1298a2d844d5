-- By which way it came: whose word there is for its envelope.
alter table inbound_messages add column source text not null default 'smtp'
  check (source in ('smtp', 'imap', 'pipe', 'postmark', 'mailgun', 'sendgrid', 'ses'));
