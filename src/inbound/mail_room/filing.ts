import type { Knex } from 'knex';
import { record } from '../../activity/record.js';
import { newId } from '../../db/ids.js';
import { addJob } from '../../db/jobs.js';
import { type Actor, withActor } from '../../db/scope.js';
import { Conflict, Invalid } from '../../errors.js';
import { newContact } from '../../people/partner.js';
import { sendAutoReply } from '../deciding/auto_reply.js';
import { recordDecision, type RoomDelivery, requireUndecided, waitingDelivery } from './decided.js';

/**
 * Files a message with a partner that it concerns, by the partner's name: it is found on their page. @throws
 * NotFound, Conflict, Invalid
 */
export function assignMail(db: Knex, actor: Actor, id: string, name: string): Promise<void> {
  return withActor(db, actor, async (db) => {
    const delivery = await requireUndecided(db, id);
    const partner_id = await partnerNamed(db, actor, name);
    await recordDecision(db, actor, delivery, 'file_mail', {
      state: 'posted',
      code: 'posted',
      reason: `Filed by ${actor.name}.`,
      partner_id,
    });
  });
}

async function partnerNamed(db: Knex.Transaction, { organization_id }: Actor, name: string): Promise<string> {
  const found = await db('partners')
    .where({ organization_id })
    .whereRaw('lower(name) = lower(?)', [name.trim()])
    .first('id');
  if (!found) throw new Invalid({ partner: 'There is no partner of this name.' });
  return String(found.id);
}

/**
 * Makes the sender a contact of a partner. What they wrote still waits: it can now be posted as theirs. @throws
 * NotFound, Conflict, Invalid
 */
export function addSender(
  db: Knex,
  actor: Actor,
  id: string,
  { name, partner }: { name: string; partner: string },
): Promise<void> {
  return withActor(db, actor, async (db) => {
    const { from_address, from_name } = await requireUndecided(db, id);
    if (!from_address) throw new Invalid({ name: 'It does not say who sent it.' });
    const partner_id = await partnerNamed(db, actor, partner);
    await newContact(db, actor, partner_id, {
      name: name.trim().slice(0, 200) || from_name || from_address,
      email: from_address,
    });
  });
}

/**
 * Takes the address that a message came from as a further one of the person whose reply address it came to, by the
 * word of staff. From then on what is proven to come from it is theirs; this message is judged anew. @throws
 * NotFound, Conflict
 */
export function addAddress(db: Knex, actor: Actor, id: string): Promise<void> {
  return withActor(db, actor, async (db) => {
    const delivery = await waitingDelivery(db, id);
    const { person_id, from_address: email } = delivery;
    if (delivery.code !== 'stranger' || !person_id)
      throw new Conflict('This message does not come from another address of somebody we know.');
    const { organization_id } = actor;
    const person = await db('people').where({ organization_id, id: person_id }).first('name', 'partner_id');
    // Nobody makes themselves a colleague: our own people write from the address that they sign in with.
    if (!person.partner_id) throw new Conflict('Only contacts may have further addresses.');
    await db('person_addresses')
      .insert({ organization_id, id: newId(), person_id, email, added_by: actor.person_id })
      .onConflict(['organization_id', 'person_id', 'email'])
      .ignore();
    const details = { name: person.name, email, person_id };
    await record(db, actor, { action: 'add_address', partner_id: person.partner_id, details, visible_to: 'staff' });
    await judgeAgain(db, delivery);
  });
}

/** Takes a further address away from somebody: what comes from it is held for staff again. */
export function removeAddress(
  db: Knex,
  actor: Actor,
  partner_id: string,
  person_id: string,
  email: string,
): Promise<void> {
  return withActor(db, actor, async (db) => {
    const { organization_id } = actor;
    const person = await db('people').where({ organization_id, id: person_id, partner_id }).first('name');
    const gone = person ? await db('person_addresses').where({ organization_id, person_id, email }).delete() : 0;
    if (!gone) return;
    const details = { name: person.name, email, person_id };
    await record(db, actor, { action: 'remove_address', partner_id, details, visible_to: 'staff' });
  });
}

/**
 * Reads a message and decides anew, as if it came now: after its sender was made known, or once something was mended.
 * @throws NotFound, Conflict
 */
export function replayMail(db: Knex, actor: Actor, id: string): Promise<void> {
  return withActor(db, actor, async (db) => {
    const delivery = await requireUndecided(db, id);
    const { subject } = delivery;
    await record(db, actor, {
      action: 'replay_mail',
      details: { delivery: id, subject: subject || '–' },
      visible_to: 'staff',
    });
    await judgeAgain(db, delivery);
  });
}

async function judgeAgain(db: Knex.Transaction, { id, message_id, recipient }: RoomDelivery): Promise<void> {
  const kept = await db('inbound_messages').where({ id: message_id }).whereNotNull('raw').first('id');
  if (!kept) throw new Conflict('The original is not kept any more.');
  await db('inbound_deliveries').where({ id }).update({ state: 'pending', tries: 0 });
  await addJob(db, 'read_mail', { delivery_id: id }, { queue: `mail ${recipient}`, urgency: 'now' });
}

/**
 * Refuses a message. Its sender is told the reason, if they are proven: whoever was only named as the sender gets no
 * mail. @throws NotFound, Conflict, Invalid
 */
export function refuseMail(db: Knex, actor: Actor, id: string, reason: string): Promise<boolean> {
  return withActor(db, actor, async (db) => {
    const delivery = await waitingDelivery(db, id);
    if (!reason.trim()) throw new Invalid({ reason: 'Fill this in.' });
    await recordDecision(db, actor, delivery, 'refuse_mail', {
      state: 'refused',
      code: 'refused',
      reason: reason.trim().slice(0, 1000),
    });
    return delivery.verified && sendAutoReply(db, String(actor.organization_id), id, delivery.from_address);
  });
}

/** Sets a held message aside. It stays readable among all mail. @throws NotFound, Conflict */
export function dismissMail(db: Knex, actor: Actor, id: string): Promise<void> {
  return withActor(db, actor, async (db) => {
    const delivery = await waitingDelivery(db, id);
    await recordDecision(db, actor, delivery, 'set_aside_mail', {
      state: 'ignored',
      code: delivery.code,
      reason: `Set aside by ${actor.name}.`,
    });
  });
}
