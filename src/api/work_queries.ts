import type { Actor, Query } from '../db/scope.js';
import { eventTimeColumns } from '../calendar/event_columns.js';
import { MOST_LISTED } from './requests/paging.js';

const PROJECT_ID = '(select j.id from projects j where j.organization_id = $1 and j.key = $2)';
const LIMIT = `limit ${MOST_LISTED + 1}`;

type Row = Record<string, unknown> & { id: string };

/** A list of what is in a project: `after` is the id of the last row before the page. */
type ProjectList = (actor: Actor, key: string, after: string | null) => Query<Row>;

const values = ({ organization_id }: Actor, key: string, after: string | null) => [
  organization_id,
  key,
  ...(after ? [after] : []),
];

/** In the order of the plan. */
export const tasksOfProject: ProjectList = (actor, key, after) => ({
  name: `api_tasks${after ? '_after' : ''}`,
  text: `select t.id, t.number, t.kind, t.parent_id, t.title, t.state, t.starts_on, t.due_on, t.milestone
    from tasks t where t.organization_id = $1 and t.project_id = ${PROJECT_ID}
    ${after ? 'and t.position > (select b.position from tasks b where b.organization_id = $1 and b.id = $3)' : ''}
    order by t.position ${LIMIT}`,
  values: values(actor, key, after),
});

/** The oldest first: a project has few. */
export const eventsOfProject: ProjectList = (actor, key, after) => ({
  name: `api_events${after ? '_after' : ''}`,
  text: `select e.id, e.number, e.title, e.place, e.state, ${eventTimeColumns('e')}
    from events e where e.organization_id = $1 and e.project_id = ${PROJECT_ID} ${after ? 'and e.id > $3' : ''}
    order by e.id ${LIMIT}`,
  values: values(actor, key, after),
});

/** The newest day first. */
export const timeOfProject: ProjectList = (actor, key, after) => ({
  name: `api_time${after ? '_after' : ''}`,
  text: `select x.id, x.person_id, x.day, x.minutes, x.note, x.approved,
      (select t.number from tasks t where t.organization_id = $1 and t.id = x.task_id) as task
    from time_entries x where x.organization_id = $1 and x.project_id = ${PROJECT_ID}
    ${after ? 'and (x.day, x.id) < ((select b.day from time_entries b where b.organization_id = $1 and b.id = $3), $3::uuid)' : ''}
    order by x.day desc, x.id desc ${LIMIT}`,
  values: values(actor, key, after),
});

/** A project whose conversation is shared with the reader. */
export const oneProject = ({ organization_id }: Actor, key: string): Query<Row> => ({
  name: 'api_project',
  text: `select d.id, d.key, d.name, d.state, d.partner_id
    from projects d join subjects s on s.organization_id = d.organization_id and s.id = d.id
    where d.organization_id = $1 and d.key = $2`,
  values: [organization_id, key],
});

/** One that was just made. */
export const projectById = ({ organization_id }: Actor, id: string): Query<Row> => ({
  name: 'api_project_by_id',
  text: 'select d.id, d.key, d.name, d.state, d.partner_id from projects d where d.organization_id = $1 and d.id = $2',
  values: [organization_id, id],
});
