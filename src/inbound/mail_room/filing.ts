import type { Knex } from 'knex';
import { record } from '../../activity/record.js';
import { newId } from '../../db/ids.js';
import { addJob } from '../../db/jobs.js';
import { type Actor, withActor } from '../../db/scope.js';
import { Conflict, Invalid, NotFound } from '../../errors.js';
import { newContact } from '../../people/partner.js';
import { sendAutoReply } from '../deciding/auto_reply.js';
import { because } from '../deciding/decision.js';
import { recordDecision, type MailRoomDelivery, requireHeld, requireUndecided } from './decided.js';

/** Files a message under a partner, by name, so that it shows on their page. @throws NotFound, Conflict, Invalid */
export function assignMail(db: Knex, actor: Actor, id: string, name: string): Promise<void> {
  return withActor(db, actor, async (db) => {
    const delivery = await requireUndecided(db, id);
    const partner_id = await findPartner(db, actor, name);
    await recordDecision(db, actor, delivery, 'file_mail', {
      state: 'posted',
      code: 'posted',
      reason: because('Filed by {{name}}.', { name: actor.name ?? '' }),
      partner_id,
    });
  });
}

async function findPartner(db: Knex.Transaction, { organization_id }: Actor, name: string): Promise<string> {
  const found = await db('partners')
    .where({ organization_id })
    .whereRaw('name_key = lower(?)', [name.trim()])
    .first('id');
  if (!found) throw new Invalid({ partner: 'There is no partner of this name.' });
  return String(found.id);
}

/**
 * Adds the sender as a contact of a partner. The message stays held, and can then be posted as theirs.
 * @throws NotFound, Conflict, Invalid
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
    const partner_id = await findPartner(db, actor, partner);
    await newContact(db, actor, partner_id, {
      name: name.trim().slice(0, 200) || from_name || from_address,
      email: from_address,
    });
  });
}

/**
 * Adds a message's sender address to the person whose reply address it was sent to. Verified mail from there is theirs
 * from now on; this message is processed again.
 * @throws NotFound, Conflict
 */
export function addAddress(db: Knex, actor: Actor, id: string): Promise<void> {
  return withActor(db, actor, async (db) => {
    const delivery = await requireHeld(db, id);
    const { person_id, from_address: email } = delivery;
    if (delivery.code !== 'stranger' || !person_id)
      throw new Conflict('This message does not come from another address of somebody we know.');
    const { organization_id } = actor;
    const person = await db('people').where({ organization_id, id: person_id }).first('name', 'partner_id');
    // Staff write only from the address they sign in with, or else anyone could be made a colleague.
    if (!person.partner_id) throw new Conflict('Only contacts may have further addresses.');
    await db('person_addresses')
      .insert({ organization_id, id: newId(), person_id, email, added_by: actor.person_id })
      .onConflict(['organization_id', 'person_id', 'email'])
      .ignore();
    const details = { name: person.name, email, person_id };
    await record(db, actor, { action: 'add_address', partner_id: person.partner_id, details, visible_to: 'staff' });
    await reprocess(db, delivery);
  });
}

/** Removes an additional address: mail from it is held for staff again. @throws NotFound for whom it isn't there */
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
    if (!person) throw new NotFound();
    const removed = await db('person_addresses').where({ organization_id, person_id, email }).delete();
    if (!removed) return;
    const details = { name: person.name, email, person_id };
    await record(db, actor, { action: 'remove_address', partner_id, details, visible_to: 'staff' });
  });
}

/** Processes a message again, such as after its sender was added as a contact. @throws NotFound, Conflict */
export function replayMail(db: Knex, actor: Actor, id: string): Promise<void> {
  return withActor(db, actor, async (db) => {
    const delivery = await requireUndecided(db, id);
    const { subject } = delivery;
    const details = { delivery: id, subject: subject || '–' };
    await record(db, actor, { action: 'replay_mail', details, visible_to: 'staff' });
    await reprocess(db, delivery);
  });
}

async function reprocess(db: Knex.Transaction, { id, message_id }: MailRoomDelivery): Promise<void> {
  const original = await db('inbound_messages').where({ id: message_id }).whereNotNull('raw').first('id');
  if (!original) throw new Conflict('The original is not kept any more.');
  await db('inbound_deliveries').where({ id }).update({ state: 'pending', tries: 0, job_id: null, deferred: false });
  await addJob(db, 'read_mail', {}, { urgency: 'now' });
}

/**
 * Refuses a message and, if its sender is verified, emails them the reason. Returns whether it did.
 * @throws NotFound, Conflict, Invalid
 */
export function refuseMail(db: Knex, actor: Actor, id: string, reason: string): Promise<boolean> {
  return withActor(db, actor, async (db) => {
    const delivery = await requireHeld(db, id);
    if (!reason.trim()) throw new Invalid({ reason: 'Fill this in.' });
    await recordDecision(db, actor, delivery, 'refuse_mail', {
      state: 'refused',
      code: 'refused',
      reason: { reason: reason.trim().slice(0, 1000), reason_sentence: '', reason_values: {} },
    });
    return delivery.verified && sendAutoReply(db, String(actor.organization_id), id, delivery.from_address);
  });
}

/** Dismisses a held message, which stays in the list of all mail. @throws NotFound, Conflict */
export function dismissMail(db: Knex, actor: Actor, id: string): Promise<void> {
  return withActor(db, actor, async (db) => {
    const delivery = await requireHeld(db, id);
    await recordDecision(db, actor, delivery, 'set_aside_mail', {
      state: 'ignored',
      code: delivery.code,
      reason: because('Set aside by {{name}}.', { name: actor.name ?? '' }),
    });
  });
}
