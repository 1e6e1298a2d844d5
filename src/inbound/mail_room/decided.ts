import type { Knex } from 'knex';
import { record } from '../../activity/record.js';
import { isId } from '../../db/ids.js';
import { type Actor, setActor, withActor } from '../../db/scope.js';
import { Conflict, NotFound } from '../../errors.js';
import type { Code, Decision } from '../deciding/decision.js';

export interface RoomDelivery {
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
  document_id: string | null;
  person_id: string | null;
  partner_id: string | null;
  created_at: Date;
}

/**
 * A message that nobody has posted yet, kept against anyone else's decision until the transaction ends. @throws
 * NotFound; Conflict if it is posted.
 */
export async function requireUndecided(db: Knex.Transaction, id: string): Promise<RoomDelivery> {
  const delivery = isId(id) ? await db('inbound_deliveries').where({ id }).forUpdate().first() : undefined;
  if (!delivery) throw new NotFound();
  if (!['held', 'ignored', 'refused'].includes(delivery.state))
    throw new Conflict('Somebody has decided this already.');
  return delivery;
}

/** As `undecided`, for what only makes sense while it waits. */
export async function waitingDelivery(db: Knex.Transaction, id: string): Promise<RoomDelivery> {
  const delivery = await requireUndecided(db, id);
  if (delivery.state !== 'held') throw new Conflict('Somebody has decided this already.');
  return delivery;
}

type Decided = Pick<Decision, 'state' | 'code' | 'reason'> & {
  document_id?: string;
  comment_id?: string;
  partner_id?: string;
};

/** Writes down what a member of the staff decided, and records it, in the caller's transaction. */
export async function recordDecision(
  db: Knex.Transaction,
  actor: Actor,
  { id, from_address, subject }: RoomDelivery,
  action: string,
  decided: Decided,
): Promise<void> {
  await setActor(db, actor);
  await db('inbound_deliveries')
    .where({ id })
    .update({ ...decided, decided_by: actor.person_id });
  const { document_id, partner_id } = decided;
  const details = { delivery: id, from: from_address, subject: subject || '–' };
  await record(db, actor, {
    action,
    details,
    visible_to: 'staff',
    ...(document_id ? { document_id } : {}),
    ...(partner_id ? { partner_id } : {}),
  });
}

/** The bytes as they came; null if there is no such message for this actor, or its time is over. */
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
