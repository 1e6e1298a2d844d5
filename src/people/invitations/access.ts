import type { Knex } from 'knex';
import { notifyRemoved, record } from '../../activity/record.js';
import type { Actor } from '../../db/scope.js';
import { Invalid, NotFound } from '../../errors.js';
import type { ContactRole } from '../../subjects/contact_roles.js';
import { MODULES, modulesOf } from '../../subjects/modules.js';
import { managedContact, managing, type ManagedContact } from './managing.js';
import { tell } from './tell.js';
import { findOurs } from './who_grants.js';

/** A contact's role, and the modules that were ticked for them. */
export interface Access {
  role: ContactRole;
  modules: readonly string[];
}

/** Changes what a contact may use; at once, on open pages, too. They are told, and staff of what a manager does. @throws NotFound, NotAllowed, Invalid */
export const changeAccess = (
  db: Knex,
  actor: Actor,
  partner_id: string,
  person_id: string,
  wanted: Access,
): Promise<void> =>
  managing(db, actor, async (db) => {
    const contact = await managedContact(db, actor, partner_id, person_id);
    refuseGuest(contact);
    if (await setAccess(db, actor, contact, wanted)) await recordChange(db, actor, contact);
  });

async function recordChange(db: Knex.Transaction, actor: Actor, contact: ManagedContact): Promise<void> {
  const { organization_id, id: person_id, partner_id, name, email } = contact;
  await notifyRemoved(db, organization_id, person_id);
  const details = { name, person_id };
  const activity = await record(db, actor, { action: 'change_access', partner_id, details });
  const ours = actor.side === 'partner' ? await findOurs(db, organization_id, person_id) : [];
  await tell(db, activity, [...(contact.activated_at ? [{ person_id, email }] : []), ...ours]);
}

/** Who only got a document forwarded is made a contact first. */
export function refuseGuest({ guest }: ManagedContact): void {
  if (guest) throw new Invalid({ form: 'A document was forwarded to them. Make them a contact first.' });
}

/** Stores a contact's role and modules. Returns whether anything changed. */
export async function setAccess(
  db: Knex.Transaction,
  actor: Actor,
  { organization_id, id, partner_id, role, modules: before }: ManagedContact,
  wanted: Access,
): Promise<boolean> {
  const modules = await permittedModules(db, actor, partner_id, before, wanted.modules);
  const unchanged = role === wanted.role && String(before) === String(modules);
  if (!unchanged) await db('people').where({ organization_id, id }).update({ role: wanted.role, modules });
  return !unchanged;
}

/**
 * What a contact may use, if these are ticked: of the modules that the actor can give, and of the others what they have
 * had. Null: all.
 */
async function permittedModules(
  db: Knex.Transaction,
  actor: Actor,
  partner_id: string,
  before: readonly string[] | null,
  ticked: readonly string[],
): Promise<string[] | null> {
  const { organization_id, person_id, side } = actor;
  const partner = await db('partners').where({ organization_id, id: partner_id }).first('is_customer', 'is_vendor');
  const organization = await db('organizations').where({ id: organization_id }).first('modules');
  if (!partner) throw new NotFound();
  const own: { modules: string[] | null } | undefined =
    side === 'partner' ? await db('people').where({ organization_id, id: person_id }).first('modules') : undefined;
  const limit = own?.modules;
  const given = modulesOf(partner, organization.modules)
    .map(({ name }): string => name)
    .filter((name) => !limit || limit.includes(name));
  const names = MODULES.map(({ name }): string => name);
  const had = (name: string) => !before || before.includes(name);
  const permitted = names.filter((name) => (given.includes(name) ? ticked.includes(name) : had(name)));
  return permitted.length === names.length ? null : permitted;
}
