import type { Knex } from 'knex';
import { addComment } from '../../conversation/comments.js';
import type { Effect } from '../../document_types/index.js';
import { Invalid, NotFound } from '../../errors.js';
import { clearCredit, giveCredit, refundCredit } from '../../payments/credits.js';
import { postReceivable, reverseEntries, postPayable } from '../../payments/ledger.js';
import { recordOutcome, recordRemittance, recordPayment, startPayment } from '../../payments/payments.js';
import { addContact } from '../../people/contact.js';
import type { ActContext, EffectResult } from '../acting/context.js';
import { award, inviteVendors, createPurchaseOrder, propagate } from './bidding.js';
import { countTowardsOrder, countBilled, setPayDate, match, schedule } from './billing.js';
import { applyCreditTo } from './credit.js';
import { onAccepted } from './deposit.js';
import { requirePartner } from '../content/document.js';
import { addParticipants } from '../../subjects/participants.js';

type Run = (db: Knex.Transaction, act: ActContext) => Promise<EffectResult | void>;

/** What each `effect` of an action changes besides the document's content, after it and in the act's transaction. */
export const effects: Record<Effect | 'nothing', Run> = {
  nothing: async () => {},
  comment,
  charge: async (db, { document }) => ({
    open: await postReceivable(db, requirePartner(document)),
    followUps: countTowardsOrder(document),
  }),
  clear: async (db, { document, name }) => {
    if (document.type === 'credit_note')
      return { open: 0, details: { amount: await clearCredit(db, requirePartner(document)) } };
    const amount = await reverseEntries(db, requirePartner(document), name === 'void' ? 'void' : 'write_off');
    return { open: 0, details: { amount: Math.abs(amount) }, followUps: countTowardsOrder(document) };
  },
  'start payment': (db, { actor, document, answers }) => startPayment(db, actor, requirePartner(document), answers),
  'payment outcome': (db, { document, name, answers }) =>
    recordOutcome(db, requirePartner(document), name === 'processing' ? 'processing' : 'failed', answers),
  settle: async (db, { actor, document, answers }) => {
    const outcome = await recordPayment(db, actor, requirePartner(document), answers);
    if (document.type === 'retainer_invoice') await giveCredit(db, requirePartner(document), outcome.details.amount);
    return outcome;
  },
  forward,
  accepted: onAccepted,
  invite: inviteVendors,
  award,
  order: createPurchaseOrder,
  propagate,
  recount: async (_db, { document }) => ({ followUps: countTowardsOrder(document) }),
  count: countBilled,
  match,
  owe: async (db, act) => ({
    open: await postPayable(db, requirePartner(act.document)),
    details: { pay_on: await setPayDate(db, act) },
  }),
  remit: (db, { actor, document, answers }) => recordRemittance(db, actor, requirePartner(document), answers),
  credit: async (db, { document }) => ({ open: await giveCredit(db, requirePartner(document), document.total) }),
  'apply credit': applyCreditTo,
  refund: (db, { document, answers }) => refundCredit(db, requirePartner(document), answers),
  schedule,
  detach,
};

async function comment(db: Knex.Transaction, act: ActContext): Promise<EffectResult> {
  const { actor, answers, attachments } = act;
  const body = typeof answers['text'] === 'string' ? answers['text'] : '';
  if (!body && !attachments.files?.length) throw new Invalid({ text: 'Write something, or attach a file.' });
  if (actor.side === 'system') throw new Error('The system actor can’t comment.');
  const internal = answers['audience'] === 'internal' ? actor.side : null;
  const id = await addComment(db, act, body, internal ?? 'shared');
  // The author takes part from now on, so that they are notified of replies.
  if (actor.person_id) await addParticipants(db, act.document, [actor.person_id]);
  return { details: { text: undefined, audience: undefined, comment: id }, visible_to: internal ?? 'both' };
}

/** Removes a file from a draft. @throws NotFound */
async function detach(db: Knex.Transaction, { document, answers }: ActContext): Promise<EffectResult> {
  const { organization_id, id: subject_id } = document;
  const [file] = await db('files')
    .where({ organization_id, subject_id, id: answers['file'], comment_id: null, version: null })
    .delete()
    .returning('name');
  if (!file) throw new NotFound();
  return { details: { name: file.name } };
}

async function forward(db: Knex.Transaction, { document, answers }: ActContext): Promise<EffectResult> {
  const { organization_id, partner_id } = requirePartner(document);
  const fields = { name: String(answers['name']), email: String(answers['email']), guest: true };
  const person_id = await addContact(db, organization_id, partner_id, fields);
  await addParticipants(db, document, [person_id]);
  return { details: { person_id } };
}
