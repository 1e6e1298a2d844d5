import type { Actor, Query } from '../../../db/scope.js';
import { PROJECT_ID } from '../../../projects/project_head.js';

/** A person's running timer. */
export interface Timer {
  project_key: string;
  project: string;
  work_id: string;
  work: string;
  note: string;
  started_at: Date;
}

const WORK = `coalesce(
    (select t.title from tasks t where t.organization_id = x.organization_id and t.id = x.task_id),
    (select a.name from project_activities a where a.organization_id = x.organization_id and a.id = x.activity_id))`;

export const runningTimer = ({ organization_id, person_id }: Actor): Query<Timer> => ({
  name: 'running_timer',
  text: `select j.key as project_key, j.name as project, coalesce(x.task_id, x.activity_id) as work_id, ${WORK} as work,
      x.note, x.started_at
    from timers x join projects j on j.organization_id = x.organization_id and j.id = x.project_id
    where x.organization_id = $1 and x.person_id = $2`,
  values: [organization_id, person_id],
});

/** What time can be spent on, with what was planned and logged; of an activity `number` is null. Minutes. */
export interface WorkRow {
  id: string;
  title: string;
  number: string | null;
  parent: string | null;
  kind: string;
  state: string;
  assignee_id: string | null;
  vendor_id: string | null;
}

/** So many tasks of each kind are chosen from. */
const WORKS = 100;

/** SQL: what the reader has to do, what their company has, and what is open in the project; each by its own index. */
const OWN = `(select id, project_id from tasks where organization_id = $1 and assignee_id = $3
    and state in ('open', 'started') order by due_on limit 500)
  union (select id, project_id from tasks where organization_id = $1 and vendor_id = $4
    and project_id = ${PROJECT_ID} order by state in ('open', 'started') desc, position limit ${WORKS})
  union (select id, project_id from tasks where organization_id = $1 and project_id = ${PROJECT_ID}
    and state in ('open', 'started') and app_side() <> 'partner' order by position limit ${WORKS})
  union (select task_id, project_id from timers where organization_id = $1 and person_id = $3)
  union (select id, project_id from tasks where organization_id = $1 and id = any ($5::uuid[]))`;

/**
 * The activities of a project and the tasks that its reader is likeliest to log on: their own, their company's, the first
 * open ones, and those `wanted`, by id; as far as they see them.
 */
export const projectWorks = (
  { organization_id, person_id, partner_id }: Actor,
  key: string,
  wanted: readonly string[] = [],
): Query<WorkRow> => ({
  name: 'project_works',
  text: `(select t.id, t.title, t.number, p.title as parent, t.kind, t.state, t.assignee_id, t.vendor_id
      from (${OWN}) w
        cross join lateral (select * from tasks where organization_id = $1 and id = w.id limit 1) t
        left join lateral (select title from tasks where organization_id = $1 and id = t.parent_id limit 1) p on true
      where w.project_id = ${PROJECT_ID} and t.kind <> 'phase'
      order by coalesce(t.assignee_id = $3, false) desc, t.position limit 300)
    union all
    (select a.id, a.name, null, null, 'activity', 'open', null, null from project_activities a
      where a.organization_id = $1 and a.project_id = ${PROJECT_ID} order by a.name limit 100)`,
  values: [organization_id, key, person_id, partner_id, wanted],
});

/** A cell of the week. */
export interface LoggedCell {
  id: string;
  work_id: string;
  work: string | null;
  day: string;
  minutes: number;
  note: string;
  internal_note: string | null;
}

export const loggedWeek = (
  { organization_id }: Actor,
  key: string,
  person_id: string | null,
  week: string,
): Query<LoggedCell> => ({
  name: 'logged_week',
  text: `select x.id, x.work_id, ${WORK} as work, x.day, x.minutes, x.note,
      (select c.internal_note from time_costs c where c.organization_id = $1 and c.entry_id = x.id) as internal_note
    from time_entries x
    where x.organization_id = $1 and x.project_id = ${PROJECT_ID} and x.week = $4 and x.person_id = $3
    order by x.day, x.id limit 1000`,
  values: [organization_id, key, person_id, week],
});

