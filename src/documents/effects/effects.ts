import type { Knex } from 'knex';
import { z } from 'zod';
import { postComment } from '../../acting/post_comment.js';
import { type Effect, has, typeNamed } from '../../document_types/index.js';
import { Invalid, NotFound } from '../../errors.js';
import { day, email, id, longText, money, shortText } from '../../input/fields.js';
import { clearCredit, giveCredit, refundCredit } from '../../payments/credits.js';
import { postReceivable, reverseEntries, postPayable } from '../../payments/ledger.js';
import {
  completePayment,
  recordOutcome,
  recordRemittance,
  recordPayment,
  requirePaymentDay,
  startPayment,
} from '../../payments/payments.js';
import { promisePayment } from '../../payments/payment_promise.js';
import { reversePayment } from '../../payments/reversal.js';
import type { ActContext, EffectResult } from '../acting/document_act.js';
import { taking } from '../acting/taking.js';
import { awards } from '../../document_types/shared/inputs.js';
import { award, inviteVendors, createPurchaseOrder, propagate } from './bidding.js';
import { countTowardsOrder, countBilled, setPayDate, match, schedule } from './billing.js';
import { applyCreditTo } from './credit.js';
import { onAccepted } from './deposit.js';
import { refuseBelowTaken } from './origin_limits.js';
import { requirePartner } from '../content/document.js';
import { forward } from './forwarding.js';

const message = longText.optional();
/** A payment that was made elsewhere. */
const recorded = z.object({
  amount: money,
  paid_on: day,
  method: shortText,
  reference: shortText.optional(),
  keep_credit: z.boolean().optional(),
});

type Run = (db: Knex.Transaction, act: ActContext) => Promise<EffectResult | void>;

/** Moves money, in no other currency than the document's. */
const inItsCurrency =
  <Result>(run: (db: Knex.Transaction, act: ActContext) => Promise<Result>) =>
  async (db: Knex.Transaction, act: ActContext): Promise<Result> => {
    const { currency } = act.document;
    const { currency: given = currency } = act.input;
    if (given !== currency) throw new Invalid({ currency: 'The amount must be in {{currency}}.' }, { currency });
    return run(db, act);
  };

/** What each `effect` of an action changes besides the document's content, after it and in the act's transaction. */
export const effects: Record<Effect | 'nothing', Run> = {
  nothing: async () => {},
  comment: postComment,
  charge: async (db, { document }) => {
    if (document.version > 1) await refuseBelowTaken(db, document, document.total);
    return { open: await postReceivable(db, requirePartner(document)), followUps: countTowardsOrder(document) };
  },
  clear: async (db, { document, name }) => {
    if (typeNamed(document.type).owes === 'credit')
      return { open: 0, details: { amount: await clearCredit(db, requirePartner(document)) } };
    if (name === 'void') await refuseBelowTaken(db, document, 0);
    const amount = await reverseEntries(db, requirePartner(document), name === 'void' ? 'void' : 'write_off');
    return { open: 0, details: { amount: Math.abs(amount) }, followUps: countTowardsOrder(document) };
  },
  'start payment': inItsCurrency(
    taking(z.object({ amount: money.optional(), method: shortText }), (db, { actor, document, input }) =>
      startPayment(db, actor, requirePartner(document), input),
    ),
  ),
  'payment outcome': taking(z.object({ payment: id, reason: shortText.optional() }), (db, { document, name, input }) =>
    recordOutcome(db, requirePartner(document), name === 'processing' ? 'processing' : 'failed', input),
  ),
  settle: inItsCurrency(async (db, act) => {
    const { document } = act;
    const { applied, ...outcome } = await settlePayment(db, act);
    // What exceeds a retainer is credit already.
    if (has(typeNamed(document.type), 'prepayment'))
      await giveCredit(db, requirePartner(document), applied, outcome.details.payment);
    return outcome;
  }),
  forward: taking(z.object({ name: shortText, email }), forward),
  accepted: onAccepted,
  invite: taking(z.object({ message }), inviteVendors),
  award: taking(z.object({ awards, message }), award),
  order: taking(z.object({ lines: z.array(id).optional() }), createPurchaseOrder),
  propagate: taking(z.object({ message, due_on: day.optional() }), propagate),
  recount: async (_db, { document }) => ({ followUps: countTowardsOrder(document) }),
  count: countBilled,
  match,
  owe: async (db, act) => ({
    open: await postPayable(db, requirePartner(act.document)),
    details: { pay_on: await setPayDate(db, act) },
  }),
  remit: inItsCurrency(
    taking(recorded, (db, { actor, document, input }) => recordRemittance(db, actor, requirePartner(document), input)),
  ),
  credit: async (db, { document }) => ({ open: await giveCredit(db, requirePartner(document), document.total) }),
  'apply credit': inItsCurrency(
    taking(z.object({ amount: money, source: id.optional(), invoice: shortText.optional() }), applyCreditTo),
  ),
  refund: inItsCurrency(
    taking(z.object({ amount: money, paid_on: day }), (db, { actor, document, input }) => {
      requirePaymentDay(actor, input.paid_on);
      return refundCredit(db, requirePartner(document), input.amount);
    }),
  ),
  reverse: taking(z.object({ payment: id, reason: longText }), (db, { document, input }) =>
    reversePayment(db, requirePartner(document), input),
  ),
  promise: taking(z.object({ promised_on: day }), (db, { actor, document, input }) =>
    promisePayment(db, actor, document.id, input.promised_on),
  ),
  schedule: taking(z.object({ pay_on: day }), schedule),
  detach: taking(z.object({ file: id }), detach),
};

/** Books a payment that the gateway reported, or that staff record. */
const settlePayment = (db: Knex.Transaction, { actor, document, input }: ActContext) => {
  const account = requirePartner(document);
  return 'payment' in input
    ? completePayment(db, actor, account, z.object({ payment: id }).parse(input).payment)
    : recordPayment(db, actor, account, recorded.parse(input));
};

/** Removes a file from a draft. @throws NotFound */
async function detach(db: Knex.Transaction, { document, input }: ActContext<{ file: string }>): Promise<EffectResult> {
  const { organization_id, id: subject_id } = document;
  const [file] = await db('files')
    .where({ organization_id, subject_id, id: input.file, comment_id: null, version: null })
    .delete()
    .returning('name');
  if (!file) throw new NotFound();
  return { details: { name: file.name } };
}
