import type { Actor, Query } from '../../../db/scope.js';
import { PROJECT_ID } from '../../../projects/project_head.js';
import type { Dependency, ScheduledTask } from '../../../projects/schedule/scheduled_task.js';

/** As many rows are drawn at most. */
export const ROWS_DRAWN = 100;

const PAGE = `select t.id from tasks t where t.organization_id = $1 and t.project_id = ${PROJECT_ID} and t.position > $3
  and t.kind <> 'step' and t.state <> 'dropped' order by t.position limit ${ROWS_DRAWN + 1}`;

const steps = (where: string) => `case when t.kind = 'task' then (select count(*)::int from tasks s
  where s.organization_id = t.organization_id and s.parent_id = t.id and ${where}) else 0 end`;

const YOURS = `case when app_side() = 'partner' then coalesce(coalesce(t.vendor_id, (select p.partner_id from people p
  where p.organization_id = t.organization_id and p.id = t.assignee_id)) = app_partner(), false)
  else coalesce(t.assignee_id = $4, false) end`;

const positionOf = (after: string) => (/^-?\d{1,20}(\.\d{1,300})?$/.test(after) ? after : '-1000000000');

/** The phases and tasks of the project with this key that its reader sees, from behind the position `after`. */
export const scheduledTasks = (actor: Actor, key: string, after: string): Query<ScheduledTask> => ({
  name: 'scheduled_tasks',
  text: `select t.id, t.number, t.kind, t.parent_id, t.position, t.title, t.state, t.starts_on, t.due_on,
      t.planned_starts_on, t.planned_due_on, t.milestone, ${YOURS} as yours,
      ${steps(`s.state <> 'dropped'`)} as steps, ${steps(`s.state = 'done'`)} as steps_done,
      (select json_build_object('type', d.type, 'number', d.number, 'state', d.state) from documents d
        where d.organization_id = t.organization_id and d.id = t.document_id) as document
    from tasks t where t.organization_id = $1 and t.project_id = ${PROJECT_ID} and t.position > $3
      and t.kind <> 'step' and t.state <> 'dropped' order by t.position limit ${ROWS_DRAWN + 1}`,
  values: [actor.organization_id, key, positionOf(after), actor.person_id],
});

/** What waits for what among these tasks. */
export const scheduleDependencies = ({ organization_id }: Actor, key: string, after: string): Query<Dependency> => ({
  name: 'schedule_dependencies',
  text: `select d.task_id, d.after_id from (${PAGE}) t
    join task_dependencies d on d.organization_id = $1 and d.task_id = t.id limit 2000`,
  values: [organization_id, key, positionOf(after)],
});
