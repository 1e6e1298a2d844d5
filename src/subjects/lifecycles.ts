import { type Lifecycle, type SubjectAction, types } from '../document_types/index.js';
import { event } from './project/event_lifecycle.js';
import { project } from './project/project_lifecycle.js';
import { task } from './project/task_lifecycle.js';
import { sharedFolder } from './shared_folder_lifecycle.js';
import { subscription } from './subscription/subscription_lifecycle.js';

/** Every kind of subject, with its states and actions. A new kind is a file and a line here. */
export const LIFECYCLES: readonly Lifecycle[] = [...types, project, task, event, subscription, sharedFolder];

/** @throws Error if there is no such kind: names of kinds come from the database, never from a request. */
export function lifecycleOf(kind: string): Lifecycle {
  const lifecycle = LIFECYCLES.find(({ name }) => name === kind);
  if (!lifecycle) throw new Error(`There is no kind of subject "${kind}".`);
  return lifecycle;
}

/** Whether actions of this name say something and change nothing else: who takes part stays as it was. */
export const onlySays = (name: string): boolean =>
  LIFECYCLES.every(({ actions }) => !actions[name] || actions[name].effect === 'comment');

/** An action of a kind of subject; undefined if it has none of this name. */
export function actionNamed(kind: string, name: string): SubjectAction | undefined {
  const { actions } = lifecycleOf(kind);
  return Object.hasOwn(actions, name) ? actions[name] : undefined;
}
