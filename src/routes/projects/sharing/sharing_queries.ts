import type { Actor, Query } from '../../../db/scope.js';
import { PROJECT_ID } from '../../../projects/project_head.js';

/** A task as staff decide whether its customer sees it. */
export interface SharedTask {
  id: string;
  title: string;
  kind: string;
  /** A decimal, as text. */
  position: string;
  shown: boolean;
  vendor: string | null;
  trade: string;
}

/** As many on a page. */
export const TASKS_SHOWN = 200;

/** The tasks of the project with this key, in their order, from behind the position `after`; '' for the first. */
export const sharedTasks = ({ organization_id }: Actor, key: string, after: string): Query<SharedTask> => ({
  name: 'shared_tasks',
  text: `select t.id, t.title, t.kind, t.position, t.shown, t.trade, (select p.name from partners p
      where p.organization_id = t.organization_id and p.id = t.vendor_id) as vendor
    from tasks t where t.organization_id = $1 and t.project_id = ${PROJECT_ID} and t.position > $3
    order by t.position limit ${TASKS_SHOWN + 1}`,
  values: [organization_id, key, /^-?\d+(\.\d+)?$/.test(after) ? after : '-1e9'],
});
