import type { Knex } from 'knex';
import { actingAs, type Actor, retry, systemActor, withActor } from '../../db/scope.js';
import { Invalid, NotFound } from '../../errors.js';
import { requireMay } from '../../subjects/may.js';

/** A contact whose access is managed. */
export interface ManagedContact {
  organization_id: string;
  id: string;
  partner_id: string;
  name: string;
  email: string;
  role: string;
  modules: string[] | null;
  guest: boolean;
  invited_at: Date | null;
  activated_at: Date | null;
}

/**
 * Runs `work` as the system, for whoever may invite: of the staff, or a partner's manager; who they are is read anew,
 * since a role may have been taken from them a moment ago. @throws NotAllowed, NotFound
 */
export function managing<T>(
  db: Knex,
  actor: Actor,
  work: (db: Knex.Transaction, organization_id: string) => Promise<T>,
): Promise<T> {
  const attempt = () =>
    withActor(db, actor, async (db) => {
      requireMay(actor, { permits: 'inviting' });
      const { organization_id, person_id, now } = actor;
      if (!organization_id || !person_id) throw new NotFound();
      return actingAs(db, systemActor(organization_id, person_id, now), async () => {
        const author = await db('people')
          .where({ organization_id, id: person_id, removed_at: null, pending: false })
          .forShare()
          .first('role', 'guest');
        if (!author) throw new NotFound();
        requireMay({ ...actor, ...author }, { permits: 'inviting' });
        return work(db, organization_id);
      });
    });
  return db.isTransaction ? attempt() : retry(attempt);
}

/** Locks a contact of a partner that the actor may manage: anybody's but their own. @throws NotFound, Invalid */
export async function managedContact(
  db: Knex.Transaction,
  actor: Actor,
  partner_id: string,
  id: string,
): Promise<ManagedContact> {
  const { organization_id, side } = actor;
  if (side === 'partner' && partner_id !== actor.partner_id) throw new NotFound();
  const found: ManagedContact | undefined = await db('people')
    .where({ organization_id, partner_id, id, removed_at: null })
    .forUpdate()
    .first();
  if (!found) throw new NotFound();
  if (id === actor.person_id) throw new Invalid({ form: 'Ask a colleague to change your own access.' });
  return found;
}
