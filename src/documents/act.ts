import type { Knex } from 'knex';
import { z } from 'zod';
import { addComment } from '../conversation/comments.js';
import { newId } from '../db/ids.js';
import { type Actor, retry, setActor, systemActor, withActor } from '../db/scope.js';
import { typeNamed } from '../document_types/index.js';
import { pastDue } from '../document_types/shared/dates.js';
import { isOffered } from '../subjects/may.js';
import { contentInput } from '../document_types/shared/inputs.js';
import { Invalid } from '../errors.js';
import { attach } from '../files/file.js';
import type { ActContext, ContentChangeResult, EffectResult, Evidence, FollowUpAct, Input } from './acting/context.js';
import { filesIn, parseInput, plainFields } from './acting/input.js';
import { nextState, requirePermitted } from './acting/lifecycle.js';
import { recordAct } from './acting/record_act.js';
import { recordSignature } from './acting/signatures.js';
import { refuseStale } from './acting/stale.js';
import { today } from './content/days.js';
import { type Document, findDocument } from './content/document.js';
import { freeze } from './content/version.js';
import { copyAsDraft } from './drafts/copy.js';
import { saveDraft } from './drafts/create.js';
import { toDraft } from './drafts/draft.js';
import { contentChanges } from './effects/content_changes.js';
import { effects } from './effects/effects.js';

export { today } from './content/days.js';

/** What an act made. */
export interface ActResult {
  id: string;
  number: string | null;
  /** The SHA-256 of its content after the act. */
  sha256: string;
  /** Null if it had been done before. */
  activity_id: string | null;
  comment_id: string | null;
  /** The document that was created from this one. */
  created_id: string | null;
  /** A page elsewhere that the person goes to next: a gateway's. */
  redirect: string | null;
}

/**
 * The only way to change a document. One transaction holds the change, one activity, a notification and an email for
 * each reader, and what follows for other documents; a caller's own transaction keeps its actor. `input`: by the
 * action's schema. @throws NotFound, NotAllowed, Conflict, Invalid (by the input's paths), Stale: then nothing has
 * changed.
 */
export function act(
  db: Knex,
  actor: Actor,
  id: string,
  name: string,
  input: Input = {},
  evidence: Evidence = {},
): Promise<ActResult> {
  const attempt = () =>
    withActor(db, actor, async (db) => {
      const document = await lockDocument(db, actor, id);
      const action = requirePermitted(document, actor, name, today(actor));
      await refuseStale(db, document, evidence.seen);
      const parsed = parseInput(action, input);
      await setActor(db, systemActor(actor.organization_id, actor.person_id, actor.now));
      if (action.once && (await wasDone(db, document, actor, name))) return unchanged(document);
      const files = filesIn(parsed);
      return perform(db, { actor, document, name, action, input: parsed, files, evidence, activity_id: newId() });
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
  const message_id = await storeAttachments(db, act);
  const created_id = action.creates ? await copyAsDraft(db, actor, document, action.creates) : null;
  const state = nextState(action, branchOf(change, effect, document)) ?? document.state;
  await db('documents')
    .where({ organization_id, id })
    .update({ state, updated_at: db.raw('app_now()') });
  const signature = await recordSignature(db, act, document);
  const made = created_id ? { made: created_id } : {};
  const details = { ...plainFields(act.input), ...signature, ...effect.details, ...made };
  const activity = await recordAct(db, { ...act, document: { ...document, state } }, details, effect.visible_to);
  for (const followUp of effect.followUps ?? []) await performFollowUp(db, actor, followUp);
  return {
    ...unchanged(document),
    activity_id: activity.id,
    comment_id: effect.comment_id ?? message_id,
    created_id,
    redirect: effect.redirect ?? null,
  };
}

const branchOf = (change: ContentChangeResult, effect: EffectResult, document: Document) =>
  change.branch ?? effect.branch ?? ((effect.open ?? document.open) > 0 ? 'open' : 'settled');

const WithContent = z.object({ content: contentInput.optional() });

async function changeAndFreeze(db: Knex.Transaction, act: ActContext): Promise<ContentChangeResult> {
  const { action, document, input } = act;
  const { content } = WithContent.parse(input);
  if (content) await saveDraft(db, document, toDraft(content, document.currency, typeNamed(document.type)));
  const change = action.contentChange ? await contentChanges[action.contentChange](db, act) : { changed: true };
  if (action.freezes && change.changed) await freeze(db, document.organization_id, document.id);
  return change;
}

/** Adds the message as a comment with the files, and returns its id; without a message, attaches the files. */
async function storeAttachments(db: Knex.Transaction, act: ActContext): Promise<string | null> {
  const { input, action, files, document, evidence } = act;
  const { message } = input;
  if (typeof message === 'string')
    return addComment(db, { ...act, body: message, audience: 'shared', mail: evidence.mail });
  if (action.effect !== 'comment')
    await attach(db, { organization_id: document.organization_id, subject_id: document.id }, files);
  return null;
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
  const side = action?.by === 'system' ? ('system' as const) : ('staff' as const);
  const follower = { ...systemActor(organization_id), side };
  if (!action || !isOffered(follower, { name, action, subject: document, today: today(author) })) return;
  const parsed = parseInput(action, input);
  const act = { document, name, action, input: parsed, files: filesIn(parsed), evidence: {}, activity_id: newId() };
  await perform(db, { actor: author, ...act });
}

async function wasDone(
  db: Knex.Transaction,
  { organization_id, id, version }: Document,
  { person_id }: Actor,
  action: string,
): Promise<boolean> {
  return Boolean(
    await db('activities').where({ organization_id, subject_id: id, version, person_id, action }).first('id'),
  );
}

const unchanged = ({ id, number, sha256 }: Document): ActResult => ({
  id,
  number,
  sha256,
  activity_id: null,
  comment_id: null,
  created_id: null,
  redirect: null,
});
