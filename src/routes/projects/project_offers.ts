import type { Actor } from '../../db/scope.js';
import { type ProjectRow, projectSubject } from '../../projects/project_subject.js';
import { isOffered } from '../../subjects/may.js';
import { project } from '../../subjects/project/project_lifecycle.js';

/** Whether an action of a project is offered to its reader now. Who has no part in its conversation does nothing there. */
export function offersAct(actor: Actor, row: ProjectRow & { shared: boolean }, name: string): boolean {
  if (!row.shared) return false;
  const action = project.actions[name];
  return action !== undefined && isOffered(actor, { name, action, subject: projectSubject(row), today: '' });
}
