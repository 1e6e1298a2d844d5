import type { Knex } from 'knex';
import { addComment, type Carried } from '../conversation/comments.js';
import type { Actor } from '../db/scope.js';
import type { Action, Effect } from '../document_types/index.js';
import { Invalid } from '../errors.js';
import { charge, clear } from '../payments/ledger.js';
import { noteOutcome, settle, startPayment } from '../payments/payments.js';
import { addContact } from '../people/contacts.js';
import type { Answers } from './answers.js';
import type { Document } from './documents.js';
import type { Draft } from './draft.js';

/** An act under way: everything that is known of it, inside its transaction. */
export interface Act {
  actor: Actor;
  document: Document;
  name: string;
  action: Action;
  answers: Answers;
  draft?: Draft;
  carried: Carried;
  activity_id: string;
  input: Record<string, unknown>;
}

/** What came of an effect: details to keep with the activity, what is still owed, who may see it, where to go on. */
export interface Outcome {
  details?: Record<string, unknown>;
  open?: number;
  visible_to?: 'both' | 'staff' | 'partner';
  go?: string;
}

type Run = (db: Knex.Transaction, act: Act) => Promise<Outcome | void>;

/** What else an action changes, by the name that its type gives. Each runs inside the act's transaction, after the document's new content. */
export const effects: Record<Effect | 'nothing', Run> = {
  nothing: async () => {},
  comment,
  charge: async (db, { document }) => ({ open: await charge(db, document) }),
  clear: async (db, { document, name }) => ({
    open: 0,
    details: { amount: await clear(db, document, name === 'void' ? 'void' : 'write_off') },
  }),
  'start payment': (db, { actor, document, answers }) => startPayment(db, actor, document, answers),
  'payment outcome': (db, { document, name, answers }) =>
    noteOutcome(db, document, name === 'processing' ? 'processing' : 'failed', answers),
  settle: (db, { actor, document, answers }) => settle(db, actor, document, answers),
  forward,
};

async function comment(db: Knex.Transaction, act: Act): Promise<Outcome> {
  const { actor, answers, carried } = act;
  const body = typeof answers['text'] === 'string' ? answers['text'] : '';
  if (!body && !carried.files?.length) throw new Invalid({ text: 'Write something, or attach a file.' });
  if (actor.side === 'clock') throw new Error('The clock has nothing to say.');
  const internal = answers['audience'] === 'internal' ? actor.side : null;
  const id = await addComment(db, act, body, internal ?? 'shared');
  // Who says something wants to hear the answer.
  await db('participants')
    .insert({ organization_id: act.document.organization_id, document_id: act.document.id, person_id: actor.person_id })
    .onConflict()
    .ignore();
  return { details: { text: undefined, audience: undefined, comment: id }, visible_to: internal ?? 'both' };
}

async function forward(db: Knex.Transaction, { document, answers }: Act): Promise<Outcome> {
  const { organization_id, id: document_id, partner_id } = document;
  const person_id = await addContact(db, organization_id, partner_id, { name: String(answers['name']), email: String(answers['email']) });
  await db('participants').insert({ organization_id, document_id, person_id }).onConflict().ignore();
  return { details: { person_id } };
}
