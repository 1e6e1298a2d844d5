import type { Knex } from 'knex';
import { z } from 'zod';
import type { OpenSubjects, Outcome } from '../acting/context.js';
import { storeMessage } from '../acting/post_comment.js';
import { nextState } from '../acting/permitted.js';
import { type Actor, systemActor } from '../db/scope.js';
import { send } from '../db/writing/transaction.js';
import { type Action, typeNamed } from '../document_types/index.js';
import { pastDue } from '../document_types/shared/dates.js';
import { contentInput } from '../document_types/shared/inputs.js';
import { Invalid } from '../errors.js';
import { today } from '../pages/days.js';
import type { ActContext, ContentChangeResult, EffectResult } from './acting/document_act.js';
import { recordSignature } from './acting/signatures.js';
import { refuseStale } from './acting/stale.js';
import { recountBudget } from './budget/recount_budget.js';
import { settleTime } from './budget/settle_time.js';
import { type Document, findDocument, visibleDocument } from './content/document.js';
import { seenOf } from './content/seen.js';
import { newestChanges } from './content/revision.js';
import { freeze } from './content/version.js';
import { copyAsDraft } from './drafts/copy.js';
import { saveDraft } from './drafts/create.js';
import { toDraftBy } from './drafts/draft.js';
import { refuseDuplicate } from './effects/billing.js';
import { contentChanges } from './effects/content_changes.js';
import { effects } from './effects/effects.js';
import { refuseBeyondOrigin } from './effects/origin_limits.js';
import { takeTaxes } from './taxes/line_taxes.js';
import { refuseWrongTaxes } from './taxes/sending.js';
import { requireCodeAbove, requireWithinLimit } from '../subjects/may.js';
import { limitOf } from '../subjects/permissions.js';

/** What acts change in a document: its content, which may be frozen; money and other documents; its state. */
export const openDocument: OpenSubjects = async (db, actor, id) => {
  const document = await visibleDocument(db, actor, id);
  if (!document) return null;
  return {
    subject: { ...document, seen: seenOf(document) },
    refuseStale: (shown, action) => refuseStale(db, document, shown, action),
    perform: (act) => perform(db, { ...act, document }),
  };
};

async function perform(db: Knex.Transaction, act: ActContext): Promise<Outcome> {
  const { actor, name } = act;
  const { organization_id, id, type } = act.document;
  const action = typeNamed(type).actions[name];
  if (!action) throw new Error(`There is no action "${name}" of a ${type}.`);
  const change = await changeAndFreeze(db, act);
  const revised = act.input['content'] !== undefined && action.freezes && act.document.version > 0;
  const changes = revised
    ? { changes: await newestChanges(db, act.document), changed_in: act.document.version + 1 }
    : {};
  // What is only said needs no more of it than its author sees; effects decide about what the system sees.
  const said = !change && !action.creates && (!action.effect || action.effect === 'comment');
  const document = said ? act.document : await findDocument(db, systemActor(organization_id), id);
  refuseFinal(actor, action, document);
  const effect = (await effects[action.effect ?? 'nothing'](db, { ...act, document })) ?? {};
  const message_id = await storeMessage(db, act);
  const created_id = action.creates ? await copyAsDraft(db, actor, document, action.creates) : null;
  const state = nextState(action, branchOf(change, effect, document)) ?? document.state;
  await send(
    db,
    db('documents')
      .where({ organization_id, id })
      .update({ state, updated_at: db.raw('app_now()') }),
  );
  if (!said || state !== act.document.state) await settle(db, document);
  const signature = await recordSignature(db, act, document);
  const made = created_id ? { made: created_id } : {};
  const after = { ...document, state, open: effect.open ?? document.open, ...effect.document };
  return {
    ...effect,
    subject: { ...after, seen: seenOf(after) },
    details: { ...signature, ...effect.details, ...made, ...changes },
    comment_id: effect.comment_id ?? message_id,
    created_id,
  };
}

/** What is counted of it elsewhere: in its project's budget, and as billed time. */
async function settle(db: Knex.Transaction, document: Document): Promise<void> {
  if (document.budgeted) await recountBudget(db, document);
  await settleTime(db, document);
}

/** What can be decided only once the content is final. @throws Invalid, NotAllowed */
function refuseFinal(actor: Actor, action: Action, document: Document): void {
  if (action.inTime && pastDue(document, today(actor)))
    throw new Invalid({ form: 'Its last day has passed: choose a later one.' });
  requireWithinLimit(actor, limitOf(action), document);
  if (action.to) requireCodeAbove(actor, document);
}

const branchOf = (change: ContentChangeResult | null, effect: EffectResult, document: Document) =>
  change?.branch ?? effect.branch ?? ((effect.open ?? document.open) > 0 ? 'open' : 'settled');

const WithContent = z.object({ content: contentInput.optional() });

/** Null: the action leaves the content alone. */
async function changeAndFreeze(db: Knex.Transaction, act: ActContext): Promise<ContentChangeResult | null> {
  const { document, input, name } = act;
  const { content } = WithContent.parse(input);
  const type = typeNamed(document.type);
  const action = type.actions[name];
  if (!content && !action?.contentChange && !action?.freezes) return null;
  // The number of a bill that was sent before must be free when its content is stored.
  if (content && action?.effect === 'match') await refuseDuplicate(db, document, content.reference);
  if (content) {
    const { id, partner_id, origin_id } = document;
    const taxed = await takeTaxes(db, act.actor, { type, partner_id, sources: [id, origin_id] }, content);
    await saveDraft(db, document, toDraftBy(act.actor, taxed, document.currency, type));
  }
  const change = action?.contentChange ? await contentChanges[action.contentChange](db, act) : { changed: true };
  if (action?.freezes && change.changed) {
    await refuseBeyondOrigin(db, act);
    // In one round trip with what freezing reads.
    await Promise.all([refuseWrongTaxes(db, act), freeze(db, document.organization_id, document.id)]);
  }
  return change;
}
