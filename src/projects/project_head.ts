import { finds } from '../db/planner.js';
import type { Actor, Query } from '../db/scope.js';
import type { ProjectRow } from './project_subject.js';

/** Parts of a project that staff show to its customer, or not. `people`: the names of who does tasks. */
export const SHOWABLE = ['tasks', 'calendar', 'time', 'finances', 'details', 'comments', 'people'] as const;
export type Showable = (typeof SHOWABLE)[number];

/** What stands above each tab of a project. Days ISO 8601; `counts` of tasks, as many as its reader sees. */
export interface ProjectHead extends ProjectRow {
  name: string;
  partner: string;
  /** Of its customer. */
  currency: string;
  description: string;
  manager_id: string | null;
  manager: string | null;
  manager_photo: string | null;
  starts_on: string | null;
  ends_on: string | null;
  closed_at: string | null;
  /** What its customer sees of it. */
  shown: Showable[];
  /** Whether its reader sees more of it than its name: its conversation. */
  shared: boolean;
  task_count: number;
  done_count: number;
  /** Of all tasks, and of those that are done; by estimate. */
  task_weight: number;
  done_weight: number;
}

/** SQL: a count or weight of the tasks of a project `d`, of those that its reader sees. */
export const countFor = (column: `${'task' | 'done'}_${'count' | 'weight'}`, name: string = column) => `case
    when app_side() in ('staff', 'system') then d.${column}
    when app_partner() = d.partner_id then d.shown_${column.replace('task_', '')} else 0 end as ${name}`;

/** SQL: a column that the customer has only with this part of the project, and vendors never. */
const shownPart = (part: Showable, column: string, otherwise: string) =>
  `case when app_side() in ('staff', 'system') or (app_partner() = d.partner_id and '${part}' = any (d.shown))
    then ${column} else ${otherwise} end`;

/** SQL: a column of its manager, where its reader is shown people. */
const ofManager = (column: string) => `(select m.${column} from people m
  where m.organization_id = d.organization_id and m.id = ${shownPart('people', 'd.manager_id', 'null')})`;

/** The project of this key, as its reader may see it; a vendor with work in it sees its name. */
export const projectHead = ({ organization_id }: Actor, key: string): Query<ProjectHead> => ({
  name: 'project_head',
  text: `select d.organization_id, d.id, d.key, d.name, d.state, d.partner_id, coalesce(p.name, '') as partner,
      coalesce(p.currency, '') as currency, ${shownPart('details', 'd.description', `''`)} as description,
      ${shownPart('people', 'd.manager_id', 'null')} as manager_id, d.starts_on, d.ends_on, d.closed_at, d.shown,
      ${ofManager('name')} as manager, ${ofManager('photo_sha256')} as manager_photo,
      ${finds('subjects s where s.organization_id = d.organization_id and s.id = d.id')} as shared,
      ${countFor('task_count')}, ${countFor('done_count')}, ${countFor('task_weight')}, ${countFor('done_weight')}
    from projects d left join partners p on p.organization_id = d.organization_id and p.id = d.partner_id
    where d.organization_id = $1 and d.key = $2`,
  values: [organization_id, key],
});

/** SQL: the id of the project with the key $2, of organization $1. */
export const PROJECT_ID = '(select id from projects where organization_id = $1 and key = $2)';
