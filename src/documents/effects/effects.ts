import type { Knex } from 'knex';
import { z } from 'zod';
import { postComment } from '../../acting/post_comment.js';
import { type Effect, typeNamed } from '../../document_types/index.js';
import { NotFound } from '../../errors.js';
import { day, email, id, longText, shortText } from '../../input/fields.js';
import { scheduleCharge } from '../../payments/charging/schedule_charge.js';
import { clearCredit } from '../../payments/ledger/credits.js';
import { postReceivable, reverseEntries, postPayable } from '../../payments/ledger/ledger.js';
import { promisePayment } from '../../payments/reminders/payment_promise.js';
import { openDispute, resolveDispute } from '../../payments/reminders/dispute.js';
import { approveFirst } from '../approvals/approvals.js';
import type { ActContext, EffectResult } from '../acting/document_act.js';
import { taking } from '../acting/taking.js';
import { waiveLateCharges } from '../late_charges/waive_late_charges.js';
import { remindOfPayment } from '../late_charges/late_charge_invoice.js';
import { awards } from '../../document_types/shared/inputs.js';
import { award, inviteVendors, createPurchaseOrder, propagate } from './bidding.js';
import { countTowardsOrder, countBilled, setPayDate, match, schedule } from './billing.js';
import { deductPrepaid, onAccepted } from './deposit.js';
import { moneyEffects } from './money/payment_effects.js';
import { refuseBelowTaken } from './origin_limits.js';
import { requirePartner } from '../content/document.js';
import { forward } from './forwarding.js';

const message = longText.optional();

type Run = (db: Knex.Transaction, act: ActContext) => Promise<EffectResult | void>;

/** What each `effect` of an action changes besides the document's content, after it and in the act's transaction. */
export const effects: Record<Effect | 'nothing', Run> = {
  nothing: async () => {},
  comment: postComment,
  charge: async (db, { actor, document }) => {
    if (document.version > 1) await refuseBelowTaken(db, document, document.total);
    await scheduleCharge(db, actor, document);
    const followUps = [...countTowardsOrder(document), ...(await deductPrepaid(db, document))];
    return { open: await postReceivable(db, requirePartner(document)), followUps };
  },
  clear: async (db, act) => {
    const { document, action } = act;
    if (typeNamed(document.type).owes === 'credit')
      return { open: 0, details: { amount: await clearCredit(db, requirePartner(document)) } };
    const voids = action.to === 'void';
    if (voids) await refuseBelowTaken(db, document, 0);
    const amount = await reverseEntries(db, requirePartner(document), voids ? 'void' : 'write_off');
    const followUps = [...countTowardsOrder(document), ...(voids ? await waiveLateCharges(db, act) : [])];
    return { open: 0, details: { amount: Math.abs(amount) }, followUps };
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
  'approve first': approveFirst,
  owe: async (db, act) => ({
    open: await postPayable(db, requirePartner(act.document)),
    details: { pay_on: await setPayDate(db, act) },
  }),
  ...moneyEffects,
  promise: taking(z.object({ promised_on: day }), (db, { actor, document, input }) =>
    promisePayment(db, actor, document.id, input.promised_on),
  ),
  dispute: (db, { actor, document }) => openDispute(db, actor, document.id),
  'resolve dispute': (db, { document }) => resolveDispute(db, document),
  remind: remindOfPayment,
  schedule: taking(z.object({ pay_on: day }), schedule),
  detach: taking(z.object({ file: id }), detach),
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
