import type { Knex } from 'knex';
import { notify, readersOf } from '../activity/notify.js';
import { type Activity, record } from '../activity/record.js';
import { addComment, type Carried } from '../conversation/comments.js';
import { newId } from '../db/ids.js';
import { type Actor, become, clock, scoped } from '../db/scope.js';
import type { Action } from '../document_types/index.js';
import { queueEmails } from '../mail/queue.js';
import { formatFor } from '../pages/format.js';
import { answersTo } from './answers.js';
import { refuseStale } from './changes.js';
import { type Document, findDocument } from './documents.js';
import { type Act, effects } from './effects.js';
import { nextState, permitted } from './lifecycle.js';
import { signatureOn } from './signatures.js';
import { copyAsDraft, saveDraft } from './start.js';
import { freeze } from './versions.js';

export interface Done {
  document_id: string;
  number: string | null;
  activity_id: string | null;
  /** Where the one who acted goes on, if not back to the document: a gateway's page, a document that was made. */
  go: string | null;
}

/**
 * The one door through which a document changes. All of it happens, or none of it: the change, one activity, one notification
 * and one email for each reader. `input` is what the form (or the gateway's event) says; `carried` what came along: files, the mail it stood in.
 * @throws NotFound, NotAllowed, Conflict, Invalid, Stale: nothing has happened then.
 */
export function act(
  db: Knex,
  actor: Actor,
  id: string,
  name: string,
  input: Record<string, unknown> = {},
  carried: Carried = {},
): Promise<Done> {
  return scoped(db, actor, async (db) => {
    const document = await locked(db, actor, id);
    const action = permitted(document, actor, name, today(actor));
    await refuseStale(db, document, input['seen']);
    const answered = answersTo(action, input, { locale: actor.locale, currency: document.currency });
    await become(db, clock(actor.organization_id, actor.person_id, actor.now));
    if (action.once && (await wasDone(db, document, actor, name))) return unchanged(document);
    return perform(db, { actor, document, name, action, ...answered, carried, activity_id: newId(), input });
  });
}

/** What this day is called where the actor lives: an ISO day. */
export const today = ({ time_zone, locale, now }: Actor) => formatFor({ locale, time_zone }).today(now);

/** The document as the actor may see it, held against anyone else's change until the transaction ends. */
async function locked(db: Knex.Transaction, actor: Actor, id: string): Promise<Document> {
  await become(db, clock(actor.organization_id));
  await db.raw('select from documents where organization_id = ? and id = ? for update', [actor.organization_id, id]);
  await become(db, actor);
  return findDocument(db, actor, id);
}

async function perform(db: Knex.Transaction, act: Act): Promise<Done> {
  const { actor, action, draft } = act;
  if (draft) await saveDraft(db, act.document, draft);
  if (action.freezes) await freeze(db, act.document.organization_id, act.document.id);
  const document = await findDocument(db, clock(actor.organization_id), act.document.id);
  const { details, open, visible_to, go } = (await effects[action.also ?? 'nothing'](db, { ...act, document })) ?? {};
  if (typeof act.answers['message'] === 'string') await addComment(db, act, act.answers['message'], 'shared');
  const made = action.makes ? await copyAsDraft(db, actor, document, action.makes) : null;
  const state = nextState(action, open ?? document.open);
  const { organization_id, id } = document;
  if (state)
    await db('documents')
      .where({ organization_id, id })
      .update({ state, updated_at: db.raw('app_now()') });
  const signature = signatureOn(action, document, act.input);
  const activity = await record(db, actor, {
    id: act.activity_id,
    document_id: id,
    partner_id: document.partner_id,
    action: act.name,
    version: document.version,
    details: { ...act.answers, ...signature, ...details, ...(made ? { made } : {}) },
    visible_to: visible_to ?? 'both',
  });
  await tell(db, activity, action);
  return { document_id: id, number: document.number, activity_id: activity.id, go: go ?? made };
}

async function tell(db: Knex.Transaction, activity: Activity, action: Action): Promise<void> {
  if (!action.tells) return;
  const { organization_id, document_id, action: name } = activity;
  const again = action.once && (await db('activities').where({ organization_id, document_id, action: name }).limit(2)).length > 1;
  if (again) return;
  const readers = await readersOf(db, activity, action.tells);
  await Promise.all([notify(db, activity, readers), queueEmails(db, activity, readers)]);
}

async function wasDone(
  db: Knex.Transaction,
  { organization_id, id, version }: Document,
  { person_id }: Actor,
  action: string,
): Promise<boolean> {
  return Boolean(await db('activities').where({ organization_id, document_id: id, version, person_id, action }).first('id'));
}

const unchanged = ({ id, number }: Document): Done => ({ document_id: id, number, activity_id: null, go: null });
