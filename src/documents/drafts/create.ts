import type { Knex } from 'knex';
import { z } from 'zod';
import { record } from '../../activity/record.js';
import { newId } from '../../db/ids.js';
import { type Actor, setActor, systemActor, withActor } from '../../db/scope.js';
import { send } from '../../db/writing/transaction.js';
import { typeNamed } from '../../document_types/index.js';
import { Invalid, NotFound } from '../../errors.js';
import { contentInput } from '../../document_types/shared/inputs.js';
import { attach } from '../../files/file.js';
import { currency, files, parseBy } from '../../input/fields.js';
import type { StoredFile } from '../../files/storage.js';
import { partnerForNew } from '../../people/partner.js';
import { addParticipants } from '../../subjects/participants.js';
import { requireMay } from '../../subjects/may.js';
import { requireMayMake } from '../../acting/permitted.js';
import { today } from '../../pages/days.js';
import { hashOfContent } from '../content/content.js';
import { indexWords, replaceLines } from '../content/content_store.js';
import { type Document, findDocument } from '../content/document.js';
import { takeTaxes } from '../taxes/line_taxes.js';
import { forgetItems, keepItems } from '../items/item_lines.js';
import { type Draft, toDraftBy } from './draft.js';

interface NewDocument {
  /** The document that it is made from. */
  origin_id?: string | null;
  files?: StoredFile[];
  /** It charges for late payment of its origin. */
  late_charge?: boolean;
}

const newDocument = z.object({ currency, content: contentInput, files });

/**
 * Creates a draft for a partner (null for a request for proposal), and records it. Returns its id. `input`: its
 * currency, `content` and files. @throws Invalid; NotAllowed if this person doesn't start such documents; NotFound if the
 * partner or the origin is missing; as `requireMayMake`.
 */
export function createDocument(
  db: Knex,
  actor: Actor,
  type: string,
  partner_id: string | null,
  input: { currency: string; content: object; files?: StoredFile[] },
  origin_id: string | null = null,
): Promise<string> {
  return withActor(db, actor, async (db) => {
    requireMay(actor, { start: typeNamed(type) });
    if (actor.side === 'partner' && partner_id !== actor.partner_id) throw new NotFound();
    if (partner_id && !(await isPartner(db, actor, partner_id, type, origin_id))) throw new NotFound();
    const parsed = parseBy(newDocument, input);
    if (origin_id) {
      const origin = await findDocument(db, actor, origin_id);
      requireMayMake(origin, actor, typeNamed(type), today(actor));
      requireSame(origin, { type, partner_id, currency: parsed.currency });
    }
    const owner = { type: typeNamed(type), partner_id, sources: [origin_id] };
    const content = await takeTaxes(db, actor, owner, parsed.content);
    const draft = toDraftBy(actor, content, parsed.currency, owner.type);
    await setActor(db, systemActor(actor.organization_id, actor.person_id, actor.now));
    return insertDraft(db, actor, type, partner_id, draft, { origin_id, files: parsed.files ?? [] });
  });
}

/** What takes from a document is for its partner, in its currency. @throws NotFound, Invalid */
function requireSame(origin: Document, made: { type: string; partner_id: string | null; currency: string }): void {
  const { type, partner_id, currency, number } = origin;
  if (typeNamed(type).billedBy !== made.type && !typeNamed(type).limits?.[made.type]) return;
  if (partner_id !== made.partner_id) throw new NotFound();
  if (currency !== made.currency)
    throw new Invalid({ currency: '{{document}} is in {{currency}}.' }, { document: number ?? '', currency });
}

/** Whether it is a customer or vendor, as the type needs. @throws Invalid if staff begin something new for an archived one */
async function isPartner(
  db: Knex.Transaction,
  { organization_id, side }: Actor,
  id: string,
  type: string,
  origin_id: string | null,
): Promise<boolean> {
  const { partner: kind } = typeNamed(type);
  if (side === 'staff' && !origin_id) return (await partnerForNew(db, { organization_id, id }, kind)) !== null;
  return Boolean(
    await db('partners')
      .where({ organization_id, id, [`is_${kind}`]: true })
      .first('id'),
  );
}

/** Inserts a draft, in the caller's transaction and as the system actor. Returns its id. */
export async function insertDraft(
  db: Knex.Transaction,
  actor: Actor,
  type: string,
  partner_id: string | null,
  draft: Draft,
  { origin_id = null, files = [], late_charge = false }: NewDocument = {},
): Promise<string> {
  const { organization_id } = actor;
  if (!organization_id) throw new NotFound();
  const { states } = typeNamed(type);
  const id = newId();
  const started_by = actor.side === 'partner' ? 'partner' : 'staff';
  const { lines: _lines, taxes: _taxes, ...fields } = draft.content;
  const document = { organization_id, id, type, partner_id, state: states[0], started_by, origin_id };
  await send(db, db('documents').insert({ ...fields, ...document, late_charge, sha256: '' }));
  if (actor.person_id) await addParticipants(db, { organization_id, id }, [actor.person_id]);
  await saveDraft(db, { organization_id, id, partner_id }, draft);
  await attach(db, { organization_id, subject_id: id }, files);
  const details = origin_id ? { made_from: origin_id } : {};
  await record(db, actor, { subject_id: id, partner_id, action: 'start', details, visible_to: started_by });
  return id;
}

/** Replaces a draft's content, lines and recipients. @throws Invalid by path if the project or a recipient is unknown */
export async function saveDraft(
  db: Knex.Transaction,
  document: Pick<Document, 'organization_id' | 'id' | 'partner_id'>,
  { content, recipient_ids, project_id, items }: Draft,
): Promise<void> {
  const { organization_id, id } = document;
  const { lines, taxes: _taxes, ...fields } = content;
  const sha256 = hashOfContent(JSON.stringify(content));
  if (project_id && !(await db('projects').where({ organization_id, id: project_id }).first('id')))
    throw new Invalid({ 'content.project': 'Choose a project.' });
  const changed = { ...fields, ...(project_id === undefined ? {} : { project_id }), sha256 };
  await send(
    db,
    db('documents')
      .where({ organization_id, id })
      .update({ ...changed, updated_at: db.raw('app_now()') }),
  );
  if (items) await forgetItems(db, document);
  await replaceLines(db, document, lines);
  if (items) await keepItems(db, document, lines, items);
  if (recipient_ids) await saveRecipients(db, document, recipient_ids);
  await indexWords(db, document);
}

/** Recipients must be contacts of the partner; of a request for proposal, of any vendor. */
async function saveRecipients(
  db: Knex.Transaction,
  document: Pick<Document, 'organization_id' | 'id' | 'partner_id'>,
  ids: string[],
) {
  const { organization_id, id, partner_id } = document;
  const candidates = db('people').where({ organization_id, removed_at: null });
  if (partner_id) void candidates.where({ partner_id });
  else void candidates.whereIn('partner_id', db('partners').where({ organization_id, is_vendor: true }).select('id'));
  const contacts = await candidates.whereIn('id', ids).select('id');
  if (contacts.length !== new Set(ids).size)
    throw new Invalid({ 'content.recipients': 'One of these people is no contact any more.' });
  const before = db('participants')
    .where({ organization_id, subject_id: id })
    .whereIn('person_id', db('people').where({ organization_id }).whereNotNull('partner_id').select('id'));
  await send(db, before.delete());
  await addParticipants(
    db,
    document,
    contacts.map((contact) => contact.id),
  );
}
