import type { Actor, Query } from '../../db/scope.js';

/** The staff, to choose a project's manager from. */
export const managers = ({ organization_id }: Actor): Query<{ id: string; name: string }> => ({
  name: 'project_managers',
  text: `select id, name from people where organization_id = $1 and partner_id is null and removed_at is null
    and not pending order by name, id limit 500`,
  values: [organization_id],
});
