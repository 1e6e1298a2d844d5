-- When partners are reminded of a payment: days after its due date, or before it if negative. Empty: never.
alter table organizations
  add column reminder_days smallint[] not null default '{-3,1,8,22,45}' check (cardinality(reminder_days) <= 6);

-- Who stopped the reminders to a partner, and when. Null: it gets those of the organization.
alter table partners
  add column reminders_stopped_at timestamptz,
  add column reminders_stopped_by uuid,
  add check ((reminders_stopped_at is null) = (reminders_stopped_by is null)),
  add foreign key (organization_id, reminders_stopped_by) references people (organization_id, id);

-- The day by which somebody of the partner promised to pay: the last promise.
alter table documents
  add column promised_on date,
  add column promised_by uuid,
  add check ((promised_on is null) = (promised_by is null)),
  add foreign key (organization_id, promised_by) references people (organization_id, id);

create trigger check_promised after update of promised_on on documents
  for each row when (old.promised_on is distinct from new.promised_on)
  execute function check_document_soon();
