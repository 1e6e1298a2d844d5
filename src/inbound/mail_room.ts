import type { Knex } from 'knex';
import { record } from '../activity/record.js';
import { isId } from '../db/ids.js';
import { type Actor, become, scoped } from '../db/scope.js';
import { act } from '../documents/act.js';
import { findDocument, keyOf } from '../documents/documents.js';
import { Conflict, Invalid, NotFound } from '../errors.js';

/** A held delivery, kept against anyone else's decision until the transaction ends. @throws NotFound; Conflict if it has been decided. */
async function held(db: Knex.Transaction, id: string) {
  const delivery = isId(id) ? await db('inbound_deliveries').where({ id }).forUpdate().first() : undefined;
  if (!delivery) throw new NotFound();
  if (delivery.state !== 'held') throw new Conflict('Somebody has decided this already.');
  return delivery;
}

/** Puts what a held message says on a document, as an internal note of the one who decides, with its sender named. Returns the document's key. */
export function placeMail(db: Knex, actor: Actor, id: string, number: string): Promise<string> {
  return scoped(db, actor, async (db) => {
    const delivery = await held(db, id);
    const document = await findDocument(db, actor, number.trim().toUpperCase()).catch((error: unknown) => {
      if (error instanceof NotFound) throw new Invalid({ number: 'There is no document with this number.' });
      throw error;
    });
    const text = `${delivery.from_name} <${delivery.from_address}> wrote by email:\n\n${delivery.preview || delivery.subject}`;
    await act(db, actor, document.id, 'comment', { text, audience: 'internal' });
    await become(db, actor);
    await db('inbound_deliveries').where({ id }).update({ state: 'posted', reason: `Placed by ${actor.name}.`, document_id: document.id });
    await record(db, actor, { action: 'place_mail', document_id: document.id, details: { delivery: id }, visible_to: 'staff' });
    return keyOf(document);
  });
}

/** Sets a held message aside. It stays readable among all mail. */
export function dismissMail(db: Knex, actor: Actor, id: string): Promise<void> {
  return scoped(db, actor, async (db) => {
    await held(db, id);
    await db('inbound_deliveries').where({ id }).update({ state: 'ignored', reason: `Set aside by ${actor.name}.` });
    await record(db, actor, { action: 'set_aside_mail', details: { delivery: id }, visible_to: 'staff' });
  });
}
