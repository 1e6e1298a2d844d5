import type { Knex } from 'knex';
import { z } from 'zod';
import { type Effect, has, typeNamed } from '../../../document_types/index.js';
import { CHARGE_CAUSES } from '../../../document_types/shared/charge_actions.js';
import { creditsInput } from '../../../document_types/shared/inputs.js';
import { Conflict, Invalid } from '../../../errors.js';
import { day, id, longText, money, nothingOrMore, shortText } from '../../../input/fields.js';
import { noteFailedCharge, stopCharge } from '../../../payments/charging/charge_outcome.js';
import { giveCredit, refundCredit } from '../../../payments/ledger/credits.js';
import { moveTo, takeMoved } from '../../../payments/moving.js';
import { noteChargeback } from '../../../payments/gateways/chargebacks.js';
import { completePayment, partsOf, recordOutcome, startPayment } from '../../../payments/payments.js';
import { recordPayment, recordRemittance, requirePaymentDay } from '../../../payments/recorded.js';
import { askRefund, bookRefund, failRefund } from '../../../payments/refunds.js';
import { reversePayment } from '../../../payments/reversal.js';
import { addAuthor } from '../../../subjects/participants.js';
import type { ActContext, EffectResult } from '../../acting/document_act.js';
import { taking } from '../../acting/taking.js';
import { type Document, requirePartner } from '../../content/document.js';
import { applyCreditTo, countUsed, findOpenInvoice } from './credit.js';

/** A payment that was made elsewhere. */
const recorded = z.object({
  amount: money,
  paid_on: day,
  method: shortText,
  reference: shortText.optional(),
  payment: id.optional(),
  keep_credit: z.boolean().optional(),
  discount: nothingOrMore.optional(),
});

/** What is paid of a document online. */
const started = z.object({
  amount: nothingOrMore.optional(),
  method: shortText.optional(),
  stored: id.optional(),
  credits: creditsInput,
  payment: id.optional(),
});

/** Moves money, in no other currency than the document's. */
const inItsCurrency =
  <Result>(run: (db: Knex.Transaction, act: ActContext) => Promise<Result>) =>
  async (db: Knex.Transaction, act: ActContext): Promise<Result> => {
    const { currency } = act.document;
    const { currency: given = currency } = act.input;
    if (given !== currency) throw new Invalid({ currency: 'The amount must be in {{currency}}.' }, { currency });
    return run(db, act);
  };

type Run = (db: Knex.Transaction, act: ActContext) => Promise<EffectResult | void>;

