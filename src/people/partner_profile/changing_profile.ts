import type { Knex } from 'knex';
import { type Actor, actingAs, systemActor, withActor } from '../../db/scope.js';
import { NotFound } from '../../errors.js';
import { type ProfilePart, requireMayEdit } from './profile_rights.js';

/** A partner that is being changed: its row is locked. */
export interface LockedPartner {
  organization_id: string;
  id: string;
  name: string;
  locale: string;
}

/** Somebody who acts, in an organization. */
export type Member = Actor & { organization_id: string; person_id: string };

/**
 * Runs `work` with a partner locked that this actor may change, as the system: partners only read their own rows.
 * @throws NotFound for whose it is not; NotAllowed
 */
export function changingProfile<T>(
  db: Knex,
  actor: Actor,
  partner_id: string,
  part: ProfilePart,
  work: (db: Knex.Transaction, partner: LockedPartner, actor: Member) => Promise<T>,
): Promise<T> {
  return withActor(db, actor, async (db) => {
    const { organization_id, person_id } = actor;
    const theirs = actor.side === 'staff' || actor.partner_id === partner_id;
    if (!organization_id || !person_id || !theirs || actor.guest) throw new NotFound();
    requireMayEdit(actor, part);
    return actingAs(db, systemActor(organization_id, person_id, actor.now), async () => {
      const partner: LockedPartner | undefined = await db('partners')
        .where({ organization_id, id: partner_id })
        .forUpdate()
        .first('organization_id', 'id', 'name', 'locale');
      if (!partner) throw new NotFound();
      return work(db, partner, { ...actor, organization_id, person_id });
    });
  });
}
