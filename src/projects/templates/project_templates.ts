import type { Actor, Query } from '../../db/scope.js';
import type { TaskRow } from '../tasks/task.js';

/** A plan that projects begin with. `task_count`: without phases and steps. */
export interface Template {
  id: string;
  name: string;
  task_count: number;
}

/** A task of a template; `starts_after` and `due_after` in working days from its project's first. */
export interface TemplateTask {
  id: string;
  kind: TaskRow['kind'];
  parent_id: string | null;
  position: number;
  title: string;
  note: string;
  trade: string;
  shown: boolean;
  milestone: boolean;
  estimate_minutes: number | null;
  starts_after: number | null;
  due_after: number | null;
}

/** As many are listed, and kept. */
export const MOST_TEMPLATES = 200;

/** The templates of the organization, by name. */
export const templateList = ({ organization_id }: Actor): Query<Template> => ({
  name: 'project_templates',
  text: `select id, name, task_count from project_templates where organization_id = $1
    order by lower(name) limit ${MOST_TEMPLATES}`,
  values: [organization_id],
});
