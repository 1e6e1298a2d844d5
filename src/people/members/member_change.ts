import type { Knex } from 'knex';
import { record } from '../../activity/record.js';
import { type Actor, retry, type Role, withActor } from '../../db/scope.js';
import { NotAllowed, NotFound } from '../../errors.js';
import { queueEmail } from '../../mail/outbox/queue.js';
import { requireMay } from '../../subjects/may.js';
import { isPermitted, lostPermissions } from '../../subjects/permissions.js';

/** A member of the staff, or somebody who was invited to be one (`pending`). */
export interface Member {
  id: string;
  name: string;
  email: string;
  role: Role;
  pending: boolean;
  send_limit: number | null;
  approve_limit: number | null;
}

/** A change under way: who makes it, as they are now, and whom it is about. */
export interface MemberChange {
  organization_id: string;
  author: Member;
  member: Member;
}

const COLUMNS = ['id', 'name', 'email', 'role', 'pending', 'send_limit', 'approve_limit'] as const;

/**
 * Runs `work` in a transaction as a verified member of the staff, with all changes to members one after the other, and
 * with who they are read after that: a role may have been taken from them a moment ago. @throws NotFound, NotAllowed
 */
export function asMember<T>(
  db: Knex,
  actor: Actor,
  work: (db: Knex.Transaction, organization_id: string, author: Member) => Promise<T>,
): Promise<T> {
  const attempt = () =>
    withActor(db, actor, async (db) => {
      requireMay(actor, 'desk');
      const { organization_id, person_id } = actor;
      if (!organization_id || !person_id) throw new NotFound();
      await db('organizations').where({ id: organization_id }).forNoKeyUpdate().select('id');
      const author = await memberWith(db, organization_id, person_id);
      if (author.pending) throw new NotFound();
      return work(db, organization_id, author);
    });
  return db.isTransaction ? attempt() : retry(attempt);
}

/** The same, with the member it is about. */
export const changeMember = <T>(
  db: Knex,
  actor: Actor,
  person_id: string,
  work: (db: Knex.Transaction, change: MemberChange) => Promise<T>,
): Promise<T> =>
  asMember(db, actor, async (db, organization_id, author) =>
    work(db, { organization_id, author, member: await memberWith(db, organization_id, person_id) }),
  );

/** @throws NotFound unless they are of the staff */
export async function memberWith(db: Knex.Transaction, organization_id: string, id: string): Promise<Member> {
  const found: Member | undefined = await db('people')
    .where({ organization_id, id, partner_id: null, removed_at: null })
    .first(...COLUMNS);
  if (!found) throw new NotFound();
  return found;
}

/** Nobody changes who may do more than they do, or makes somebody so. @throws NotAllowed with whom to ask */
export function requireToManage(author: Member, ...roles: Role[]): void {
  const administers = isPermitted({ side: 'staff', role: author.role }, 'administration');
  if (!administers || roles.some((role) => lostPermissions(role, author.role).length)) throw refusal();
}

/** It takes more than their role: ask the owner. */
export const refusal = () => new NotAllowed('This is not yours to do.', { ask: { whom: 'owner', subject_id: null } });

type MemberAction =
  | 'change_role'
  | 'change_limits'
  | 'remove_member'
  | 'withdraw_invitation'
  | 'set_absence'
  | 'cancel_absence'
  | 'end_absence';

/** Records what was done to a member, for the staff, and emails it to these people. */
export async function recordChange(
  db: Knex.Transaction,
  actor: Actor,
  action: MemberAction,
  details: { person_id: string; name: string } & Record<string, unknown>,
  readers: readonly Pick<Member, 'id' | 'email'>[],
): Promise<void> {
  const { organization_id, id: cause_id } = await record(db, actor, { action, details, visible_to: 'staff' });
  for (const { id: person_id, email: to_address } of readers) {
    const about = { organization_id, person_id, activity_id: null, subject_id: null, cause_id, to_address };
    await queueEmail(db, { ...about, kind: 'member' });
  }
}
