import type { Actor, Query } from '../../../db/scope.js';
import { PROJECT_ID } from '../../../projects/project_head.js';

/** A week as the customer sees it; `minutes` null: they see no hours. */
export interface SharedWeek {
  week: string;
  minutes: number | null;
  asked_at: Date | null;
  accepted_at: Date | null;
  accepted_by: string | null;
  /** What of it is approved. */
  accepted_minutes: number | null;
  /** Who has a question about it. */
  questioned_by: string | null;
}

/** So many weeks a page shows. */
export const WEEKS = 4;

/** The newest weeks that the customer sees, before a week if given, and one more to tell whether there are others. */
export const sharedWeeks = ({ organization_id }: Actor, key: string, before: string | null): Query<SharedWeek> => ({
  name: `shared_weeks${before ? '_before' : ''}`,
  text: `select w.week, w.minutes::float8 as minutes, w.asked_at, w.accepted_at,
      w.accepted_minutes::float8 as accepted_minutes,
      (select p.name from people p where p.organization_id = $1 and p.id = w.accepted_by) as accepted_by,
      (select p.name from people p where p.organization_id = $1 and p.id = w.questioned_by) as questioned_by
    from shared_weeks w
    where w.organization_id = $1 and w.project_id = ${PROJECT_ID} and w.customer_id is not null
      ${before ? 'and w.week < $3' : ''}
    order by w.week desc limit ${WEEKS + 1}`,
  values: before ? [organization_id, key, before] : [organization_id, key],
});

/** What was done in such a week on a task; `title` null: on one that they don't see. */
export interface SharedRow {
  week: string;
  work_id: string;
  accepted: boolean;
  title: string | null;
  state: string | null;
  note: string;
  /** Of a person whom they see. */
  name: string | null;
  trade: string;
  minutes: number | null;
}

export const sharedRows = ({ organization_id }: Actor, key: string, before: string | null): Query<SharedRow> => ({
  name: `shared_time${before ? '_before' : ''}`,
  text: `select s.week, s.work_id, s.accepted, coalesce(nullif(s.name, ''), t.title) as title, t.state, s.note, s.trade,
      case when s.named then (select p.name from people p where p.organization_id = $1 and p.id = s.person_id) end as name,
      s.minutes::float8 as minutes
    from (select w.week, w.project_id from shared_weeks w
      where w.organization_id = $1 and w.project_id = ${PROJECT_ID} and w.customer_id is not null
        ${before ? 'and w.week < $3' : ''}
      order by w.week desc limit ${WEEKS}) w
    cross join lateral (select * from time_shares s
      where s.organization_id = $1 and s.project_id = w.project_id and s.week = w.week limit 200) s
    left join tasks t on t.organization_id = $1 and t.id = s.work_id
    order by s.week desc, t.position, s.work_id, s.person_id`,
  values: before ? [organization_id, key, before] : [organization_id, key],
});

/** All that the customer sees, in minutes, since its first week. */
interface SharedSum {
  minutes: number | null;
  since: string | null;
}

export const sharedSum = ({ organization_id }: Actor, key: string): Query<SharedSum> => ({
  name: 'shared_time_sum',
  text: `select sum(w.minutes)::float8 as minutes, min(w.week) as since from shared_weeks w
    where w.organization_id = $1 and w.project_id = ${PROJECT_ID} and w.customer_id is not null`,
  values: [organization_id, key],
});

/** What is agreed on a project's time, and what is to be billed; for staff. Minutes, rates in minor units. */
export interface ProjectTime {
  time_shown: 'hours' | 'notes' | 'none';
  bill_rate: number | null;
  asks_approval: boolean;
  minutes: number;
  approved_minutes: number;
  unbilled_minutes: number;
  accepted_minutes: number;
}

export const projectTime = ({ organization_id }: Actor, key: string): Query<ProjectTime> => ({
  name: 'project_time',
  text: `select case when 'time' = any (j.shown) then j.time_shown else 'none' end as time_shown,
      x.bill_rate::float8 as bill_rate, coalesce(x.asks_approval, false) as asks_approval,
      coalesce(x.minutes, 0)::float8 as minutes, coalesce(x.approved_minutes, 0)::float8 as approved_minutes,
      coalesce(x.unbilled_minutes, 0)::float8 as unbilled_minutes,
      coalesce(x.accepted_minutes, 0)::float8 as accepted_minutes
    from projects j left join project_time x on x.organization_id = j.organization_id and x.project_id = j.id
    where j.organization_id = $1 and j.key = $2 and is_internal()`,
  values: [organization_id, key],
});

/** Up to which day nothing is logged or changed. */
export const closedPeriod = ({ organization_id }: Actor): Query<{ closed_on: string | null }> => ({
  name: 'closed_period',
  text: 'select closed_on from time_settings where organization_id = $1',
  values: [organization_id],
});
