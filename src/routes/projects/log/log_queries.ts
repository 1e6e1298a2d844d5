import type { Actor, Query } from '../../../db/scope.js';
import { peopleShown } from '../details/details_queries.js';
import { PROJECT_ID } from '../../../projects/project_head.js';

/** A day of a project's log, with its photos. Days ISO 8601. */
export interface LogDay {
  id: string;
  day: string;
  no_work: string;
  people: string;
  weather: string;
  text: string;
  shown: boolean;
  /** A vendor has sent it. */
  theirs: boolean;
  /** Null: none, or not shown to its reader, as the name of who wrote it. */
  vendor: string | null;
  person: string | null;
  created_at: Date;
  files: LogFile[];
}

/** A photo of a day, or another file of a vendor's email. `small`: the hash of its smaller copy. */
export interface LogFile {
  id: string;
  file_id: string;
  name: string;
  size: number;
  description: string;
  content_type: string;
  small: string | null;
  width: number | null;
  height: number | null;
}

const FILES = `coalesce((select json_agg(r order by r.id) from (
  select x.id, x.file_id, x.name, x.size, x.description, f.content_type, f.small_sha256 as small, f.width, f.height
  from project_log_files x
  cross join lateral (select * from files f
    where f.organization_id = x.organization_id and f.id = x.file_id limit 1) f
  where x.organization_id = l.organization_id and x.log_id = l.id and x.removed_at is null order by x.id limit 60) r), '[]')`;

const NAMED = `(l.vendor_id is not distinct from app_partner() or ${peopleShown('l.project_id')})`;

const DAY = `l.id, l.day, l.no_work, l.people, l.weather, l.text, l.shown, l.created_at, ${FILES} as files,
  case when ${NAMED} then (
    select n.name from partners n where n.organization_id = l.organization_id and n.id = l.vendor_id) end as vendor,
  case when ${NAMED} then (
    select p.name from people p where p.organization_id = l.organization_id and p.id = l.person_id) end as person,
  l.vendor_id is not null as theirs`;

/** From where a list of days goes on: after this day and id. */
export interface LogCursor {
  day: string;
  id: string;
}

/** The days of the log that its reader may see, the newest first: `size` of them, and one more. */
export const logDays = (
  { organization_id }: Actor,
  key: string,
  size: number,
  after: LogCursor | null = null,
): Query<LogDay> => ({
  name: `project_log_${size}${after ? '_after' : ''}`,
  text: `select ${DAY} from (
      select * from project_logs l where l.organization_id = $1 and l.project_id = ${PROJECT_ID}
        and l.removed_at is null ${after ? 'and (l.day, l.id) < ($3, $4)' : ''}
      order by l.day desc, l.id desc limit ${size + 1}) l
    order by l.day desc, l.id desc`,
  values: [organization_id, key, ...(after ? [after.day, after.id] : [])],
});

/** One day. */
export const logDay = ({ organization_id }: Actor, key: string, id: string | null): Query<LogDay> => ({
  name: 'project_log_day',
  text: `select ${DAY} from project_logs l where l.organization_id = $1 and l.id = $3
    and l.project_id = ${PROJECT_ID} and l.removed_at is null`,
  values: [organization_id, key, id],
});

/** Whether new days of a project's log are shown to its customer. */
export const logShown = ({ organization_id }: Actor, key: string): Query<{ log_shown: boolean }> => ({
  name: 'project_log_shown',
  text: 'select log_shown from projects where organization_id = $1 and key = $2',
  values: [organization_id, key],
});
