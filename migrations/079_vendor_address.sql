-- The address of a project is known to a vendor with a task in it, too, who sends days of its log there. Not to who
-- came by the link to something else.
create function sees_address(project uuid) returns boolean language plpgsql stable cost 100 as $$
begin
  if sees_project_part(project, 'details') then return true; end if;
  if app_side() <> 'partner' or not every_subject() or (app_kinds() is not null and not 'project' = any (app_kinds()))
  then return false; end if;
  return has_task_in(project);
end $$;
alter policy reading on project_addresses
  using (organization_id = app_organization() and sees_address(project_id) or was_shown(key));
