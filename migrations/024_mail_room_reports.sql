-- The mail room tells staff by email what waits there.
alter table emails drop constraint emails_kind_check;
alter table emails add constraint emails_kind_check check (kind in ('event', 'code', 'answer', 'test', 'mail_room', 'alert'));
create index emails_mail_room on emails (organization_id, person_id, id) where kind = 'mail_room';

-- Which email told whom that a message waits: each is told once.
create table mail_room_reports (
  organization_id uuid not null references organizations,
  person_id uuid not null,
  delivery_id uuid not null,
  email_id uuid not null,
  primary key (organization_id, person_id, delivery_id),
  foreign key (organization_id, person_id) references people (organization_id, id),
  foreign key (organization_id, delivery_id) references inbound_deliveries (organization_id, id),
  foreign key (organization_id, email_id) references emails (organization_id, id)
);
create index on mail_room_reports (organization_id, email_id);
call secure('{mail_room_reports}', 'is_internal() and every_subject()');

-- Finds whose name a message bears.
create index on people (organization_id, name) where removed_at is null;

alter table inbound_deliveries
  -- Whose name it bears, if it came from none of their addresses.
  add column impersonates text not null default '',
  -- The reason with placeholders and what they stand for, for readers of other languages.
  add column reason_sentence text not null default '',
  add column reason_values jsonb not null default '{}';
