import type { Knex } from 'knex';
import { addComment, type Attachments } from '../conversation/comments.js';
import { newId } from '../db/ids.js';
import { type Actor, retry, setActor, systemActor, withActor } from '../db/scope.js';
import { typeNamed } from '../document_types/index.js';
import { pastDue } from '../document_types/shared/dates.js';
import { Invalid } from '../errors.js';
import { attach } from '../files/file.js';
import type { ActContext, ContentChangeResult, FollowUpAct } from './acting/context.js';
import { type Answers, parseFormInput } from './acting/form_input.js';
import { actionsFor, nextState, requirePermitted } from './acting/lifecycle.js';
import { recordAct } from './acting/record_act.js';
import { recordSignature } from './acting/signatures.js';
import { refuseStale } from './acting/stale.js';
import { today } from './content/days.js';
import { type Document, findDocument } from './content/document.js';
import { freeze } from './content/version.js';
import { copyAsDraft } from './drafts/copy.js';
import { saveDraft } from './drafts/create.js';
import { contentChanges } from './effects/content_changes.js';
import { effects } from './effects/effects.js';

export { today } from './content/days.js';

export interface ActResult {
  document_id: string;
  number: string | null;
  activity_id: string | null;
  /** The SHA-256 of its content after the act. */
  sha256: string;
  /** Where the person goes next, if not back to the document: a gateway's page, or the id of a new document. */
  redirect: string | null;
}

/**
 * The only way to change a document. One transaction holds the change, one activity, a notification and an email for
 * each reader, and what follows for other documents. `input`: the fields of a form or of a gateway's event;
 * `attachments`: files, and the email that it came in. @throws NotFound, NotAllowed, Conflict, Invalid, Stale: then
 * nothing has changed.
 */
export function act(
  db: Knex,
  actor: Actor,
  id: string,
  name: string,
  input: Record<string, unknown> = {},
  attachments: Attachments = {},
): Promise<ActResult> {
  const attempt = () =>
    withActor(db, actor, async (db) => {
      const document = await lockDocument(db, actor, id);
      const action = requirePermitted(document, actor, name, today(actor));
      await refuseStale(db, document, input['seen']);
      const parsed = parseFormInput(action, input, { ...actor, ...document }, attachments);
      await setActor(db, systemActor(actor.organization_id, actor.person_id, actor.now));
      if (action.once && (await wasDone(db, document, actor, name))) return unchanged(document);
      return perform(db, { actor, document, name, action, ...parsed, attachments, activity_id: newId(), input });
    });
  // Two acts may each wait for what the other has locked (a bill and its order): the database ends one of them.
  return db.isTransaction ? attempt() : retry(attempt);
}

/** The document as the actor may see it, locked until the transaction ends. */
async function lockDocument(db: Knex.Transaction, actor: Actor, id: string): Promise<Document> {
  await setActor(db, systemActor(actor.organization_id));
  await db.raw('select from documents where organization_id = ? and id = ? for update', [actor.organization_id, id]);
  await setActor(db, actor);
  return findDocument(db, actor, id);
}

async function perform(db: Knex.Transaction, act: ActContext): Promise<ActResult> {
  const { actor, action } = act;
  const { organization_id, id } = act.document;
  const change = await changeAndFreeze(db, act);
  const document = await findDocument(db, systemActor(organization_id), id);
  if (action.inTime && pastDue(document, today(actor)))
    throw new Invalid({ form: 'Its last day has passed: choose a later one.' });
  const effect = (await effects[action.effect ?? 'nothing'](db, { ...act, document })) ?? {};
  await storeAttachments(db, act);
  const made = action.creates ? await copyAsDraft(db, actor, document, action.creates) : null;
  const branch = change.branch ?? effect.branch ?? ((effect.open ?? document.open) > 0 ? 'open' : 'settled');
  const state = nextState(action, branch) ?? document.state;
  await db('documents')
    .where({ organization_id, id })
    .update({ state, updated_at: db.raw('app_now()') });
  const signature = await recordSignature(db, act, document);
  const details = { ...act.answers, ...signature, ...effect.details, ...(made ? { made } : {}) };
  const activity = await recordAct(db, { ...act, document: { ...document, state } }, details, effect.visible_to);
  for (const followUp of effect.followUps ?? []) await performFollowUp(db, actor, followUp);
  const { number, sha256 } = document;
  return { document_id: id, number, activity_id: activity.id, sha256, redirect: effect.redirect ?? made };
}

async function changeAndFreeze(db: Knex.Transaction, act: ActContext): Promise<ContentChangeResult> {
  const { action, document, draft } = act;
  if (draft) await saveDraft(db, document, draft);
  const change = action.contentChange ? await contentChanges[action.contentChange](db, act) : { changed: true };
  if (action.freezes && change.changed) await freeze(db, document.organization_id, document.id);
  return change;
}

/** Adds the message as a comment, with the files; without a message, attaches them to the document itself. */
async function storeAttachments(db: Knex.Transaction, act: ActContext): Promise<void> {
  const { answers, action, attachments, document } = act;
  const { message } = answers;
  if (typeof message === 'string') await addComment(db, act, message, 'shared');
  else if (action.effect !== 'comment')
    await attach(db, { organization_id: document.organization_id, document_id: document.id }, attachments.files ?? []);
}

/** Does what follows for another document, by the same person or the system, unless its state doesn't allow it. */
async function performFollowUp(
  db: Knex.Transaction,
  actor: Actor,
  { id, action: name, input = {}, as }: FollowUpAct,
): Promise<void> {
  const { organization_id, now, time_zone } = actor;
  const author = as === 'same' ? actor : { ...systemActor(organization_id, as ?? null, now), time_zone };
  const document = await lockDocument(db, systemActor(organization_id), id);
  const action = typeNamed(document.type).actions[name];
  await setActor(db, systemActor(organization_id, author.person_id, now));
  const side = action?.by === 'system' ? 'system' : 'staff';
  if (!action || !Object.hasOwn(actionsFor(document, { ...systemActor(organization_id), side }, today(author)), name))
    return;
  const answers = toAnswers(input);
  await perform(db, { actor: author, document, name, action, answers, attachments: {}, activity_id: newId(), input });
}

const toAnswers = (input: Record<string, unknown>): Answers =>
  Object.fromEntries(
    Object.entries(input).flatMap(([name, value]) =>
      typeof value === 'string' || typeof value === 'number' ? [[name, value]] : [],
    ),
  );

async function wasDone(
  db: Knex.Transaction,
  { organization_id, id, version }: Document,
  { person_id }: Actor,
  action: string,
): Promise<boolean> {
  return Boolean(
    await db('activities').where({ organization_id, document_id: id, version, person_id, action }).first('id'),
  );
}

const unchanged = ({ id, number, sha256 }: Document): ActResult => ({
  document_id: id,
  number,
  activity_id: null,
  sha256,
  redirect: null,
});
