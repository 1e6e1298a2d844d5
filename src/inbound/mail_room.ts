import type { Knex } from 'knex';
import { record } from '../activity/record.js';
import { isId } from '../db/ids.js';
import { type Actor, become, type Query, scoped } from '../db/scope.js';
import { act } from '../documents/act.js';
import { findDocument, keyOf } from '../documents/documents.js';
import { Conflict, Invalid, NotFound } from '../errors.js';

/** A message as the mail room shows it; `number` is that of the document it seems to be about. */
export interface HeldMail {
  id: string;
  from_name: string;
  from_address: string;
  subject: string;
  preview: string;
  reason: string;
  state: string;
  created_at: Date;
  number: string | null;
}

/** What waits, or all that came; newest first, thirty and one more, those older than `before`. */
export const heldMail = ({ organization_id }: Actor, all: boolean, before: string | null): Query<HeldMail> => ({
  name: 'mail_room',
  text: `select i.id, from_name, from_address, subject, preview, reason, i.state, i.created_at, d.number from inbound_deliveries i
    left join documents d on d.organization_id = i.organization_id and d.id = i.document_id
    where i.organization_id = $1 and ($2 or i.state = 'held') and ($3::uuid is null or i.id < $3) order by i.id desc limit 31`,
  values: [organization_id, all, before],
});

/** The bytes as they came; null if there is no such message for this actor. */
export async function originalMail(db: Knex, actor: Actor, id: string): Promise<Buffer | null> {
  if (!isId(id)) return null;
  const rows = scoped(db, actor, (db) =>
    db('inbound_deliveries as d').join('inbound_messages as m', 'm.id', 'd.message_id').where('d.id', id).first('raw'),
  );
  return (await rows)?.raw ?? null;
}

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
    await db('inbound_deliveries')
      .where({ id })
      .update({ state: 'posted', reason: `Placed by ${actor.name}.`, document_id: document.id });
    await record(db, actor, { action: 'place_mail', document_id: document.id, details: { delivery: id }, visible_to: 'staff' });
    return keyOf(document);
  });
}

/** Sets a held message aside. It stays readable among all mail. */
export function dismissMail(db: Knex, actor: Actor, id: string): Promise<void> {
  return scoped(db, actor, async (db) => {
    await held(db, id);
    await db('inbound_deliveries')
      .where({ id })
      .update({ state: 'ignored', reason: `Set aside by ${actor.name}.` });
    await record(db, actor, { action: 'set_aside_mail', details: { delivery: id }, visible_to: 'staff' });
  });
}
