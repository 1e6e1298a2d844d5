import type { Knex } from 'knex';
import { actingAs, systemActor } from '../../db/scope.js';
import type { ReadingContext } from '../reading/message.js';
import { tailOf } from '../reply/endings/known_endings.js';
import { type Thread, threadByKey } from './thread.js';

const TAILS = 3;

/**
 * What helps to read a reply: the text of our last message in its thread, which it probably quotes, and how this
 * person's earlier messages ended. Undefined if it wasn't sent to a reply address.
 */
export async function readReplyContext(
  db: Knex.Transaction,
  recipient: string,
  mail_domain: string,
): Promise<ReadingContext['answered']> {
  const thread = await threadByKey(db, recipient, mail_domain);
  if (!thread) return undefined;
  return actingAs(db, systemActor(thread.organization_id), () => readContext(db, thread));
}

async function readContext(
  db: Knex.Transaction,
  { organization_id, subject_id, person_id, audience }: Thread,
): Promise<ReadingContext['answered']> {
  const [key, tails] = await Promise.all([
    db('reply_keys').where({ organization_id, subject_id, person_id, audience }).first('last_text'),
    db('comments')
      .where({ organization_id, subject_id, person_id, via: 'email' })
      .whereNot({ trimmed: '' })
      .orderBy('id', 'desc')
      .limit(TAILS)
      .pluck('trimmed'),
  ]);
  return { ...(key?.last_text ? { text: key.last_text } : {}), tails: tails.map(tailOf) };
}
