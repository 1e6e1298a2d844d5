-- Days of the log are told by email. When staff were last told of a day, so that what a vendor sends soon after goes
-- with the same email; and when its customer was first told.
alter table project_logs
  add column told_at timestamptz not null default app_now(),
  add column customer_told_at timestamptz;
create index project_logs_of_person on project_logs (organization_id, project_id, person_id, day) where removed_at is null;

create index activities_of_log on activities (organization_id, (details ->> 'log'))
  where action in ('add_log', 'take_log', 'tell_log');

-- A thread that answers the email of a day stands with that day.
alter table comments
  add column log_id uuid,
  add foreign key (organization_id, log_id) references project_logs (organization_id, id);
create index on comments (organization_id, log_id) where log_id is not null;

-- That a day of the log is there is told to those who may read it, for as long as they may.
alter policy reading on activities using (
  organization_id = app_organization() and (partner_id is null or is_for_reader(partner_id))
    and sees_done(subject_id, visible_to, action)
    and case when action = 'tell_log' then sees_log_row((details ->> 'log')::uuid) else true end);

-- By the link in a task's email its reader sees the name of its project, too, which the task's page has: or the customer
-- and staff would need a code first.
create or replace function has_task_in(project uuid) returns boolean language plpgsql stable cost 100 as $$
begin
  if app_subjects() is not null then
    perform from tasks t where t.organization_id = app_organization() and t.id = any (app_subjects())
      and t.project_id = project;
    return found;
  end if;
  return project = (
    select t.project_id from tasks t
    where t.organization_id = app_organization() and t.vendor_id = app_partner() and t.project_id >= project
    order by t.project_id limit 1);
end $$;
