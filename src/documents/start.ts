import type { Knex } from 'knex';
import { record } from '../activity/record.js';
import { newId } from '../db/ids.js';
import { type Actor, become, clock, scoped } from '../db/scope.js';
import { typeNamed } from '../document_types/index.js';
import { Invalid, NotAllowed, NotFound } from '../errors.js';
import { type Counted, hashOfContent } from './content.js';
import type { Document } from './documents.js';
import type { Draft } from './draft.js';

/**
 * Makes a draft of a document for a partner, and records it. Returns its id.
 * @throws NotAllowed if this side doesn't start such documents; NotFound if the partner is not there.
 */
export function start(db: Knex, actor: Actor, type: string, partner_id: string, draft: Draft): Promise<string> {
  return scoped(db, actor, async (db) => {
    if (typeNamed(type).startedBy !== actor.side || actor.assurance !== 'verified')
      throw new NotAllowed('This is not yours to do.', actor.assurance === 'link');
    if (!(await db('partners').where({ organization_id: actor.organization_id, id: partner_id }).first('id'))) throw new NotFound();
    await become(db, clock(actor.organization_id, actor.person_id, actor.now));
    return insertDraft(db, actor, type, partner_id, draft);
  });
}

async function insertDraft(
  db: Knex.Transaction,
  actor: Actor,
  type: string,
  partner_id: string,
  draft: Draft,
  made_from?: string,
): Promise<string> {
  const { organization_id } = actor;
  if (!organization_id) throw new NotFound();
  const { states, startedBy } = typeNamed(type);
  const id = newId();
  const { lines: _lines, taxes: _taxes, ...fields } = draft.content;
  await db('documents').insert({ ...fields, organization_id, id, type, partner_id, state: states[0], started_by: startedBy, sha256: '' });
  if (actor.person_id) await db('participants').insert({ organization_id, document_id: id, person_id: actor.person_id });
  await saveDraft(db, { organization_id, id, partner_id }, draft);
  const details = made_from ? { made_from } : {};
  await record(db, actor, { document_id: id, partner_id, action: 'start', details, visible_to: startedBy });
  return id;
}

/** Puts a draft's content, lines and recipients in the place of the old ones. @throws Invalid if a recipient is no contact of the partner. */
export async function saveDraft(
  db: Knex.Transaction,
  document: Pick<Document, 'organization_id' | 'id' | 'partner_id'>,
  draft: Draft,
): Promise<void> {
  const { organization_id, id, partner_id } = document;
  const { lines, taxes: _taxes, ...fields } = draft.content;
  const sha256 = hashOfContent(JSON.stringify(draft.content));
  await db('documents')
    .where({ organization_id, id })
    .update({ ...fields, sha256, updated_at: db.raw('app_now()') });
  await db('lines').where({ organization_id, document_id: id }).delete();
  if (lines.length) await db('lines').insert(lines.map((line) => ({ ...line, organization_id, document_id: id })));
  const contacts = await db('people')
    .where({ organization_id, partner_id, removed_at: null })
    .whereIn('id', draft.recipient_ids)
    .select('id');
  if (contacts.length !== new Set(draft.recipient_ids).size)
    throw new Invalid({ recipient: 'One of these people is no contact any more.' });
  await db('participants')
    .where({ organization_id, document_id: id })
    .whereIn('person_id', db('people').where({ organization_id, partner_id }).select('id'))
    .delete();
  const rows = contacts.map((contact) => ({ organization_id, document_id: id, person_id: contact.id }));
  if (rows.length) await db('participants').insert(rows);
}

/** A draft of another type with the same partner, words and lines. Returns its id. */
export async function copyAsDraft(db: Knex.Transaction, actor: Actor, document: Document, type: string): Promise<string> {
  const { organization_id, id, partner_id } = document;
  const lines = await db('lines').where({ organization_id, document_id: id }).orderBy('position').select();
  const people = await db('participants').where({ organization_id, document_id: id }).select('person_id');
  const contacts = await db('people')
    .where({ organization_id, partner_id, removed_at: null })
    .whereIn(
      'id',
      people.map(({ person_id }) => person_id),
    )
    .select('id');
  const { title, currency, issued_on, due_on, terms, note, partial_payments, subtotal, tax, total } = document;
  const content: Counted = {
    title,
    currency,
    issued_on,
    due_on,
    terms,
    note,
    partial_payments,
    lines: lines.map(plainLine),
    subtotal,
    taxes: [],
    tax,
    total,
  };
  return insertDraft(db, actor, type, partner_id, { content, recipient_ids: contacts.map((contact) => contact.id) }, id);
}

const plainLine = ({
  organization_id: _organization,
  document_id: _document,
  ...line
}: Counted['lines'][number] & { organization_id: string; document_id: string }) => line;
