import type { Knex } from 'knex';
import { type Actor, type Query, systemActor, withActor } from '../db/scope.js';
import { send } from '../db/writing/transaction.js';

/** A form that was sent: which one (its token, with its address) and what was typed, as hashes. */
export interface SentForm {
  token_hash: string;
  content_hash: string;
}

/** For how long a form may arrive again. */
const KEPT_DAYS = 30;

/**
 * Stores what a form is answered with, in the transaction of what it does; takes no round trip. If the form was sent
 * before, the transaction fails, so that nothing is done twice. Returns the answer.
 */
export async function keepAnswer<Answer>(
  db: Knex.Transaction,
  { organization_id, person_id }: Pick<Actor, 'organization_id' | 'person_id'>,
  form: SentForm | undefined,
  answer: Answer,
): Promise<Answer> {
  if (!form || !person_id) return answer;
  const row = { organization_id, person_id, ...form, answer: JSON.stringify(answer) };
  await send(db, db('sent_forms').insert(row));
  return answer;
}

/** Whether a transaction failed because its form was sent before. */
export const isSentBefore = (error: unknown): boolean =>
  error instanceof Error && 'constraint' in error && error.constraint === 'sent_forms_pkey';

/** What a form was answered with, and the hash of what was typed then. */
export const answerOf = (
  { organization_id, person_id }: Actor,
  { token_hash }: SentForm,
): Query<{ answer: unknown; content_hash: string }> => ({
  name: 'answer_of_form',
  text: `select answer, content_hash from sent_forms
    where organization_id = $1 and person_id = $2 and token_hash = $3`,
  values: [organization_id, person_id, token_hash],
});

/** Deletes the answers of forms that nobody sends again. */
export async function deleteOldForms(db: Knex): Promise<void> {
  for (const id of await db('organizations').pluck('id'))
    await withActor(db, systemActor(id), (db) =>
      db('sent_forms')
        .where({ organization_id: id })
        .where('sent_at', '<', db.raw(`now() - interval '${KEPT_DAYS} days'`))
        .delete(),
    );
}
