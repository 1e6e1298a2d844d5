import { jsonRows } from '../../../../conversation/conversation.js';
import type { Actor, Query } from '../../../../db/scope.js';
import type { TaskRow } from '../../../../projects/tasks/task.js';

interface Named {
  id: string;
  name: string;
}

/** What a task's form lets choose from. */
export interface FormChoices {
  tasks: { id: string; title: string; kind: TaskRow['kind'] }[];
  people: Named[];
  vendors: Named[];
  documents: Named[];
}

export interface FormProject {
  key: string;
  choices: FormChoices;
}

/** A task that exists, with those that it waits for, and the names of what it has: choices are not all there is. */
export interface ChosenTask extends TaskRow, FormProject {
  after: { id: string; title: string }[];
  names: Record<'parent' | 'assignee' | 'vendor' | 'document', string | null>;
}

const TASKS = jsonRows(
  `select t.id, t.title, t.kind, t.position from tasks t
    where t.organization_id = j.organization_id and t.project_id = j.id and t.state <> 'dropped'
    order by t.position limit 500`,
  'r.position',
);

const AT_WORK = `p.organization_id = j.organization_id and p.removed_at is null and not p.pending and not p.guest`;

// Staff, the customer's contacts, and some of each vendor that can be chosen.
const PEOPLE = jsonRows(
  `(select p.id, p.name, true as ours from people p where ${AT_WORK} and p.partner_id is null order by p.id limit 100)
    union all
    (select p.id, p.name || ' · ' || n.name, false from partners n
        cross join lateral (select * from people p where ${AT_WORK} and p.partner_id = n.id order by p.id limit 100) p
      where n.organization_id = j.organization_id and n.id = j.partner_id)
    union all
    (select p.id, p.name || ' · ' || n.name, false
      from (select * from partners n where n.organization_id = j.organization_id and n.is_vendor and n.archived_at is null
          order by n.name_key, n.id limit 300) n
        cross join lateral (select * from people p where ${AT_WORK} and p.partner_id = n.id order by p.id limit 10) p
      where n.id is distinct from j.partner_id limit 300)`,
  'r.ours desc, r.name',
);

const VENDORS = jsonRows(
  `select n.id, n.name, n.name_key from partners n
    where n.organization_id = j.organization_id and n.is_vendor and n.archived_at is null
    order by n.name_key, n.id limit 300`,
  'r.name_key',
);

const DOCUMENTS = jsonRows(
  `select d.id, d.number || coalesce(' · ' || nullif(d.title, ''), '') as name from documents d
    where d.organization_id = j.organization_id and d.project_id = j.id and d.number is not null
    order by d.id desc limit 100`,
  'r.id',
);

const CHOICES = `json_build_object('tasks', ${TASKS}, 'people', ${PEOPLE}, 'vendors', ${VENDORS},
  'documents', ${DOCUMENTS}) as choices`;

/** The project of this key, with what a new task may choose from. */
export const formProject = ({ organization_id }: Actor, key: string): Query<FormProject> => ({
  name: 'task_form',
  text: `select j.key, ${CHOICES} from projects j where j.organization_id = $1 and j.key = $2`,
  values: [organization_id, key],
});

const AFTER = jsonRows(
  `select f.id, f.title from task_dependencies d
      join tasks f on f.organization_id = d.organization_id and f.id = d.after_id
    where d.organization_id = t.organization_id and d.task_id = t.id`,
  'r.title',
);

/** SQL: what the task `t` has there. */
const nameOf = (table: string, name: string, key: string) =>
  `(select x.${name} from ${table} x where x.organization_id = t.organization_id and x.id = t.${key})`;

/** The same for the task of this number. */
export const formTask = ({ organization_id }: Actor, number: string): Query<ChosenTask> => ({
  name: 'task_edit_form',
  text: `select t.*, j.key, ${CHOICES}, ${AFTER} as after, json_build_object(
      'parent', ${nameOf('tasks', 'title', 'parent_id')}, 'assignee', ${nameOf('people', 'name', 'assignee_id')},
      'vendor', ${nameOf('partners', 'name', 'vendor_id')}, 'document', ${nameOf('documents', 'number', 'document_id')}
    ) as names
    from (select * from tasks where organization_id = $1 and number = $2) t
    join projects j on j.organization_id = t.organization_id and j.id = t.project_id`,
  values: [organization_id, number],
});
