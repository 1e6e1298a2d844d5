import type { Knex } from 'knex';
import type { z } from 'zod';
import type { awards } from '../../document_types/shared/inputs.js';
import { typeNamed } from '../../document_types/index.js';
import { answersTo } from '../../document_types/relations.js';
import { Conflict, Invalid } from '../../errors.js';
import { attach } from '../../files/file.js';
import type { StoredFile } from '../../files/storage.js';
import { type Content, CONTENT, withTotals, type Line, type NewLine } from '../content/content.js';
import { readLines } from '../content/content_store.js';
import { copyLines, draftFrom } from '../drafts/copy.js';
import { type Document, lockDocuments, requirePartner } from '../content/document.js';
import type { FollowUpAct } from '../../acting/context.js';
import type { ActContext, EffectResult } from '../acting/document_act.js';
import { requireWithinLimit } from '../../subjects/may.js';
import { addParticipants, chosenContacts, staffParticipants } from '../../subjects/participants.js';
import { insertDraft } from '../drafts/create.js';

/** Creates a proposal for each vendor among the request's recipients, and requests it. */
export async function inviteVendors(
  db: Knex.Transaction,
  { actor, document, input, files: uploaded }: ActContext<{ message?: string | undefined }>,
): Promise<EffectResult> {
  const { organization_id, id, project_id } = document;
  const contacts = await chosenContacts(db, document);
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
    const origin = { origin_id: id, files: uploaded };
    const proposal = await insertDraft(db, actor, proposalType(document), partner_id, draft, origin);
    await addParticipants(db, { organization_id, id: proposal }, await staffParticipants(db, document));
    await attach(db, { organization_id, subject_id: proposal }, files);
    followUps.push({ id: proposal, action: 'request', input: messageIn(input), as: 'same' });
  }
  return { followUps };
}

/** @throws Error if no type answers the document's. */
function proposalType({ type }: Document): string {
  const [answer] = answersTo(type);
  if (!answer) throw new Error(`Nothing answers a ${type}.`);
  return answer.name;
}

/** The files on the request itself, which each proposal gets, too. */
const requestFiles = (db: Knex.Transaction, { organization_id, id }: Document): Promise<StoredFile[]> =>
  db('files')
    .where({ organization_id, subject_id: id, comment_id: null, version: null })
    .orderBy('id')
    .select('sha256', 'name', 'content_type', 'declared_type', 'size');

const messageIn = ({ message }: { message?: string | undefined }) => (message ? { message } : {});

/** Does the same (a new deadline, a cancellation) to all open proposals; a new deadline also reopens expired ones. */
export async function propagate(
  db: Knex.Transaction,
  { document, name, input: asked }: ActContext<{ message?: string | undefined; due_on?: string | undefined }>,
): Promise<EffectResult> {
  const proposals = await findProposals(db, document, [
    'requested',
    'submitted',
    ...(name === 'extend' ? ['expired'] : []),
  ]);
  const input = { ...messageIn(asked), ...(asked.due_on ? { due_on: asked.due_on } : {}) };
  return { followUps: proposals.map(({ id }) => ({ id, action: name, input, as: 'same' })) };
}

type Awards = z.output<typeof awards>;

interface Bid {
  id: string;
  state: string;
  sha256: string;
}

/** The proposals to a request in these states, locked: none is withdrawn while it is awarded. */
async function findProposals(db: Knex.Transaction, document: Document, states: string[]): Promise<Bid[]> {
  const { organization_id, id: origin_id } = document;
  const proposals = db('documents').where({ organization_id, origin_id, type: proposalType(document) });
  await lockDocuments(db, organization_id, await proposals.clone().pluck('id'));
  return proposals.whereIn('state', states).orderBy('id').select('id', 'state', 'sha256');
}

/**
 * Awards a whole proposal, or each line to one, and declines the others.
 * @throws Invalid if nothing is chosen, Conflict if a chosen proposal or line has changed since it was seen.
 */
export async function award(
  db: Knex.Transaction,
  { document, input, evidence }: ActContext<{ awards: Awards; message?: string | undefined }>,
): Promise<EffectResult> {
  const proposals = await findProposals(db, document, ['requested', 'submitted']);
  const chosen = await findChosen(db, document, proposals, input.awards);
  // As for the act itself: only our own code, which has just read them, may say nothing.
  if (evidence.seen !== undefined && [...chosen.keys()].some((id) => !input.awards.seen[id]))
    throw new Invalid({ 'awards.seen': 'Open the page again before you decide.' });
  if (!chosen.size) throw new Invalid({ form: 'Choose at least one line, or a whole proposal.' });
  const message = messageIn(input);
  const followUps = proposals.map(({ id }): FollowUpAct => {
    const lines = chosen.get(id);
    return lines
      ? { id, action: 'award', input: { lines, ...message }, as: 'same' }
      : { id, action: 'decline', input: message, as: 'same' };
  });
  return { details: { chosen: chosen.size }, followUps };
}

/** By the ids of the proposals, the ids of the lines that they are awarded. */
async function findChosen(db: Knex.Transaction, { organization_id }: Document, proposals: Bid[], awards: Awards) {
  const chosen = new Map<string, string[]>();
  for (const { id, sha256 } of proposals.filter(({ state }) => state === 'submitted')) {
    const seen = awards.seen[id];
    const lines = await readLines(db, { organization_id, id });
    const awarded = lines.filter((line) => !line.refused && isChosen(line, id, awards)).map((line) => line.id);
    if (awarded.length && seen && seen !== sha256) throw new Conflict(CHANGED);
    if (awarded.length) chosen.set(id, awarded);
  }
  const found = [...chosen.values()].flat().length;
  if (awards.proposal ? !found : found < Object.keys(awards.lines).length) throw new Conflict(CHANGED);
  return chosen;
}

const CHANGED = 'A proposal has changed since you opened this page. Nothing was awarded yet: look again, then decide.';

const isChosen = ({ origin_line }: Line, proposal: string, awards: Awards) =>
  awards.proposal ? awards.proposal === proposal : origin_line !== null && awards.lines[origin_line] === proposal;

/** Creates the draft of a purchase order from an awarded proposal, of the lines with ids in `lines`, or of all. */
export async function createPurchaseOrder(
  db: Knex.Transaction,
  { actor, document, input: { lines = [] } }: ActContext<{ lines?: string[] | undefined }>,
): Promise<EffectResult> {
  const { orderedBy } = typeNamed(document.type);
  if (!orderedBy) throw new Error(`No type orders what a ${document.type} offers.`);
  const draft = await draftFrom(db, actor, document, orderedBy);
  const ordered: NewLine[] = draft.content.lines.filter(
    ({ origin_line }) => !lines.length || (origin_line && lines.includes(origin_line)),
  );
  if (!ordered.length) throw new Conflict('There is nothing to order in it.');
  const content = withTotals({ ...draft.content, lines: ordered });
  requireWithinLimit(actor, 'approve', { ...content, id: document.id });
  const made = await insertDraft(
    db,
    actor,
    orderedBy,
    requirePartner(document).partner_id,
    { ...draft, content },
    { origin_id: document.id },
  );
  const all = ordered.length === draft.content.lines.length;
  return { details: { made, ...(all ? {} : { chosen: ordered.map(({ description }) => description) }) } };
}
