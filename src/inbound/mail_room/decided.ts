import type { Knex } from 'knex';
import { record } from '../../activity/record.js';
import { isId } from '../../db/ids.js';
import { type Actor, withActor } from '../../db/scope.js';
import { Conflict, NotFound } from '../../errors.js';
import { because, type Code, type Decision } from '../deciding/decision.js';

/** A delivery as decided about in the mail room. */
export interface MailRoomDelivery {
  id: string;
  message_id: string;
  recipient: string;
  state: string;
  code: Code;
  from_address: string;
  from_name: string;
  subject: string;
  preview: string;
  verified: boolean;
  evidence: string;
  audience: string | null;
  subject_id: string | null;
  person_id: string | null;
  partner_id: string | null;
  created_at: Date;
}

/** Locks a delivery that hasn't been posted until the transaction ends. @throws NotFound; Conflict if it was posted */
export async function requireUndecided(db: Knex.Transaction, id: string): Promise<MailRoomDelivery> {
  const delivery = isId(id) ? await db('inbound_deliveries').where({ id }).forUpdate().first() : undefined;
  if (!delivery) throw new NotFound();
  if (!['held', 'ignored', 'refused'].includes(delivery.state))
    throw new Conflict('Somebody has decided this already.');
  return delivery;
}

/** Locks a delivery that is held. @throws NotFound, Conflict */
export async function requireHeld(db: Knex.Transaction, id: string): Promise<MailRoomDelivery> {
  const delivery = await requireUndecided(db, id);
  if (delivery.state !== 'held') throw new Conflict('Somebody has decided this already.');
  return delivery;
}

type StaffDecision = Pick<Decision, 'state' | 'code'> & {
  reason: ReturnType<typeof because>;
  subject_id?: string;
  comment_id?: string;
  partner_id?: string;
};

/** Stores what a member of staff decided and records it, in the caller's transaction. */
export async function recordDecision(
  db: Knex.Transaction,
  actor: Actor,
  { id, from_address, subject }: MailRoomDelivery,
  action: string,
  { reason, ...decision }: StaffDecision,
): Promise<void> {
  await db('inbound_deliveries')
    .where({ id })
    .update({ ...decision, ...reason, decided_by: actor.person_id });
  const { subject_id, partner_id } = decision;
  const details = { delivery: id, from: from_address, subject: subject || '–' };
  await record(db, actor, {
    action,
    details,
    visible_to: 'staff',
    ...(subject_id ? { subject_id } : {}),
    ...(partner_id ? { partner_id } : {}),
  });
}

/** The original bytes; null if the actor has no such message, or they have been deleted. */
export async function originalMail(db: Knex, actor: Actor, id: string): Promise<Buffer | null> {
  if (!isId(id)) return null;
  const row = await withActor(db, actor, (db) =>
    db('inbound_deliveries as d')
      .join('inbound_messages as m', 'm.id', 'd.message_id')
      .where({ 'd.id': id, organization_id: actor.organization_id })
      .first('raw'),
  );
  return row?.raw ?? null;
}
