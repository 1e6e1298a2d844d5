-- Offered for nothing new any more. Its people still see, pay and answer what there is.
alter table partners add column archived_at timestamptz;
create index partners_current on partners (organization_id, name_key, id) where archived_at is null;
create index partners_current_customers on partners (organization_id, name_key, id)
  where is_customer and archived_at is null;
create index partners_current_vendors on partners (organization_id, name_key, id)
  where is_vendor and archived_at is null;
create index partners_archived on partners (organization_id, name_key, id) where archived_at is not null;
create index partners_by_email on partners (organization_id, email) where email <> '';
create index partners_by_tax_number on partners (organization_id, tax_number) where tax_number <> '';
