import type { Knex } from 'knex';
import { newId } from '../../db/ids.js';
import { type Actor, systemActor, withActor } from '../../db/scope.js';
import { hashOf, randomToken } from '../../db/secrets.js';
import { LINK_DAYS } from './issue_keys.js';

/**
 * Whoever came by a link and made a document gets a link to that, too: its token. Null if they are known anyway, or
 * if the document is not their own to begin.
 */
export async function linkToDraft(db: Knex, actor: Actor, made: string): Promise<string | null> {
  const { organization_id, person_id, user_id, partner_id, assurance } = actor;
  if (assurance !== 'link' || !organization_id || !person_id || !user_id || !partner_id) return null;
  const token = randomToken();
  return withActor(db, systemActor(organization_id), async (db) => {
    const theirs = { organization_id, id: made, partner_id, started_by: 'partner', state: 'draft' };
    if (!(await db('documents').where(theirs).first('id'))) return null;
    const expires_at = db.raw(`now() + interval '${LINK_DAYS} days'`);
    await db('links').insert({
      organization_id,
      id: newId(),
      document_id: made,
      person_id,
      user_id,
      token_hash: hashOf(token),
      expires_at,
    });
    return token;
  });
}