/** What effects do that move money of a payment or of credit. */
export const moneyEffects = {
  'start payment': inItsCurrency(
    taking(started, async (db, { actor, document, input }) => {
      // Who pays gets the receipt, whether they took part before or not.
      if (actor.person_id) await addAuthor(db, document, actor.person_id);
      return startPayment(db, actor, requirePartner(document), input);
    }),
  ),
  'payment outcome': taking(
    z.object({ payment: id, reason: shortText.optional(), final: z.boolean().default(false) }),
    async (db, { actor, document, name, input: { final, ...input } }) => {
      const [account, state] = [requirePartner(document), name === 'processing' ? 'processing' : 'failed'] as const;
      const { details } = await recordOutcome(db, account, state, input);
      const charge = state === 'failed' ? await noteFailedCharge(db, actor, account, input.payment, final) : null;
      const automatic = charge ? { charge } : {};
      return { details: { ...details, ...automatic, ...(await together(db, document, input.payment)) } };
    },
  ),
  'stop charge': taking(z.object({ cause: z.enum(CHARGE_CAUSES) }), async (db, { document, input: { cause } }) => ({
    details: { limit: await stopCharge(db, requirePartner(document), cause) },
  })),
  settle: inItsCurrency(async (db, act) => {
    const { document } = act;
    const { applied, credits, ...outcome } = await settlePayment(db, act);
    // What exceeds a retainer is credit already.
    if (has(typeNamed(document.type), 'prepayment'))
      await giveCredit(db, requirePartner(document), applied, z.string().parse(outcome.details['payment']));
    const used = credits.map(({ source_id }) => source_id);
    const alone = 'method' in act.input;
    const others = alone ? {} : await together(db, document, outcome.details['payment']);
    const details = { ...outcome.details, ...others };
    return { ...outcome, details, followUps: countUsed(document, used) };
  }),
  remit: inItsCurrency(
    taking(recorded, (db, { actor, document, input }) => recordRemittance(db, actor, requirePartner(document), input)),
  ),
  credit: async (db, { document }) => ({ open: await giveCredit(db, requirePartner(document), document.total) }),
  'apply credit': inItsCurrency(
    taking(
      z.object({ amount: money, source: id.optional(), invoice: shortText.optional(), credits: creditsInput }),
      applyCreditTo,
    ),
  ),
  refund: inItsCurrency(
    taking(z.object({ amount: money, paid_on: day }), (db, { actor, document, input }) => {
      requirePaymentDay(actor, input.paid_on);
      return refundCredit(db, requirePartner(document), input.amount);
    }),
  ),
  reverse: taking(z.object({ payment: id, reason: longText }), async (db, { document, name, input }) => {
    const { others, gateway, ...outcome } = await reversePayment(db, requirePartner(document), input);
    if (name === 'reverse_payment' && gateway !== 'recorded')
      throw new Conflict('Only a payment that was recorded here can be reversed.');
    const followUps = name === 'reverse_payment' ? others.map((id) => ({ id, action: 'take_back', input })) : [];
    return { ...outcome, followUps };
  }),
  'move payment': taking(
    z.object({ payment: id, invoice: shortText, reason: longText }),
    async (db, { document, input: { payment, invoice } }) => {
      if (has(typeNamed(document.type), 'prepayment'))
        throw new Conflict('What was paid for a retainer is credit. Apply that instead.');
      const to = await findOpenInvoice(db, document, invoice);
      const moved = await moveTo(db, requirePartner(document), requirePartner(to), to.open, payment);
      const followUps = [{ id: to.id, action: 'take_payment', input: { payment, from: document.number ?? '' } }];
      return { ...moved, details: { ...moved.details, invoice: to.number }, followUps };
    },
  ),
  'take payment': taking(z.object({ payment: id }), (db, { document, input }) =>
    takeMoved(db, requirePartner(document), input.payment),
  ),
  'ask refund': inItsCurrency(
    taking(
      z.object({ payment: id, amount: money, reason: longText, reopen: z.boolean().optional() }),
      async (db, { actor, document, input }) => {
        const { refund, recorded, details } = await askRefund(db, actor, prepayable(document), input);
        return { details, followUps: recorded ? [{ id: document.id, action: 'refunded', input: { refund } }] : [] };
      },
    ),
  ),
  refunded: taking(z.object({ refund: id }), (db, { document, input }) =>
    bookRefund(db, prepayable(document), input.refund),
  ),
  chargeback: taking(z.object({ payment: id, reason: shortText.optional() }), (db, { document, name, input }) =>
    noteChargeback(db, requirePartner(document), name, input),
  ),
  'refund failed': taking(z.object({ refund: id, reason: shortText.optional() }), (db, { document, input }) =>
    failRefund(db, requirePartner(document), input.refund, input.reason ?? ''),
  ),
} satisfies Partial<Record<Effect, Run>>;

/** Books a payment that the gateway reported, or that staff record. */
const settlePayment = (db: Knex.Transaction, { actor, document, input }: ActContext) => {
  const account = requirePartner(document);
  return !('method' in input)
    ? completePayment(db, actor, account, z.object({ payment: id }).parse(input).payment)
    : recordPayment(db, actor, account, recorded.parse(input));
};

/** What else its payment pays, for what is said of it. */
async function together(db: Knex.Transaction, { organization_id }: Document, payment: unknown) {
  const parts = await partsOf(db, organization_id, z.string().parse(payment));
  return parts.length > 1 ? { together: parts } : {};
}

const prepayable = (document: Document) => ({
  ...requirePartner(document),
  prepaid: has(typeNamed(document.type), 'prepayment'),
});
