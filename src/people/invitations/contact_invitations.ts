import type { Knex } from 'knex';
import { record } from '../../activity/record.js';
import type { Actor } from '../../db/scope.js';
import { Invalid, NotFound } from '../../errors.js';
import { addContact, cleaned } from '../contact.js';
import { type Access, refuseGuest, setAccess } from './access.js';
import { invite } from './invite.js';
import { managedContact, managing } from './managing.js';
import { tell } from './tell.js';
import { findOurs } from './who_grants.js';

/** Invites a contact, or again who was; staff are told of a colleague's. `message` null: the words of the last time. */
export const inviteContact = (
  db: Knex,
  secret: string,
  actor: Actor,
  partner_id: string,
  person_id: string,
  { access, message }: { access: Access | null; message: string | null },
): Promise<void> =>
  managing(db, actor, async (db, organization_id) => {
    const contact = await managedContact(db, actor, partner_id, person_id);
    refuseGuest(contact);
    if (contact.activated_at) throw new Invalid({ form: 'They are active already.' });
    if (access) await setAccess(db, actor, contact, access);
    const activity = await invite(db, secret, actor, person_id, message);
    if (actor.side === 'partner') await tell(db, activity, await findOurs(db, organization_id, person_id));
  });

/** Invites a new colleague of a partner's manager. @throws NotAllowed; Invalid if the address is a contact already */
export const inviteColleague = (
  db: Knex,
  secret: string,
  actor: Actor,
  person: { name: string; email: string },
  invitation: { access: Access; message: string },
): Promise<void> =>
  managing(db, actor, async (db, organization_id) => {
    const { partner_id } = actor;
    if (!partner_id) throw new NotFound();
    const { name, email } = cleaned(person);
    // Two who invite the same address at once: the second finds it taken.
    await db('partners').where({ organization_id, id: partner_id }).forUpdate().first('id');
    const taken = await db('people').where({ organization_id, partner_id, email, removed_at: null }).first('id');
    if (taken) throw new Invalid({ email: 'This address is a contact already.' });
    const own = await db('people').where({ organization_id, id: actor.person_id }).first('modules');
    const person_id = await addContact(db, organization_id, partner_id, { name, email });
    await db('people').where({ organization_id, id: person_id }).update({ modules: own.modules });
    const details = { name, person_id };
    await record(db, actor, { action: 'add_contact', partner_id, details, visible_to: 'staff' });
    await inviteContact(db, secret, actor, partner_id, person_id, invitation);
  });

/** Takes an invitation back: its link opens nothing any more. @throws NotFound, NotAllowed */
export const withdrawInvitation = (db: Knex, actor: Actor, partner_id: string, person_id: string): Promise<void> =>
  managing(db, actor, async (db, organization_id) => {
    const { name } = await managedContact(db, actor, partner_id, person_id);
    const open = { organization_id, person_id, accepted_at: null, revoked_at: null };
    if (
      !(await db('invitations')
        .where(open)
        .update({ revoked_at: db.raw('app_now()') }))
    )
      return;
    await db('people').where({ organization_id, id: person_id }).update({ invited_at: null });
    await record(db, actor, { action: 'withdraw_invitation', partner_id, details: { name, person_id } });
  });

/** Makes whom a document was forwarded to a contact in full. @throws NotFound, NotAllowed */
export const makeContact = (db: Knex, actor: Actor, partner_id: string, person_id: string): Promise<void> =>
  managing(db, actor, async (db, organization_id) => {
    const { name, guest } = await managedContact(db, actor, partner_id, person_id);
    if (!guest) return;
    await db('people').where({ organization_id, id: person_id }).update({ guest: false });
    await record(db, actor, { action: 'make_contact', partner_id, details: { name, person_id } });
  });
