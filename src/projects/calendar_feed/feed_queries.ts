import { changedTimes, eventTimeColumns, type EventTimeRow } from '../../calendar/event_columns.js';
import type { ChangedTime } from '../../calendar/series.js';
import type { Actor, Query } from '../../db/scope.js';

/** So many of each at most: what is latest. */
const MOST = 1000;

/** An event in a feed. */
export interface FeedEvent extends EventTimeRow {
  id: string;
  number: string;
  title: string;
  note: string;
  place: string;
  state: string;
  sequence: number;
  changed_at: Date;
  /** The times of a series that were changed by themselves. */
  changed: ChangedTime[];
}

const COLUMNS = `e.id, e.number, e.title, e.note, e.place, e.state, e.sequence, e.changed_at, ${eventTimeColumns('e')},
  ${changedTimes('e')} as changed`;
const WITHIN = `e.last_on >= $2 and e.starts_at < $3::date and e.state <> 'canceled'`;

/** Those of an organization, or of a partner; or else, by the second, those that somebody takes part in. */
const ALL = {
  staff: `select ${COLUMNS} from events e where e.organization_id = $1 and ${WITHIN} order by e.last_on desc limit ${MOST}`,
  partner: `(select ${COLUMNS}, e.last_on from events e where e.organization_id = $1 and e.vendor_id = $4 and ${WITHIN}
      order by e.last_on desc limit ${MOST})
    union all
    (select ${COLUMNS}, e.last_on from events e where e.organization_id = $1 and e.customer_id = $4
        and e.vendor_id is distinct from $4 and ${WITHIN} order by e.last_on desc limit ${MOST})`,
  own: `select ${COLUMNS} from (
      select x.subject_id from participants x where x.organization_id = $1 and x.person_id = $4
      order by x.subject_id desc limit ${MOST * 5}) x
    cross join lateral (
      select * from events e where e.organization_id = $1 and e.id = x.subject_id limit 1) e
    where ${WITHIN} limit ${MOST}`,
} as const;

/** The events between two days (ISO 8601) that the actor sees, or only those that they take part in. */
export function feedEvents(actor: Actor, only_own: boolean, from: string, to: string): Query<FeedEvent> {
  const which = only_own ? 'own' : actor.partner_id ? 'partner' : 'staff';
  const whose = { own: [actor.person_id], partner: [actor.partner_id], staff: [] }[which];
  return { name: `feed_events_${which}`, text: ALL[which], values: [actor.organization_id, from, to, ...whose] };
}

/** A task in a feed, on its due day. */
export interface FeedTask {
  id: string;
  number: string;
  title: string;
  due_on: string;
}

/** The actor's own tasks that are due between two days and not done yet. */
export const feedTasks = ({ organization_id, person_id }: Actor, from: string, to: string): Query<FeedTask> => ({
  name: 'feed_tasks',
  text: `select t.id, t.number, t.title, t.due_on from tasks t
    where t.organization_id = $1 and t.assignee_id = $2 and t.state in ('open', 'started')
      and t.due_on between $3 and $4
    order by t.due_on desc limit ${MOST}`,
  values: [organization_id, person_id, from, to],
});
