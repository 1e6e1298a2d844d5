import { LONGEST } from '../../../projects/days_off/days_off.js';
import { type Conversation, conversationColumns, jsonRows } from '../../../conversation/conversation.js';
import { finds } from '../../../db/planner.js';
import type { Actor, Query } from '../../../db/scope.js';
import { PROJECT_ID } from '../../../projects/project_head.js';
import { TASK, type TaskRow } from '../../../projects/tasks/task.js';

/** Somebody who does a task, as far as its reader is shown them. */
interface Doer {
  id: string;
  name: string;
  photo_sha256: string | null;
  partner_id: string | null;
}

/** A task in a list. */
export interface ListedTask extends TaskRow {
  assignee: Doer | null;
  /** For staff, and for the vendor itself: its name. */
  vendor: string | null;
  reason_author: string | null;
  /** Those that it waits for. */
  after: { number: string; title: string; state: string }[];
  /** The phase that it is in. */
  phase: { id: string; number: string; title: string } | null;
  /** The task that it is a step of. */
  parent: string | null;
  /** Of what it holds, without what was dropped. */
  children: number;
  children_done: number;
  file_count: number;
  /** What it waits for to be signed or answered. */
  document: { number: string; type: string; state: string; signature_required: boolean } | null;
}

/** SQL: whether the reader is shown somebody `p` by name. Of a customer's: their own, and staff if people are shown. */
const isNamed = (shown: string) => `(app_side() in ('staff', 'system') or p.partner_id = app_partner()
  or (p.partner_id is null and ${shown}))`;

const person = (id: string, shown: string, columns: string) => `(select ${columns} from people p
  where p.organization_id = t.organization_id and p.id = t.${id} and ${isNamed(shown)})`;

const DOER = `json_build_object('id', p.id, 'name', p.name, 'photo_sha256', p.photo_sha256, 'partner_id', p.partner_id)`;

const AFTER = jsonRows(
  `select b.number, b.title, b.state, b.position from task_dependencies x
    join tasks b on b.organization_id = x.organization_id and b.id = x.after_id
  where x.organization_id = t.organization_id and x.task_id = t.id order by b.position limit 50`,
  'r.position',
);

const PHASE = `case t.kind
  when 'task' then (select json_build_object('id', b.id, 'number', b.number, 'title', b.title) from tasks b
    where b.organization_id = t.organization_id and b.id = t.parent_id)
  when 'step' then (select json_build_object('id', b.id, 'number', b.number, 'title', b.title) from tasks a
    join tasks b on b.organization_id = a.organization_id and b.id = a.parent_id
    where a.organization_id = t.organization_id and a.id = t.parent_id) end`;

/** More than so many of one are not counted. */
const MOST_HELD = 500;

const held = (where: string) => `case when t.kind = 'step' then 0 else (select count(*) from (
  select c.state from tasks c where c.organization_id = t.organization_id and c.parent_id = t.id
  limit ${MOST_HELD}) c where ${where})::int end`;

/** SQL: the columns of `ListedTask`; `shown`: whether its project shows people to partners. */
const listed = (shown: string) => `${TASK}, ${person('assignee_id', shown, DOER)} as assignee,
  ${person('reason_by', shown, 'p.name')} as reason_author,
  (select n.name from partners n where n.organization_id = t.organization_id and n.id = t.vendor_id
    and (app_side() in ('staff', 'system') or n.id = app_partner())) as vendor,
  ${AFTER} as after, ${PHASE} as phase,
  (select b.title from tasks b where b.organization_id = t.organization_id and b.id = t.parent_id) as parent,
  ${held(`c.state <> 'dropped'`)} as children, ${held(`c.state = 'done'`)} as children_done,
  (select count(*) from (select from files f where f.organization_id = t.organization_id and f.subject_id = t.id
    limit 100) f)::int as file_count,
  (select json_build_object('number', d.number, 'type', d.type, 'state', d.state,
      'signature_required', d.signature_required) from documents d
    where d.organization_id = t.organization_id and d.id = t.document_id and d.number is not null) as document`;

const SHOWN = `(select 'people' = any (j.shown) from projects j where j.organization_id = $1 and j.key = $2)`;

/** What the list can be narrowed to. */
export const TASK_FILTERS = ['all', 'open', 'yours', 'dropped'] as const;
export type TaskFilter = (typeof TASK_FILTERS)[number];

