import type { Actor, Query } from '../../../db/scope.js';
import { PROJECT_ID } from '../../../projects/project_head.js';
import type { ContactRole } from '../../../subjects/contact_roles.js';

/** Bars of so many tasks are counted, one segment each. */
export const MOST_SEGMENTS = 40;
/** Among so many rows they are found. */
const ROWS = 400;

/** A segment of the bar of progress. */
export interface Segment {
  state: string;
  kind: 'task';
  due_on: string | null;
  planned_due_on: string | null;
}

/** The first tasks of the project with this key, as many as are counted one by one. */
export const taskSegments = ({ organization_id }: Actor, key: string): Query<Segment> => ({
  name: 'task_segments',
  text: `select t.state, t.kind, t.due_on, t.planned_due_on from (
      select * from tasks where organization_id = $1 and project_id = ${PROJECT_ID} order by position limit ${ROWS}) t
    where t.kind = 'task' and t.state <> 'dropped' order by t.position limit ${MOST_SEGMENTS + 1}`,
  values: [organization_id, key],
});

const LIMIT = 500;

/** How many tasks are the reader's; and of a vendor's how many there are and are done. */
export interface TaskCounts {
  yours: number;
  vendors: number;
  vendors_done: number;
}

export const taskCounts = ({ organization_id, person_id, partner_id }: Actor, key: string): Query<TaskCounts> => ({
  name: 'task_counts',
  text: `select (select count(*) from (
      select project_id from tasks where organization_id = $1 and assignee_id = $3 and state in ('open', 'started')
      order by due_on limit ${LIMIT}) t where t.project_id = ${PROJECT_ID})::int as yours, v.*
    from (select count(*)::int as vendors, count(*) filter (where state = 'done')::int as vendors_done from (
      select state, kind from tasks where organization_id = $1 and vendor_id = $4 and project_id = ${PROJECT_ID}
      limit ${LIMIT}) t where t.kind = 'task' and t.state <> 'dropped') v`,
  values: [organization_id, key, person_id, partner_id],
});

/** What the reader is to do in a project next. */
export interface OwnTask {
  number: string;
  title: string;
  due_on: string | null;
}

/** The reader's own tasks in the project that are due by this day, and those given to their company as such. */
export const ownTasks = (
  { organization_id, person_id, partner_id }: Actor,
  key: string,
  until: string,
): Query<OwnTask> => ({
  name: 'own_project_tasks',
  text: `select t.number, t.title, t.due_on from (
      (select * from tasks where organization_id = $1 and assignee_id = $3 and state in ('open', 'started')
        and due_on <= $4 order by due_on limit ${LIMIT})
      union all
      (select * from tasks where organization_id = $1 and vendor_id = $5 and project_id = ${PROJECT_ID}
        and assignee_id is null and state in ('open', 'started') and due_on <= $4 limit ${LIMIT})) t
    where t.project_id = ${PROJECT_ID} and t.kind <> 'phase' order by t.due_on, t.position limit 5`,
  values: [organization_id, key, person_id, until, partner_id],
});

/** Somebody who takes part in a project. */
export interface Member {
  id: string;
  name: string;
  photo_sha256: string | null;
  partner_id: string | null;
}

/** Those who take part in the project, as far as its reader is shown them: their own, and staff if people are shown. */
export const projectMembers = ({ organization_id }: Actor, key: string): Query<Member> => ({
  name: 'project_members',
  text: `select p.id, p.name, p.photo_sha256, p.partner_id
    from (select id, shown from projects where organization_id = $1 and key = $2) j
    join participants x on x.organization_id = $1 and x.subject_id = j.id
    join people p on p.organization_id = x.organization_id and p.id = x.person_id and p.removed_at is null
    where p.partner_id is not null or app_side() = 'staff' or 'people' = any (j.shown)
    order by p.partner_id nulls first, p.id limit 30`,
  values: [organization_id, key],
});

/** The contacts of the reader's company, with their roles: whom to ask for a signature. */
export const signers = ({ organization_id, partner_id }: Actor): Query<{ name: string; role: ContactRole }> => ({
  name: 'project_signers',
  text: `select name, role from people
    where organization_id = $1 and partner_id = $2 and removed_at is null and not guest and not pending
    order by id limit 50`,
  values: [organization_id, partner_id],
});