/** The works of somebody's week, to begin the next one with. */
export const worksOfWeek = (
  { organization_id }: Actor,
  key: string,
  person_id: string | null,
  week: string,
): Query<{ work_id: string }> => ({
  name: 'works_of_week',
  text: `select distinct x.work_id from time_entries x
    where x.organization_id = $1 and x.project_id = ${PROJECT_ID} and x.week = $4 and x.person_id = $3 limit 100`,
  values: [organization_id, key, person_id, week],
});

/** A person's week on the project; `by`: who decided on it. */
export interface WeekState {
  person_id: string;
  name: string;
  week: string;
  state: 'open' | 'submitted' | 'approved' | 'sent_back';
  minutes: number;
  reason: string;
  by: string | null;
}

const WEEK_STATE = `w.person_id, p.name, w.week, w.state, w.minutes::float8 as minutes, w.reason,
  (select d.name from people d where d.organization_id = w.organization_id and d.id = w.decided_by) as by`;

export const weekState = (
  { organization_id }: Actor,
  key: string,
  person_id: string | null,
  week: string,
): Query<WeekState> => ({
  name: 'week_state',
  text: `select ${WEEK_STATE} from time_weeks w
    join people p on p.organization_id = w.organization_id and p.id = w.person_id
    where w.organization_id = $1 and w.person_id = $3 and w.week = $4 and w.project_id = ${PROJECT_ID}`,
  values: [organization_id, key, person_id, week],
});

/** The weeks that wait for approval, for staff. */
export const weeksToApprove = ({ organization_id }: Actor, key: string): Query<WeekState> => ({
  name: 'weeks_to_approve',
  text: `select ${WEEK_STATE} from time_weeks w
    join people p on p.organization_id = w.organization_id and p.id = w.person_id
    where w.organization_id = $1 and w.project_id = ${PROJECT_ID} and w.state = 'submitted' and is_internal()
    order by w.week limit 20`,
  values: [organization_id, key],
});

/** What everybody logged in a week, by person, for staff. Minutes. */
export interface PersonWeek {
  person_id: string;
  name: string;
  partner: string | null;
  minutes: number;
  state: WeekState['state'] | null;
}

export const everybodysWeek = ({ organization_id }: Actor, key: string, week: string): Query<PersonWeek> => ({
  name: 'everybodys_week',
  text: `select s.person_id, p.name, n.name as partner, s.minutes, w.state
    from (select person_id, sum(minutes)::float8 as minutes from time_sums
      where organization_id = $1 and project_id = ${PROJECT_ID} and week = $3 group by person_id limit 500) s
    join people p on p.organization_id = $1 and p.id = s.person_id
    left join partners n on n.organization_id = $1 and n.id = p.partner_id
    left join time_weeks w on w.organization_id = $1 and w.person_id = s.person_id and w.week = $3
      and w.project_id = ${PROJECT_ID}
    where s.minutes > 0 order by p.name`,
  values: [organization_id, key, week],
});

/** What was logged on a task or activity, and planned; for staff. Minutes. */
export interface PlannedRow {
  title: string;
  number: string | null;
  logged: number;
  planned: number | null;
}

export const loggedAndPlanned = ({ organization_id }: Actor, key: string, most: number): Query<PlannedRow> => ({
  name: `logged_and_planned_${most}`,
  text: `(select t.title, t.number, x.minutes::float8 as logged, t.estimate_minutes as planned
      from task_time x join tasks t on t.organization_id = x.organization_id and t.id = x.task_id
      where x.organization_id = $1 and x.project_id = ${PROJECT_ID} and x.minutes > 0 and is_internal()
      order by x.last_on desc limit ${most})
    union all
    (select a.name, null, a.minutes::float8, a.planned_minutes from project_activities a
      where a.organization_id = $1 and a.project_id = ${PROJECT_ID} and a.minutes > 0 order by a.name limit ${most})`,
  values: [organization_id, key],
});
