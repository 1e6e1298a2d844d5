import type { Actor, Query } from '../../../db/scope.js';
import { PROJECT_ID } from '../../../projects/project_head.js';

/** By what a report sums up time. */
export const GROUPINGS = ['person', 'task', 'week'] as const;
export type Grouping = (typeof GROUPINGS)[number];

/** Minutes of a person, a task or a week. */
interface ReportRow {
  label: string;
  minutes: number;
  approved: number;
}

const LABELS: Record<Grouping, string> = {
  person: '(select p.name from people p where p.organization_id = $1 and p.id = s.key::uuid)',
  task: `coalesce((select t.title from tasks t where t.organization_id = $1 and t.id = s.key::uuid),
    (select a.name from project_activities a where a.organization_id = $1 and a.id = s.key::uuid))`,
  week: 's.key',
};
const KEYS: Record<Grouping, string> = { person: 'person_id', task: 'work_id', week: 'week' };

/** The time of a project in some weeks, in groups; for staff. `from`, `to`: Mondays, at most a year apart. */
export const timeReport = (
  { organization_id }: Actor,
  key: string,
  by: Grouping,
  weeks: { from: string; to: string },
): Query<ReportRow> => ({
  name: `time_report_by_${by}`,
  text: `select ${LABELS[by]} as label, s.minutes::float8 as minutes, s.approved::float8 as approved
    from (select ${KEYS[by]}::text as key, sum(minutes) as minutes, sum(approved_minutes) as approved from time_sums
      where organization_id = $1 and project_id = ${PROJECT_ID} and week between $3 and $4
      group by 1 having sum(minutes) > 0 order by ${by === 'week' ? '1 desc' : '2 desc'} limit 500) s`,
  values: [organization_id, key, weeks.from, weeks.to],
});

/** Something that somebody did, newest first. */
export interface LoggedEntry {
  id: string;
  day: string;
  person: string;
  work: string | null;
  note: string;
  minutes: number;
  approved: boolean;
}

/** The end of a page of entries, after which the next begins. */
export interface EntryCursor {
  day: string;
  id: string;
}

/** The entries of a project in some weeks that their reader sees, newest first; `most` of them, and one more. */
export function timeEntries(
  { organization_id }: Actor,
  key: string,
  weeks: { from: string; to: string },
  after: EntryCursor | null,
  most: number,
): Query<LoggedEntry> {
  const last = after ?? { day: '9999-12-31', id: 'ffffffff-ffff-ffff-ffff-ffffffffffff' };
  return {
    name: `time_entries_${most}`,
    text: `select x.id, x.day, x.note, x.minutes, x.approved,
        (select p.name from people p where p.organization_id = $1 and p.id = x.person_id) as person,
        coalesce((select t.title from tasks t where t.organization_id = $1 and t.id = x.task_id),
          (select a.name from project_activities a where a.organization_id = $1 and a.id = x.activity_id)) as work
      from time_entries x
      where x.organization_id = $1 and x.project_id = ${PROJECT_ID} and x.day between $3 and $4::date + 6
        and (x.day, x.id) < ($5::date, $6::uuid)
      order by x.day desc, x.id desc limit ${most + 1}`,
    values: [organization_id, key, weeks.from, weeks.to, last.day, last.id],
  };
}
