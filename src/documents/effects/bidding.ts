import type { Knex } from 'knex';
import { Conflict, Invalid } from '../../errors.js';
import { attach } from '../../files/file.js';
import type { StoredFile } from '../../files/storage.js';
import { type Content, CONTENT, withTotals, type Line, type NewLine } from '../content/content.js';
import { readLines } from '../content/content_store.js';
import { copyLines, draftFrom } from '../drafts/copy.js';
import { type Document, requirePartner } from '../content/document.js';
import { many, one } from '../content/field_values.js';
import type { ActContext, FollowUpAct, EffectResult } from '../acting/context.js';
import { contactParticipants, addParticipants, staffParticipants } from '../../subjects/participants.js';
import { insertDraft } from '../drafts/create.js';

/** Creates a proposal for each vendor among the request's recipients, and requests it. */
export async function inviteVendors(
  db: Knex.Transaction,
  { actor, document, answers, attachments }: ActContext,
): Promise<EffectResult> {
  const { organization_id, id, project_id } = document;
  const contacts = await contactParticipants(db, document);
  const lines = copyLines(await readLines(db, document)).map((line) => ({ ...line, unit_price: '0' }));
  const fields = await db('documents')
    .where({ organization_id, id })
    .first<Content>(...CONTENT);
  const content = withTotals({ ...fields, reference: document.number ?? '', lines });
  const files = await requestFiles(db, document);
  const followUps: FollowUpAct[] = [];
  for (const partner_id of new Set(contacts.map((contact) => contact.partner_id))) {
    const recipient_ids = contacts.filter((contact) => contact.partner_id === partner_id).map((contact) => contact.id);
    const { currency } = await db('partners').where({ organization_id, id: partner_id }).first('currency');
    const draft = { content: { ...content, currency }, recipient_ids, project_id };
    const origin = { origin_id: id, files: attachments.files ?? [] };
    const proposal = await insertDraft(db, actor, 'proposal', partner_id, draft, origin);
    await addParticipants(db, { organization_id, id: proposal }, await staffParticipants(db, document));
    await attach(db, { organization_id, subject_id: proposal }, files);
    followUps.push({ id: proposal, action: 'request', input: messageIn(answers), as: 'same' });
  }
  return { followUps };
}

/** The files on the request itself, which each proposal gets, too. */
const requestFiles = (db: Knex.Transaction, { organization_id, id }: Document): Promise<StoredFile[]> =>
  db('files')
    .where({ organization_id, subject_id: id, comment_id: null, version: null })
    .orderBy('id')
    .select('sha256', 'name', 'content_type', 'declared_type', 'size');

const messageIn = (answers: ActContext['answers']) => (answers['message'] ? { message: answers['message'] } : {});

/** Does the same (a new deadline, a cancellation) to all open proposals; a new deadline also reopens expired ones. */
export async function propagate(db: Knex.Transaction, { document, name, answers }: ActContext): Promise<EffectResult> {
  const proposals = await findProposals(db, document, [
    'requested',
    'submitted',
    ...(name === 'extend' ? ['expired'] : []),
  ]);
  const input = { ...messageIn(answers), ...(answers['due_on'] ? { due_on: answers['due_on'] } : {}) };
  return { followUps: proposals.map(({ id }) => ({ id, action: name, input, as: 'same' })) };
}

interface Bid {
  id: string;
  state: string;
  sha256: string;
}

const findProposals = (db: Knex.Transaction, { organization_id, id }: Document, states: string[]): Promise<Bid[]> =>
  db('documents')
    .where({ organization_id, origin_id: id, type: 'proposal' })
    .whereIn('state', states)
    .orderBy('id')
    .select('id', 'state', 'sha256');

/**
 * Awards a whole proposal (`award_all`: its id), or each line (`award_` with the id of the request's line: the id of a
 * proposal, or empty for none), and declines the others. `seen_` with a proposal's id: the SHA-256 of what the page
 * showed. @throws Invalid if nothing is chosen, Conflict if a chosen proposal or line has changed since.
 */
export async function award(db: Knex.Transaction, { document, input, answers }: ActContext): Promise<EffectResult> {
  const proposals = await findProposals(db, document, ['requested', 'submitted']);
  const chosen = await findChosen(db, document, proposals, input);
  if (!chosen.size) throw new Invalid({ form: 'Choose at least one line, or a whole proposal.' });
  const message = messageIn(answers);
  const followUps = proposals.map(({ id }): FollowUpAct => {
    const lines = chosen.get(id);
    return lines
      ? { id, action: 'award', input: { lines, ...message }, as: 'same' }
      : { id, action: 'decline', input: message, as: 'same' };
  });
  return { details: { chosen: chosen.size }, followUps };
}

/** By the ids of the proposals, the ids of the lines that they are awarded. */
async function findChosen(
  db: Knex.Transaction,
  { organization_id }: Document,
  proposals: Bid[],
  input: ActContext['input'],
) {
  const chosen = new Map<string, string[]>();
  for (const { id, sha256 } of proposals.filter(({ state }) => state === 'submitted')) {
    const seen = one(input, `seen_${id}`);
    const lines = await readLines(db, { organization_id, id });
    const awarded = lines.filter((line) => !line.refused && isChosen(line, id, input)).map((line) => line.id);
    if (awarded.length && seen && seen !== sha256) throw new Conflict(CHANGED);
    if (awarded.length) chosen.set(id, awarded);
  }
  const requested = Object.keys(input).filter((name) => /^award_(?!all$)/.test(name) && one(input, name));
  const found = [...chosen.values()].flat().length;
  if (one(input, 'award_all') ? !found : found < requested.length) throw new Conflict(CHANGED);
  return chosen;
}

const CHANGED = 'A proposal has changed since you opened this page. Nothing was awarded yet: look again, then decide.';

const isChosen = ({ origin_line }: Line, proposal: string, input: ActContext['input']) =>
  one(input, 'award_all')
    ? one(input, 'award_all') === proposal
    : origin_line !== null && one(input, `award_${origin_line}`) === proposal;

/** Creates the draft of a purchase order from an awarded proposal, of the lines with ids in `lines`, or of all. */
export async function createPurchaseOrder(
  db: Knex.Transaction,
  { actor, document, input }: ActContext,
): Promise<EffectResult> {
  const draft = await draftFrom(db, actor, document, 'purchase_order');
  const lines = many(input, 'lines');
  const ordered: NewLine[] = draft.content.lines.filter(
    ({ origin_line }) => !lines.length || (origin_line && lines.includes(origin_line)),
  );
  if (!ordered.length) throw new Conflict('There is nothing to order in it.');
  const content = withTotals({ ...draft.content, lines: ordered });
  const made = await insertDraft(
    db,
    actor,
    'purchase_order',
    requirePartner(document).partner_id,
    { ...draft, content },
    { origin_id: document.id },
  );
  const all = ordered.length === draft.content.lines.length;
  return { details: { made, ...(all ? {} : { chosen: ordered.map(({ description }) => description) }) } };
}
