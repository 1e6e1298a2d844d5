import type { Knex } from 'knex';
import { addComment } from '../../conversation/comments.js';
import type { Effect } from '../../document_types/index.js';
import { Invalid, NotFound } from '../../errors.js';
import { clearCredit, giveCredit, refundCredit } from '../../payments/credits.js';
import { charge, clear, owe } from '../../payments/ledger.js';
import { noteOutcome, remit, settle, startPayment } from '../../payments/payments.js';
import { addContact } from '../../people/contact.js';
import type { Act, Outcome } from '../acting/context.js';
import { award, invite, order, spread } from './bidding.js';
import { countTowards, counting, dueByTerms, match, schedule } from './billing.js';
import { applyCreditTo } from './credit.js';
import { accepted } from './deposit.js';
import { owing } from '../content/document.js';
import { join } from '../content/participants.js';

type Run = (db: Knex.Transaction, act: Act) => Promise<Outcome | void>;

/**
 * What else an action changes, by the name that its type gives. Each runs inside the act's transaction, after the
 * document's new content.
 */
export const effects: Record<Effect | 'nothing', Run> = {
  nothing: async () => {},
  comment,
  charge: async (db, { document }) => ({ open: await charge(db, owing(document)), follows: countTowards(document) }),
  clear: async (db, { document, name }) => {
    if (document.type === 'credit_note')
      return { open: 0, details: { amount: await clearCredit(db, owing(document)) } };
    const amount = await clear(db, owing(document), name === 'void' ? 'void' : 'write_off');
    return { open: 0, details: { amount: Math.abs(amount) }, follows: countTowards(document) };
  },
  'start payment': (db, { actor, document, answers }) => startPayment(db, actor, owing(document), answers),
  'payment outcome': (db, { document, name, answers }) =>
    noteOutcome(db, owing(document), name === 'processing' ? 'processing' : 'failed', answers),
  settle: async (db, { actor, document, answers }) => {
    const outcome = await settle(db, actor, owing(document), answers);
    if (document.type === 'retainer_invoice') await giveCredit(db, owing(document), outcome.details.amount);
    return outcome;
  },
  forward,
  accepted,
  invite,
  award,
  order,
  spread,
  recount: async (_db, { document }) => ({ follows: countTowards(document) }),
  count: counting,
  match,
  owe: async (db, act) => ({
    open: await owe(db, owing(act.document)),
    details: { pay_on: await dueByTerms(db, act) },
  }),
  remit: (db, { actor, document, answers }) => remit(db, actor, owing(document), answers),
  credit: async (db, { document }) => ({ open: await giveCredit(db, owing(document), document.total) }),
  'apply credit': applyCreditTo,
  refund: (db, { document, answers }) => refundCredit(db, owing(document), answers),
  schedule,
  detach,
};

async function comment(db: Knex.Transaction, act: Act): Promise<Outcome> {
  const { actor, answers, carried } = act;
  const body = typeof answers['text'] === 'string' ? answers['text'] : '';
  if (!body && !carried.files?.length) throw new Invalid({ text: 'Write something, or attach a file.' });
  if (actor.side === 'clock') throw new Error('The clock has nothing to say.');
  const internal = answers['audience'] === 'internal' ? actor.side : null;
  const id = await addComment(db, act, body, internal ?? 'shared');
  // Who says something wants to hear the answer.
  if (actor.person_id) await join(db, act.document, [actor.person_id]);
  return { details: { text: undefined, audience: undefined, comment: id }, visible_to: internal ?? 'both' };
}

/** Takes a file off a draft. */
async function detach(db: Knex.Transaction, { document, answers }: Act): Promise<Outcome> {
  const { organization_id, id: document_id } = document;
  const [file] = await db('files')
    .where({ organization_id, document_id, id: answers['file'], comment_id: null, version: null })
    .delete()
    .returning('name');
  if (!file) throw new NotFound();
  return { details: { name: file.name } };
}

async function forward(db: Knex.Transaction, { document, answers }: Act): Promise<Outcome> {
  const { organization_id, partner_id } = owing(document);
  const fields = { name: String(answers['name']), email: String(answers['email']), guest: true };
  const person_id = await addContact(db, organization_id, partner_id, fields);
  await join(db, document, [person_id]);
  return { details: { person_id } };
}
