import { type Conversation, conversationColumns, jsonRows } from '../../../conversation/conversation.js';
import { changedTimes } from '../../../calendar/event_columns.js';
import type { ChangedTime } from '../../../calendar/series.js';
import { finds } from '../../../db/planner.js';
import type { Actor, Query } from '../../../db/scope.js';
import { EVENT, type EventRow } from '../../../projects/events/event.js';

/** The event of this number as what is acted on, if its reader sees what is said about it. */
export const eventFacts = ({ organization_id }: Actor, number: string): Query<EventRow> => ({
  name: 'event_facts',
  text: `select ${EVENT} from events e
    join subjects s on s.organization_id = e.organization_id and s.id = e.id
    where e.organization_id = $1 and e.number = $2`,
  values: [organization_id, number],
});

export type Answer = 'accepted' | 'declined' | 'tentative';

/** An event's page, with its conversation, as far as its reader may see them. */
export interface EventPage extends EventRow, Conversation {
  project: string | null;
  project_key: string | null;
  /** The name of the other side of its conversation. */
  partner: string | null;
  proposer: string | null;
  /** Whether partners are shown the names of staff. */
  people_shown: boolean;
  /** Whether its reader sees what is said about it. */
  shared: boolean;
  /** `on`: to one time of a series alone. */
  answers: { person_id: string; on: string | null; answer: Answer }[];
  changed: ChangedTime[];
}

const ANSWERS = jsonRows(
  `select w.person_id, w.original_on as on, w.answer from event_answers w
  where w.organization_id = d.organization_id and w.event_id = d.id and (w.original_on is null or w.original_on = $3)
  order by w.original_on nulls first limit 400`,
  'r.person_id',
);

/** `on`: with the answers to this time of a series, by its day there. */
export const eventPage = ({ organization_id }: Actor, number: string, on: string | null): Query<EventPage> => ({
  name: 'event_page',
  text: `select d.*, ${conversationColumns('0')}, ${ANSWERS} as answers, ${changedTimes('d')} as changed,
      ${finds('subjects s where s.organization_id = d.organization_id and s.id = d.id')} as shared
    from (select ${EVENT}, j.name as project, j.key as project_key,
        e.people_shown,
        (select p.name from people p
          where p.organization_id = e.organization_id and p.id = e.proposed_by) as proposer,
        (select n.name from partners n where n.organization_id = e.organization_id
          and n.id = case when e.vendor_id is null then e.customer_id else e.vendor_id end) as partner
      from events e left join projects j on j.organization_id = e.organization_id and j.id = e.project_id
      where e.organization_id = $1 and e.number = $2) d`,
  values: [organization_id, number, on],
});

/** Times of a series, by their days there. */
export interface SeriesTime {
  on: string;
  canceled: boolean;
}

/** So many are listed at once. */
export const MOST_TIMES = 10;

/** Times of the event with this number from a day on, and one more than are listed. */
export const seriesTimes = ({ organization_id }: Actor, number: string, from: string): Query<SeriesTime> => ({
  name: 'series_times',
  text: `select o.original_on as on, o.canceled
    from (select id from events where organization_id = $1 and number = $2 limit 1) e
    cross join lateral (
      select * from event_occurrences o
      where o.organization_id = $1 and o.event_id = e.id and o.original_on >= $3
      order by o.original_on limit ${MOST_TIMES + 1}) o
    order by o.original_on`,
  values: [organization_id, number, from],
});

/** Somebody who can be invited: of the staff (no partner), of the customer or of a vendor with work in the project. */
export interface Invitable {
  id: string;
  name: string;
  partner_id: string | null;
  partner: string | null;
  is_customer: boolean;
}

/** SQL: which project, by what $2 names. */
const BY = {
  project: 'key = $2',
  event: 'id = (select project_id from events where organization_id = $1 and number = $2)',
} as const;

/** The people that can be invited in the project with this key, or in that of the event with this number. */
export const invitable = ({ organization_id }: Actor, by: keyof typeof BY, key: string): Query<Invitable> => ({
  name: `invitable_by_${by}`,
  text: `with j as materialized (select id, partner_id from projects where organization_id = $1 and ${BY[by]}),
    companies as materialized (
      select partner_id as id from j
      union (select distinct t.vendor_id from tasks t
        where t.organization_id = $1 and t.project_id = (select id from j) and t.vendor_id is not null limit 100))
    (select p.id, p.name, p.partner_id, null as partner, false as is_customer from people p
      where p.organization_id = $1 and p.partner_id is null and p.removed_at is null and not p.pending
      order by p.id limit 100)
    union all
    (select p.id, p.name, p.partner_id, n.name as partner, p.partner_id = (select partner_id from j) as is_customer
      from companies c
      cross join lateral (select * from partners n where n.organization_id = $1 and n.id = c.id limit 1) n
      cross join lateral (
        select * from people p where p.organization_id = $1 and p.partner_id = c.id and p.removed_at is null
          and not p.pending and not p.guest order by p.id limit 50) p
      order by is_customer desc, partner, p.id limit 300)`,
  values: [organization_id, key],
});
