import { type Conversation, conversationColumns } from '../../../conversation/conversation.js';
import { finds } from '../../../db/planner.js';
import type { Actor, Query } from '../../../db/scope.js';
import { PROJECT_ID } from '../../../projects/project_head.js';
import { TASK, type TaskRow } from '../../../projects/tasks/task.js';

/** A task in the list of its project. */
interface ListedTask extends TaskRow {
  assignee: string | null;
}

const ASSIGNEE = `(select p.name from people p
  where p.organization_id = t.organization_id and p.id = t.assignee_id) as assignee`;

/** The tasks of the project with this key that its reader sees, in their order. */
export const projectTasks = ({ organization_id }: Actor, key: string): Query<ListedTask> => ({
  name: 'project_tasks',
  text: `select ${TASK}, ${ASSIGNEE} from tasks t
    where t.organization_id = $1 and t.project_id = ${PROJECT_ID} order by t.position limit 500`,
  values: [organization_id, key],
});

/** The task of this number as what is acted on, if its reader sees what is said about it. */
export const taskFacts = ({ organization_id }: Actor, number: string): Query<TaskRow> => ({
  name: 'task_facts',
  text: `select ${TASK} from tasks t
    join subjects s on s.organization_id = t.organization_id and s.id = t.id
    where t.organization_id = $1 and t.number = $2`,
  values: [organization_id, number],
});

/** A task's page, with its conversation, as far as its reader may see them. */
interface TaskPage extends ListedTask, Conversation {
  project: string;
  project_key: string;
  /** The name of the other side of its conversation. */
  partner: string | null;
  /** Whether its reader sees what is said about it. */
  shared: boolean;
}

export const taskPage = ({ organization_id }: Actor, number: string): Query<TaskPage> => ({
  name: 'task_page',
  text: `select d.*, ${conversationColumns('0')},
      ${finds('subjects s where s.organization_id = d.organization_id and s.id = d.id')} as shared
    from (select ${TASK}, ${ASSIGNEE}, j.name as project, j.key as project_key,
        (select n.name from partners n where n.organization_id = t.organization_id
          and n.id = coalesce(t.vendor_id, t.customer_id)) as partner
      from tasks t join projects j on j.organization_id = t.organization_id and j.id = t.project_id
      where t.organization_id = $1 and t.number = $2) d`,
  values: [organization_id, number],
});
