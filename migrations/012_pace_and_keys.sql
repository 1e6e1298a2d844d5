-- An email that had to wait its turn; and if a later one about the same told of its event, too, which.
alter table emails add column postponed_at timestamptz;
alter table emails add column merged_into uuid;
alter table emails add foreign key (organization_id, merged_into) references emails (organization_id, id);
create index emails_waiting_for on emails (organization_id, person_id, document_id, id) where state = 'queued';
create index emails_told_with on emails (organization_id, merged_into) where merged_into is not null;

-- Who wants to hear of a document only what they must.
alter table participants add column muted_at timestamptz;

-- How many messages went to a person or a domain in a minute or an hour. Of no organization: other servers count all that comes from here.
create table mail_pace (
  key text not null,
  beginning timestamptz not null,
  sent integer not null,
  primary key (key, beginning)
);

-- What signs outgoing mail (RFC 6376); the private key is sealed. `next` waits until its record is seen in DNS, `old` still proves what it signed.
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

-- What DNS said when it was last looked at.
create table mail_checks (
  domain text primary key,
  findings json not null,
  checked_at timestamptz not null default now()
);

do $$
declare t text;
begin
  foreach t in array array['mail_pace', 'dkim_keys', 'mail_checks'] loop
    execute format('alter table %I enable row level security; alter table %I force row level security', t, t);
    execute format('create policy system on %I using (app_side() = ''system'')', t);
  end loop;
end $$;

create index emails_troubled on emails (organization_id, id desc) where state in ('failed', 'bounced');
