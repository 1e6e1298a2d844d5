import type { Knex } from 'knex';
import { record } from '../../activity/record.js';
import { actingAs, type Actor, systemActor, withActor } from '../../db/scope.js';
import { NotFound } from '../../errors.js';
import { staffInRoles, tell } from '../invitations/tell.js';

// The second time within a day changes nothing, and returns no row.
const ASK = `update people set erasure_asked_at = app_now() where organization_id = ? and id = ?
  and (erasure_asked_at is null or erasure_asked_at < app_now() - interval '1 day') returning id`;

/** Asks owners and admins to erase one's data, once a day. */
export const askErasure = (db: Knex, actor: Actor): Promise<void> => {
  const { organization_id, person_id, partner_id, name, now } = actor;
  if (!organization_id || !person_id) throw new NotFound();
  return withActor(db, actor, (db) =>
    actingAs(db, systemActor(organization_id, person_id, now), async () => {
      const { rows } = await db.raw<{ rows: unknown[] }>(ASK, [organization_id, person_id]);
      if (!rows.length) return;
      const details = { name, person_id };
      const activity = await record(db, actor, { action: 'ask_erasure', partner_id, details, visible_to: 'staff' });
      // Whoever asks can't be the one who does it.
      const admins = await staffInRoles(db, organization_id, ['owner', 'admin']);
      await tell(
        db,
        activity,
        admins.filter((admin) => admin.person_id !== person_id),
      );
    }),
  );
};
