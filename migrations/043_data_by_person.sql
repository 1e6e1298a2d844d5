-- What is found by the person it is about: for the archive of their data, and to erase it.
create index on activities (organization_id, person_id, id);
create index on emails (organization_id, person_id, id);
create index on signatures (organization_id, person_id, id);
create index on payments (organization_id, person_id, id) where person_id is not null;
create index on security_events (organization_id, person_id, id);
create index on inbound_deliveries (organization_id, person_id, id) where person_id is not null;
create index on absences (organization_id, person_id, id);
create index on absences (organization_id, deputy_id, id);
create index on partner_files (organization_id, added_by, id);
create index on reply_keys (organization_id, person_id);
-- By an address that they had.
create index on former_addresses (organization_id, person_id, id);
create index on former_addresses (organization_id, email);
create index on person_addresses (organization_id, email);
-- Who had somebody's data prepared for a download just now.
create index activities_data on activities (organization_id, person_id, created_at)
  where action in ('download_data', 'download_own_data');

-- The system, too: others' views may name who is erased.
alter policy reading on saved_views
  using (organization_id = app_organization() and (is_system() or person_id = app_person()));
alter policy changing on saved_views
  using (organization_id = app_organization() and (is_system() or person_id = app_person()));
alter policy removing on saved_views
  using (organization_id = app_organization() and (is_system() or person_id = app_person()));
