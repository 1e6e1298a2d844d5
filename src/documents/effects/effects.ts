import type { Knex } from 'knex';
import { z } from 'zod';
import { postComment } from '../../acting/post_comment.js';
import { type Effect, has, typeNamed } from '../../document_types/index.js';
import { NotFound } from '../../errors.js';
import { day, email, id, longText, money, shortText } from '../../input/fields.js';
import { clearCredit, giveCredit, refundCredit } from '../../payments/credits.js';
import { postReceivable, reverseEntries, postPayable } from '../../payments/ledger.js';
import {
  completePayment,
  recordOutcome,
  recordRemittance,
  recordPayment,
  startPayment,
} from '../../payments/payments.js';
import { addContact } from '../../people/contact.js';
import type { ActContext, EffectResult } from '../acting/document_act.js';
import { taking } from '../acting/taking.js';
import { awards } from '../../document_types/shared/inputs.js';
import { award, inviteVendors, createPurchaseOrder, propagate } from './bidding.js';
import { countTowardsOrder, countBilled, setPayDate, match, schedule } from './billing.js';
import { applyCreditTo } from './credit.js';
import { onAccepted } from './deposit.js';
import { refuseBelowTaken } from './origin_limits.js';
import { requirePartner } from '../content/document.js';
import { addParticipants } from '../../subjects/participants.js';

const message = longText.optional();
/** A payment that was made elsewhere. */
const recorded = z.object({ amount: money, paid_on: day, method: shortText, reference: shortText.optional() });

type Run = (db: Knex.Transaction, act: ActContext) => Promise<EffectResult | void>;

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
  'start payment': taking(z.object({ amount: money.optional(), method: shortText }), (db, { actor, document, input }) =>
    startPayment(db, actor, requirePartner(document), input),
  ),
  'payment outcome': taking(z.object({ payment: id, reason: shortText.optional() }), (db, { document, name, input }) =>
    recordOutcome(db, requirePartner(document), name === 'processing' ? 'processing' : 'failed', input),
  ),
  settle: async (db, act) => {
    const { document } = act;
    const outcome = await settlePayment(db, act);
    if (has(typeNamed(document.type), 'prepayment'))
      await giveCredit(db, requirePartner(document), outcome.details.amount);
    return outcome;
  },
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
  remit: taking(recorded, (db, { actor, document, input }) =>
    recordRemittance(db, actor, requirePartner(document), input),
  ),
  credit: async (db, { document }) => ({ open: await giveCredit(db, requirePartner(document), document.total) }),
  'apply credit': taking(
    z.object({ amount: money, source: id.optional(), invoice: shortText.optional() }),
    applyCreditTo,
  ),
  refund: taking(z.object({ amount: money }), (db, { document, input }) =>
    refundCredit(db, requirePartner(document), input.amount),
  ),
  schedule: taking(z.object({ pay_on: day }), schedule),
  detach: taking(z.object({ file: id }), detach),
};

/** Books a payment that the gateway reported, or that staff record. */
const settlePayment = (db: Knex.Transaction, { actor, document, input }: ActContext) => {
  const account = requirePartner(document);
  return 'payment' in input
    ? completePayment(db, account, z.object({ payment: id }).parse(input).payment)
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

async function forward(
  db: Knex.Transaction,
  { document, input }: ActContext<{ name: string; email: string }>,
): Promise<EffectResult> {
  const { organization_id, partner_id } = requirePartner(document);
  const person_id = await addContact(db, organization_id, partner_id, { ...input, guest: true });
  await addParticipants(db, document, [person_id]);
  return { details: { person_id } };
}
