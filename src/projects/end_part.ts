import type { Knex } from 'knex';
import { notifyRemoved } from '../activity/record.js';
import { revokeLinks } from '../mail/links/issue_keys.js';
import { removeParticipant } from '../subjects/participants.js';

/** Ends somebody's part in a subject, their links to it and their open pages. Returns whether they had one. */
export async function endPart(
  db: Knex.Transaction,
  subject: { organization_id: string; id: string },
  person_id: string,
): Promise<boolean> {
  const { organization_id, id: subject_id } = subject;
  if (!(await removeParticipant(db, subject, person_id))) return false;
  await revokeLinks(db, { organization_id, person_id, subject_id });
  await notifyRemoved(db, organization_id, person_id);
  return true;
}