/** Tasks on a page. */
export const TASKS_PAGE = 100;
/** So many of one person are read, of all projects. */
const MOST_OWN = 500;

const LIVING = `('open', 'started')`;

/** SQL: the tasks of each filter, each by its own index. `$4`: the reader. */
const FROM: Readonly<Record<TaskFilter, string>> = {
  all: `tasks t where t.organization_id = $1 and t.project_id = ${PROJECT_ID} and t.state <> 'dropped'`,
  open: `tasks t where t.organization_id = $1 and t.project_id = ${PROJECT_ID} and t.state in ${LIVING}
    and t.kind <> 'phase'`,
  yours: `(select * from tasks where organization_id = $1 and assignee_id = $4 and state in ${LIVING}
      order by due_on limit ${MOST_OWN}) t
    where t.project_id = ${PROJECT_ID}`,
  dropped: `tasks t where t.organization_id = $1 and t.project_id = ${PROJECT_ID} and t.state = 'dropped'`,
};

/** A page of the tasks of the project with this key that its reader sees, in their order, and one more. */
export const projectTasks = (
  { organization_id, person_id }: Actor,
  key: string,
  filter: TaskFilter = 'all',
  after = '0',
): Query<ListedTask> => ({
  name: `project_tasks_${filter}`,
  text: `select ${listed(SHOWN)} from ${FROM[filter]} and t.position > $3::numeric
    order by t.position limit ${TASKS_PAGE + 1}`,
  values: [organization_id, key, after, ...(filter === 'yours' ? [person_id] : [])],
});

/** The task of this number as what is acted on, if its reader sees what is said about it. */
export const taskFacts = ({ organization_id }: Actor, number: string): Query<TaskRow & { project_key: string }> => ({
  name: 'task_facts',
  text: `select ${TASK}, (select j.key from projects j
      where j.organization_id = t.organization_id and j.id = t.project_id) as project_key from tasks t
    join subjects s on s.organization_id = t.organization_id and s.id = t.id
    where t.organization_id = $1 and t.number = $2`,
  values: [organization_id, number],
});

/** A task's page, with its conversation, as far as its reader may see them. */
export interface TaskPage extends ListedTask, Conversation {
  /** Null for whom the project isn't shown to: who came by a link to this task, or has no other part in it. */
  project: string | null;
  project_key: string | null;
  /** Whether partners are shown the names of staff. */
  people_shown: boolean;
  /** The name of the other side of its conversation. */
  partner: string | null;
  /** Whether its reader sees what is said about it. */
  shared: boolean;
  steps: StepRow[];
  /** What waits for it. */
  before: { number: string; title: string; state: string }[];
  /** What the day on which it is due is off for. */
  due_off: string | null;
}

export interface StepRow {
  number: string;
  title: string;
  state: string;
  due_on: string | null;
}

const DUE_OFF = `(select o.name from days_off o where o.organization_id = t.organization_id
  and o.starts_on between t.due_on - ${LONGEST} and t.due_on and o.ends_on >= t.due_on limit 1)`;

const STEPS = jsonRows(
  `select c.number, c.title, c.state, c.due_on, c.position from tasks c
    where c.organization_id = t.organization_id and c.parent_id = t.id and c.state <> 'dropped'
    order by c.position limit 200`,
  'r.position',
);

const BEFORE = jsonRows(
  `select b.number, b.title, b.state, b.position from task_dependencies x
    join tasks b on b.organization_id = x.organization_id and b.id = x.task_id
  where x.organization_id = t.organization_id and x.after_id = t.id order by b.position limit 50`,
  'r.position',
);

export const taskPage = ({ organization_id }: Actor, number: string): Query<TaskPage> => ({
  name: 'task_page',
  text: `select d.*, ${conversationColumns('0')},
      ${finds('subjects s where s.organization_id = d.organization_id and s.id = d.id')} as shared
    from (select ${listed('t.people_shown')}, j.name as project, j.key as project_key,
        t.people_shown, ${STEPS} as steps, ${BEFORE} as before,
        ${DUE_OFF} as due_off,
        (select n.name from partners n where n.organization_id = t.organization_id
          and n.id = case when t.vendor_id is null then t.customer_id else t.vendor_id end) as partner
      from tasks t left join projects j on j.organization_id = t.organization_id and j.id = t.project_id
      where t.organization_id = $1 and t.number = $2) d`,
  values: [organization_id, number],
});
