import type { Knex } from 'knex';
import { record } from '../../activity/record.js';
import { actingAs, type Actor, setActor, systemActor, withActor } from '../../db/scope.js';
import { NotFound } from '../../errors.js';
import { passwordHash, setPassword } from '../credentials/password_hashes.js';
import { proceed, type SigningBrowser } from '../sign_in/complete_sign_in.js';
import { membershipsOf } from '../sign_in/members.js';
import { logOfUser } from '../sign_in/security_log.js';
import type { SignedIn } from '../strategies/credential_strategy.js';
import { acceptTerms, type ReadTerms } from '../terms/accept_terms.js';
import type { Invitation } from './find_invitation.js';
import { tell } from './tell.js';
import { findOurs } from './who_grants.js';

/** What a person gives in the first step, and what they agree to. */
export interface Activation {
  name: string;
  last_name: string;
  read: readonly ReadTerms[];
  /** For who has none yet, and no other membership. */
  password: string | null;
  browser: SigningBrowser;
  /** Where they go on. */
  return_to: string;
  /** The browser is signed in as this person. */
  signed_in: boolean;
}

/**
 * Takes an invitation, once: stores names, agreement and password, and tells who sent it. Returns the session that it
 * opens, or its second step; null if there is none to open. Who has another membership signs in as usual: an invitation
 * of one organization is no way into another. False if it was taken, withdrawn or has expired meanwhile.
 */
export function takeInvitation(
  db: Knex,
  invitation: Invitation,
  activation: Activation,
): Promise<SignedIn | null | false> {
  const { organization_id, person_id, user_id } = invitation;
  const { browser, signed_in, read, return_to } = activation;
  return db.transaction(async (db) => {
    const others = (await membershipsOf(db, user_id)).filter((member) => member.person_id !== person_id);
    await setActor(db, systemActor(organization_id, person_id));
    if (!(await markTaken(db, invitation, activation))) return false;
    await acceptTerms(db, { organization_id, person_id, remote_ip: browser.remote_ip }, read);
    await tellInviter(db, invitation, activation.name);
    if (!others.length) await setFirstPassword(db, user_id, activation);
    if (signed_in || others.length) return null;
    const proven = { user_id, way: 'invitation', return_to };
    return actingAs(db, { ...systemActor(null), user_id }, () => proceed(db, proven, browser));
  });
}

/** Not in the place of one that they have set meanwhile. */
async function setFirstPassword(db: Knex.Transaction, user_id: string, { password, browser }: Activation) {
  if (password === null) return;
  const isSet = await actingAs(db, { ...systemActor(null), user_id }, async () => {
    if ((await passwordHash(db, user_id)) !== null) return false;
    await setPassword(db, user_id, password);
    return true;
  });
  if (isSet) await logOfUser(db, user_id, { action: 'password_set' }, browser);
}

async function markTaken(
  db: Knex.Transaction,
  { organization_id, id, person_id, partner }: Invitation,
  { name, last_name }: Activation,
): Promise<boolean> {
  const open = { organization_id, id, accepted_at: null, revoked_at: null };
  const invitation = db('invitations').where(open).where('expires_at', '>', db.fn.now());
  if (!(await invitation.forUpdate().first('id'))) return false;
  const activated_at = db.raw('app_now()');
  const inactive = { organization_id, id: person_id, removed_at: null, activated_at: null };
  if (!(await db('people').where(inactive).update({ name, last_name, activated_at }))) return false;
  // Staff have nothing more to see here.
  const step = partner === null ? 4 : 2;
  await db('invitations')
    .where({ organization_id, id })
    .update({ accepted_at: db.raw('app_now()'), step });
  return true;
}

async function tellInviter(db: Knex.Transaction, invitation: Invitation, name: string): Promise<void> {
  const { organization_id, person_id } = invitation;
  const person = await db('people').where({ organization_id, id: person_id }).first('partner_id');
  const inviter = await db('invitations as i')
    .join('people as p', (on) => on.on('p.organization_id', 'i.organization_id').on('p.id', 'i.invited_by'))
    .where({ 'i.organization_id': organization_id, 'i.id': invitation.id, 'p.removed_at': null })
    .first('p.id as person_id', 'p.email');
  const side = person.partner_id ? ('partner' as const) : ('staff' as const);
  const activity = await record(
    db,
    { ...systemActor(organization_id, person_id), side },
    {
      action: 'activate',
      partner_id: person.partner_id,
      details: { name, person_id },
      visible_to: person.partner_id ? 'both' : 'staff',
    },
  );
  await tell(db, activity, inviter ? [inviter] : await findOurs(db, organization_id, person_id));
}

/** Notes that somebody has come as far as this step, so that they can go on later; with their job title, if given. */
export const reachStep = (db: Knex, actor: Actor, step: 2 | 3 | 4, title?: string): Promise<void> =>
  withActor(db, actor, async (db) => {
    const { organization_id, person_id, partner_id, name, now } = actor;
    if (!organization_id || !person_id) throw new NotFound();
    await actingAs(db, systemActor(organization_id, person_id, now), async () => {
      await db('invitations')
        .where({ organization_id, person_id })
        .whereNotNull('accepted_at')
        .where('step', '<', step)
        .update({ step });
      if (title === undefined) return;
      const changed = await db('people')
        .where({ organization_id, id: person_id })
        .whereNot({ title })
        .update({ title });
      if (!changed) return;
      const details = { name, person_id, fields: ['title'] };
      await record(db, actor, { action: 'change_contact', partner_id, details, visible_to: 'staff' });
    });
  });
