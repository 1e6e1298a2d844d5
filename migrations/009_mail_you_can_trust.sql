-- By which way it came: whose word there is for its envelope. The bytes go after their time; that it came stays.
alter table inbound_messages add column source text not null default 'smtp'
  check (source in ('smtp', 'imap', 'pipe', 'postmark', 'mailgun', 'sendgrid', 'ses'));
alter table inbound_messages alter column raw drop not null;
create index inbound_messages_old on inbound_messages (received_at) where raw is not null;

alter table inbound_deliveries
  -- What kind of decision it was ('stranger', 'loop', 'bounce'); the reason says it in words.
  add column code text not null default '',
  add column verified boolean not null default false,
  add column evidence text not null default '',
  -- Who may read what it says; 'partner': not staff.
  add column audience text check (audience in ('shared', 'staff', 'partner')),
  add column partner_id uuid,
  add column decided_by uuid,
  add foreign key (organization_id, partner_id) references partners (organization_id, id),
  add foreign key (organization_id, decided_by) references people (organization_id, id);
alter table inbound_deliveries add unique (organization_id, id);
create index inbound_deliveries_waiting_on on inbound_deliveries (organization_id, document_id) where state = 'held';

-- Further addresses that a person writes from, by the word of a member of the staff.
create table person_addresses (
  organization_id uuid not null references organizations,
  id uuid not null,
  person_id uuid not null,
  email text not null check (email = lower(email)),
  added_by uuid not null,
  created_at timestamptz not null default now(),
  primary key (organization_id, id),
  unique (organization_id, person_id, email),
  foreign key (organization_id, person_id) references people (organization_id, id),
  foreign key (organization_id, added_by) references people (organization_id, id)
);
alter table person_addresses enable row level security;
alter table person_addresses force row level security;
create policy internal on person_addresses using (organization_id = app_organization() and is_internal() and every_document());

-- Who put an email there that had been held: the name, as it was then.
alter table comments add column placed_by text not null default '';
-- What its readers should know of an email that was posted: files left out, that it was encrypted, an invitation in it.
alter table comments add column notices text not null default '';

-- An answer to who wrote to us: that it has arrived, or why it was refused.
alter table emails drop constraint emails_kind_check;
alter table emails add constraint emails_kind_check check (kind in ('event', 'code', 'answer', 'test'));
create index emails_answers on emails (organization_id, to_address, created_at) where kind = 'answer';

-- What partners say among themselves is not for staff, not even on its way: they see that it came, and from whom.
drop policy staff on inbound_messages;
create policy staff on inbound_messages for select using (app_side() = 'staff' and exists (
  select from inbound_deliveries d where d.message_id = inbound_messages.id and d.audience is distinct from 'partner'));

-- Whose address it is that a message came from.
create index on people (organization_id, email) where removed_at is null;

-- The words a message is found by, as for documents: see 008.
create table inbound_words (
  organization_id uuid not null,
  word text not null collate "C",
  delivery_id uuid not null,
  primary key (organization_id, word, delivery_id),
  foreign key (organization_id, delivery_id) references inbound_deliveries (organization_id, id)
);
create index on inbound_words (delivery_id);
create function index_delivery() returns trigger language plpgsql as $$
begin
  delete from inbound_words where delivery_id = new.id;
  if new.organization_id is not null then
    insert into inbound_words (organization_id, word, delivery_id)
      select new.organization_id, w, new.id from unnest(words_of(concat_ws(' ', new.from_name, new.from_address, new.subject, new.recipient, left(new.preview, 300)))) w;
  end if;
  return null;
end $$;
create trigger find_by_words after update of organization_id, from_name, from_address, subject, preview on inbound_deliveries
  for each row execute function index_delivery();
alter table inbound_words enable row level security;
alter table inbound_words force row level security;
create policy system on inbound_words using (app_side() = 'system');
create policy staff on inbound_words using (app_side() = 'staff' and organization_id = app_organization());
