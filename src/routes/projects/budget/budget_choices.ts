import type { Actor, Query } from '../../../db/scope.js';
import { PROJECT_ID } from '../../../projects/project_head.js';

interface Named {
  id: string;
  name: string;
}

/** Vendors to choose from; none unless they are `wanted`. */
export const vendorChoices = ({ organization_id }: Actor, wanted: boolean): Query<Named> => ({
  name: 'budget_vendors',
  text: `select id, name from partners where organization_id = $1 and is_vendor and archived_at is null and $2
    order by name_key, id limit 500`,
  values: [organization_id, wanted],
});

/** The project's tasks to choose from, for the staff's own work; none unless they are `wanted`. */
export const taskChoices = ({ organization_id }: Actor, key: string, wanted: boolean): Query<Named> => ({
  name: 'budget_tasks',
  text: `select t.id, t.title as name from tasks t
    where t.organization_id = $1 and t.project_id = ${PROJECT_ID} and t.kind <> 'phase' and $3
    order by t.position limit 500`,
  values: [organization_id, key, wanted],
});

/** Documents by their ids, to name what was just made. */
export const madeDocuments = ({ organization_id }: Actor, ids: string[]): Query<Named & { type: string }> => ({
  name: 'budget_made',
  text: `select d.id, d.type, coalesce(p.name, '') as name from documents d
    left join partners p on p.organization_id = d.organization_id and p.id = d.partner_id
    where d.organization_id = $1 and d.id = any ($2::uuid[]) order by d.id`,
  values: [organization_id, ids],
});
