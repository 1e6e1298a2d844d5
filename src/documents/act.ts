import type { Knex } from 'knex';
import { notify, findReaders } from '../activity/notify.js';
import { type Activity, record, recordOnce } from '../activity/record.js';
import { addComment, type Attachments } from '../conversation/comments.js';
import { newId } from '../db/ids.js';
import { type Actor, retry, setActor, systemActor, withActor } from '../db/scope.js';
import { pastDue } from '../document_types/shared/dates.js';
import { type Action, typeNamed } from '../document_types/index.js';
import { Invalid } from '../errors.js';
import { attach } from '../files/file.js';
import { queueEmails } from '../mail/outbox/queue.js';
import { type Answers, parseFormInput } from './acting/form_input.js';
import { refuseStale } from './acting/stale.js';
import { contentChanges } from './effects/content_changes.js';
import { today } from './content/today.js';
import { copyAsDraft } from './drafts/copy.js';
import { type Document, findDocument } from './content/document.js';
import { effects } from './effects/effects.js';
import { type ActContext, type FollowUpAct } from './acting/context.js';
import { actionsFor, nextState, requirePermitted } from './acting/lifecycle.js';
import { recordSignature } from './acting/signatures.js';
import { saveDraft } from './drafts/create.js';
import { freeze } from './content/version.js';

export { today } from './content/today.js';

export interface ActResult {
  document_id: string;
  number: string | null;
  activity_id: string | null;
  /** The hash of its content as this act left it. */
  sha256: string;
  /**
   * Where the one who acted goes on, if not back to the document: a gateway's page, or the id of the document that
   * was made.
   */
  redirect: string | null;
}

/**
 * The one door through which a document changes. All of it happens, or none of it: the change, one activity, one
 * notification and one email for each reader, and what followUps for other documents. `input` is what the form (or the
 * gateway's event) says; `attachments` what came along: files, the mail it stood in. @throws NotFound, NotAllowed,
 * Conflict, Invalid, Stale: nothing has happened then.
 */
export function act(
  db: Knex,
  actor: Actor,
  id: string,
  name: string,
  input: Record<string, unknown> = {},
  attachments: Attachments = {},
): Promise<ActResult> {
  const once = () =>
    withActor(db, actor, async (db) => {
      const document = await locked(db, actor, id);
      const action = requirePermitted(document, actor, name, today(actor));
      await refuseStale(db, document, input['seen']);
      const answered = parseFormInput(action, input, { ...actor, ...document }, attachments);
      await setActor(db, systemActor(actor.organization_id, actor.person_id, actor.now));
      if (action.once && (await wasDone(db, document, actor, name))) return unchanged(document);
      return perform(db, { actor, document, name, action, ...answered, attachments, activity_id: newId(), input });
    });
  // Two acts may each hold what the other waits for (a bill and its order): the database ends one, which then tries
  // again.
  return db.isTransaction ? once() : retry(once);
}

/** The document as the actor may see it, held against anyone else's change until the transaction ends. */
async function locked(db: Knex.Transaction, actor: Actor, id: string): Promise<Document> {
  await setActor(db, systemActor(actor.organization_id));
  await db.raw('select from documents where organization_id = ? and id = ? for update', [actor.organization_id, id]);
  await setActor(db, actor);
  return findDocument(db, actor, id);
}

async function perform(db: Knex.Transaction, act: ActContext): Promise<ActResult> {
  const { actor, action, draft } = act;
  const { organization_id, id } = act.document;
  if (draft) await saveDraft(db, act.document, draft);
  const change = action.contentChange ? await contentChanges[action.contentChange](db, act) : { changed: true };
  if (action.freezes && change.changed) await freeze(db, organization_id, id);
  const document = await findDocument(db, systemActor(organization_id), id);
  if (action.inTime && pastDue(document, today(actor)))
    throw new Invalid({ form: 'Its last day has passed: choose a later one.' });
  const outcome = (await effects[action.effect ?? 'nothing'](db, { ...act, document })) ?? {};
  await keepCarried(db, act);
  const made = action.creates ? await copyAsDraft(db, actor, document, action.creates) : null;
  const open = outcome.open ?? document.open;
  const branch = change.branch ?? outcome.branch ?? (open > 0 ? 'open' : 'settled');
  const state = nextState(action, branch) ?? document.state;
  await db('documents')
    .where({ organization_id, id })
    .update({ state, updated_at: db.raw('app_now()') });
  const signature = await recordSignature(db, act, document);
  const details = { ...act.answers, ...signature, ...outcome.details, ...(made ? { made } : {}) };
  const activity = await told(db, { ...act, document: { ...document, state } }, details, outcome.visible_to);
  for (const following of outcome.followUps ?? []) await follow(db, actor, following);
  return {
    document_id: id,
    number: document.number,
    activity_id: activity.id,
    sha256: document.sha256,
    redirect: outcome.redirect ?? made,
  };
}

/** The message that came with it, and files: with the message, or else on the document itself. */
async function keepCarried(db: Knex.Transaction, act: ActContext): Promise<void> {
  const { answers, action, attachments, document } = act;
  const { message } = answers;
  if (typeof message === 'string') await addComment(db, act, message, 'shared');
  else if (action.effect !== 'comment')
    await attach(db, { organization_id: document.organization_id, document_id: document.id }, attachments.files ?? []);
}

/** One activity, and everybody who must know. What happens to a draft is its own side's alone. */
async function told(
  db: Knex.Transaction,
  act: ActContext,
  details: object,
  visible?: Activity['visible_to'],
): Promise<Activity> {
  const { actor, action, document, name, activity_id } = act;
  const draft = document.state === typeNamed(document.type).states[0] ? document.started_by : undefined;
  const event = {
    id: activity_id,
    document_id: document.id,
    partner_id: document.partner_id,
    action: name,
    version: document.version,
    details: { ...details },
    visible_to: visible ?? draft ?? action.visible ?? 'both',
  };
  const activity = await (action.merges ? recordOnce : record)(db, actor, event);
  await tell(db, activity, action);
  return activity;
}

async function tell(db: Knex.Transaction, activity: Activity, action: Action): Promise<void> {
  if (!action.notifies) return;
  const { organization_id, document_id, action: name } = activity;
  const known =
    action.once && (await db('activities').where({ organization_id, document_id, action: name }).limit(2)).length > 1;
  if (known) return;
  const readers = await findReaders(db, activity, action.notifies, action.receipt);
  await Promise.all([notify(db, activity, readers), queueEmails(db, activity, readers)]);
}

/**
 * What followUps for another document, by the same person or by the house. Where its state has no such move any more,
 * nothing does.
 */
async function follow(
  db: Knex.Transaction,
  actor: Actor,
  { id, action: name, input = {}, as }: FollowUpAct,
): Promise<void> {
  const { organization_id } = actor;
  const by =
    as === 'same' ? actor : { ...systemActor(organization_id, as ?? null, actor.now), time_zone: actor.time_zone };
  const document = await locked(db, systemActor(organization_id), id);
  const action = typeNamed(document.type).actions[name];
  await setActor(db, systemActor(organization_id, by.person_id, actor.now));
  const side = action?.by === 'system' ? 'system' : 'staff';
  if (!action || !Object.hasOwn(actionsFor(document, { side }, today(by)), name)) return;
  await perform(db, {
    actor: by,
    document,
    name,
    action,
    answers: plain(input),
    attachments: {},
    activity_id: newId(),
    input,
  });
}

const plain = (input: Record<string, unknown>): Answers =>
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
