import type { Act } from '../../acting/context.js';
import { NotFound } from '../../errors.js';
import type { Worker } from './log_time.js';

/** Whose time an act on a project changes: their own. @throws NotFound for the system, which has no time */
export function workerOf({ actor, subject }: Pick<Act, 'actor' | 'subject'>): Worker {
  const { person_id, partner_id } = actor;
  if (!person_id) throw new NotFound();
  return { organization_id: subject.organization_id, project_id: subject.id, person_id, partner_id };
}
