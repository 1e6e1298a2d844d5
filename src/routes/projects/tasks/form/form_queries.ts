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

/** A task that exists, with those that it waits for. */
export interface ChosenTask extends TaskRow, FormProject {
  after_ids: string[];
}

const TASKS = jsonRows(
  `select t.id, t.title, t.kind, t.position from tasks t
    where t.organization_id = j.organization_id and t.project_id = j.id and t.state <> 'dropped'
    order by t.position limit 500`,
  'r.position',
);

// Staff, the customer's contacts, and those of vendors with work in projects.
const PEOPLE = jsonRows(
  `select p.id, p.name || coalesce(' · ' || n.name, '') as name, p.partner_id is null as ours
    from people p left join partners n on n.organization_id = p.organization_id and n.id = p.partner_id
    where p.organization_id = j.organization_id and p.removed_at is null and not p.pending and not p.guest
      and (p.partner_id is null or p.partner_id = j.partner_id or n.is_vendor)
    order by p.partner_id nulls first, p.name limit 300`,
  'r.ours desc, r.name',
);

const VENDORS = jsonRows(
  `select n.id, n.name, n.name_key from partners n
    where n.organization_id = j.organization_id and n.is_vendor order by n.name_key, n.id limit 300`,
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

/** The same for the task of this number. */
export const formTask = ({ organization_id }: Actor, number: string): Query<ChosenTask> => ({
  name: 'task_edit_form',
  text: `select t.*, j.key, ${CHOICES}, array(select d.after_id from task_dependencies d
      where d.organization_id = t.organization_id and d.task_id = t.id) as after_ids
    from (select * from tasks where organization_id = $1 and number = $2) t
    join projects j on j.organization_id = t.organization_id and j.id = t.project_id`,
  values: [organization_id, number],
});
