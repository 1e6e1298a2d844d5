import type { Knex } from 'knex';
import { newId } from '../../db/ids.js';
import { type Actor, actingAs, type Role, systemActor } from '../../db/scope.js';
import { Invalid, NotFound } from '../../errors.js';
import { canonicalAddress, isEmail, shownAddress } from '../../input/email_address.js';
import { userFor } from '../contact.js';
import { invite } from '../invitations/invite.js';
import { asMember, changeMember, type Member, requireToManage } from './member_change.js';

/** So many are invited at once. */
const MOST = 20;

/**
 * Invites people to the staff by email, with a role and the limits of who invites them. Who was there before is the same
 * person again. @throws NotAllowed; Invalid if an address is none, or is there already
 */
export const inviteMembers = (
  db: Knex,
  secret: string,
  actor: Actor,
  { emails, role, message }: { emails: string; role: Role; message: string },
): Promise<void> =>
  asMember(db, actor, async (db, organization_id, author) => {
    requireToManage(author, role);
    if (role === 'owner') throw new Invalid({ role: 'They can be made owner once they have joined.' });
    for (const email of addressesIn(emails)) {
      const limits = { send_limit: author.send_limit, approve_limit: author.approve_limit };
      const person_id = await actingAs(db, systemActor(organization_id, author.id, actor.now), () =>
        addPending(db, organization_id, email, { role, ...limits }),
      );
      await actingAs(db, actor, () => invite(db, secret, actor, person_id, message));
    }
  });

/** Sends an invitation again: its link works for seven days from now. @throws NotAllowed, NotFound */
export const resendInvitation = (db: Knex, secret: string, actor: Actor, person_id: string): Promise<void> =>
  changeMember(db, actor, person_id, async (db, { author, member }) => {
    requireToManage(author, member.role);
    if (!member.pending) throw new NotFound();
    await invite(db, secret, actor, member.id, null);
  });

/** @throws Invalid */
function addressesIn(typed: string): string[] {
  const addresses = [
    ...new Set(
      typed
        .split(/[\s,;]+/)
        .filter(Boolean)
        .map(canonicalAddress),
    ),
  ];
  if (!addresses.length) throw new Invalid({ emails: 'Fill this in.' });
  if (addresses.length > MOST) throw new Invalid({ emails: 'Invite at most 20 people at once.' });
  const wrong = addresses.find((address) => !isEmail(address));
  if (wrong) throw new Invalid({ emails: '{{email}} is not an email address.' }, { email: wrong });
  return addresses;
}

type Rights = Pick<Member, 'role' | 'send_limit' | 'approve_limit'>;

/** Their name is taken from the address until they give it. @throws Invalid if they are there already */
async function addPending(db: Knex.Transaction, organization_id: string, email: string, rights: Rights) {
  const user_id = await userFor(db, email);
  const staff = db('people').where({ organization_id, user_id, partner_id: null });
  const before = await staff.orderByRaw('removed_at desc nulls first').first('id', 'removed_at', 'pending');
  if (before && !before.removed_at) {
    const sentence = before.pending ? '{{email}} is invited already.' : '{{email}} is a member already.';
    throw new Invalid({ emails: sentence }, { email: shownAddress(email) });
  }
  const renewed = { ...rights, invited_at: db.raw('app_now()'), activated_at: null, removed_at: null };
  const id = before ? String(before.id) : newId();
  if (before) await db('people').where({ organization_id, id }).update(renewed);
  else
    await db('people').insert({
      organization_id,
      id,
      user_id,
      email,
      ...(await named(db, organization_id, email)),
      ...renewed,
    });
  return id;
}

async function named(db: Knex.Transaction, organization_id: string, email: string) {
  const { locale, time_zone } = await db('organizations').where({ id: organization_id }).first('locale', 'time_zone');
  return { name: nameFrom(email), locale, time_zone };
}

/** "kai.adler@…": "Kai Adler". */
const nameFrom = (email: string): string =>
  (email.split('@')[0] ?? '')
    .split(/[._+-]+/)
    .filter(Boolean)
    .map(([first = '', ...rest]) => first.toUpperCase() + rest.join(''))
    .join(' ') || email;
