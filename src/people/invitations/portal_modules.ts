import type { Knex } from 'knex';
import { EVERY_CONTACT, notifyRemoved, record } from '../../activity/record.js';
import { actingAs, type Actor, type Query, systemActor, withActor } from '../../db/scope.js';
import { NotFound } from '../../errors.js';
import { MODULES } from '../../subjects/modules.js';
import { requireMay } from '../../subjects/may.js';

/** What an organization decides about its portal. */
export interface PortalSettings {
  /** The modules that it shows. Null: all. */
  modules: string[] | null;
  /** An expired invitation sends itself again when its reader asks. */
  invitations_renew: boolean;
}

export const portalSettings = ({ organization_id }: Actor): Query<PortalSettings> => ({
  name: 'portal_settings',
  text: 'select modules, invitations_renew from organizations where id = $1',
  values: [organization_id],
});

/** Changes what the portal shows; menus, pages and access follow with the next request. @throws NotAllowed */
export const setPortal = (
  db: Knex,
  actor: Actor,
  { shown, invitations_renew }: { shown: readonly string[]; invitations_renew: boolean },
): Promise<void> =>
  withActor(db, actor, async (db) => {
    requireMay(actor, 'administration');
    const { organization_id, person_id, now } = actor;
    if (!organization_id) throw new NotFound();
    const modules = MODULES.every(({ name }) => shown.includes(name)) ? null : [...shown];
    await actingAs(db, systemActor(organization_id, person_id, now), async () => {
      const before = await db('organizations').where({ id: organization_id }).forUpdate().first('modules');
      await db('organizations').where({ id: organization_id }).update({ modules, invitations_renew });
      if (String(before.modules) !== String(modules)) await notifyRemoved(db, organization_id, EVERY_CONTACT);
      await record(db, actor, { action: 'set_portal', details: { modules }, visible_to: 'staff' });
    });
  });
