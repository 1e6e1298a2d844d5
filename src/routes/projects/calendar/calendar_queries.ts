import { clockColumn, eventTimeColumns, type EventTimeRow } from '../../../calendar/event_columns.js';
import type { Actor, Query } from '../../../db/scope.js';
import { PROJECT_ID } from '../../../projects/project_head.js';

/** So many of each a calendar shows at most. */
const MOST = 500;

/** An event on one of the days on which it happens. */
export interface ShownEvent extends EventTimeRow {
  number: string;
  title: string;
  place: string;
  state: string;
  /** Of this time, its day in its series, and the first and the last on which it is. */
  original_on: string;
  starts_on: string;
  ends_on: string;
  /** When it begins and ends by itself, if it was moved: clocks. */
  own_starts_at: string | null;
  own_ends_at: string | null;
}

/** A task on its due day. */
export interface ShownTask {
  number: string;
  title: string;
  state: string;
  due_on: string;
  milestone: boolean;
}

/** The first and the last day that are shown, ISO 8601. */
export interface Range {
  from: string;
  to: string;
}

/** SQL: times `o` of events that touch the days from $2 to $3: none is longer than 31 days. */
const WITHIN = `o.starts_on between $2::date - 30 and $3::date and o.ends_on >= $2::date`;

const eventsOf = (times: string) => `select e.number, e.title, e.place, e.state, o.original_on, o.starts_on, o.ends_on,
    ${clockColumn('o.starts_at')} as own_starts_at, ${clockColumn('o.ends_at')} as own_ends_at, ${eventTimeColumns('e')}
  from (${times}) o
  cross join lateral (
    select * from events e where e.organization_id = o.organization_id and e.id = o.event_id limit 1) e
  where e.state <> 'canceled' order by o.starts_on, coalesce(o.starts_at, e.starts_at)::time limit ${MOST}`;

const timesOf = (which: string) => `select o.* from event_occurrences o
  where o.organization_id = $1 and ${which} and ${WITHIN} and not o.canceled order by o.starts_on limit ${MOST}`;

const TASK = 't.number, t.title, t.state, t.due_on, t.milestone';

/** The events of the project with this key on these days, as far as the actor sees them. */
export const projectEvents = ({ organization_id }: Actor, { from, to }: Range, key: string): Query<ShownEvent> => ({
  name: 'project_events',
  text: eventsOf(timesOf(`o.project_id = ${PROJECT_ID.replace('$2', '$4')}`)),
  values: [organization_id, from, to, key],
});

/** The tasks of the project that are due on these days. */
export const projectDueTasks = ({ organization_id }: Actor, { from, to }: Range, key: string): Query<ShownTask> => ({
  name: 'project_due_tasks',
  text: `select ${TASK} from tasks t
    where t.organization_id = $1 and t.project_id = ${PROJECT_ID.replace('$2', '$4')}
      and t.due_on between $2 and $3 and t.kind <> 'phase' and t.state <> 'dropped'
    order by t.due_on limit ${MOST}`,
  values: [organization_id, from, to, key],
});

/** All events that the actor sees on these days: those of the organization, or of their company. */
export function allEvents({ organization_id, partner_id }: Actor, { from, to }: Range): Query<ShownEvent> {
  if (!partner_id) return { name: 'all_events', text: eventsOf(timesOf('true')), values: [organization_id, from, to] };
  const theirs = `(${timesOf('o.vendor_id = $4')})
    union all (${timesOf('o.customer_id = $4 and o.vendor_id is distinct from $4')})`;
  return { name: 'all_events_of_partner', text: eventsOf(theirs), values: [organization_id, from, to, partner_id] };
}

/** The actor's own tasks that are due on these days and not done yet. */
export const ownDueTasks = ({ organization_id, person_id }: Actor, { from, to }: Range): Query<ShownTask> => ({
  name: 'own_due_tasks',
  text: `select ${TASK} from tasks t
    where t.organization_id = $1 and t.assignee_id = $4 and t.state in ('open', 'started')
      and t.due_on between $2 and $3 and t.kind <> 'phase'
    order by t.due_on limit ${MOST}`,
  values: [organization_id, from, to, person_id],
});
