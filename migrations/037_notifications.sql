-- What the bell filters by: it asked something of its reader, or named them.
alter table notifications
  add column asks boolean not null default false,
  add column named boolean not null default false;
create index notifications_news on notifications (organization_id, person_id, id desc) where read_at is null;
create index notifications_asking on notifications (organization_id, person_id, id desc) where asks;
create index notifications_naming on notifications (organization_id, person_id, id desc) where named;

-- The count is read before it is known as whom somebody acts, with their memberships.
drop policy reading on notifications;
drop policy adding on notifications;
drop policy changing on notifications;
drop policy removing on notifications;
call secure(
  '{notifications}',
  '(is_internal() or person_id = app_person()) and sees(subject_id)',
  holder => 'is_own_person(organization_id, person_id)'
);

-- On how many things a person has something unread, up to 100: a step of the index for each, however much there is.
-- What belongs to no subject counts by itself.
create function unread_things(organization uuid, person uuid) returns integer language plpgsql stable cost 1000 as $$
begin
  return (
    with recursive things as (
      (select n.subject_id, 1 as nth from notifications n
        where n.organization_id = organization and n.person_id = person and n.read_at is null and n.subject_id is not null
        order by n.subject_id limit 1)
      union all
      select (select n.subject_id from notifications n
        where n.organization_id = organization and n.person_id = person and n.read_at is null
          and n.subject_id > t.subject_id
        order by n.subject_id limit 1), t.nth + 1
      from things t where t.subject_id is not null and t.nth < 100)
    select least(100, count(subject_id) + (
      select count(*) from (
        select from notifications n
        where n.organization_id = organization and n.person_id = person and n.read_at is null and n.subject_id is null
        limit 100) loose))
    from things);
end $$;

-- What somebody muted.
create index participants_muted on participants (organization_id, person_id, muted_at desc) where muted_at is not null;
