import type { Actor } from '../../db/scope.js';
import { type ProjectRow, projectSubject } from '../../projects/project_subject.js';
import { isOffered } from '../../subjects/may.js';
import { project } from '../../subjects/project/project_lifecycle.js';

/** Whether an action of a project is offered to its reader now. */
export function offersAct(actor: Actor, row: ProjectRow, name: string): boolean {
  const action = project.actions[name];
  return action !== undefined && isOffered(actor, { name, action, subject: projectSubject(row), today: '' });
}
