import type { Knex } from 'knex';
import type { Thread } from './thread.js';

/** So often may mail go back and forth with one person about one document within an hour. */
const ROUNDS = 10;

/**
 * Whether mail goes to somebody and comes back so often that two machines may be answering each other without saying
 * that they are machines (RFC 3834 section 2). A burst of messages alone is none: each round needs an email of ours,
 * and an answer.
 */
export async function isMailLoop(
  db: Knex.Transaction,
  { organization_id, document_id, person_id }: Thread,
): Promise<boolean> {
  const { rows } = await db.raw<{ rows: { rounds: number }[] }>(
    `select least(
      (select count(*) from (select from emails where organization_id = :organization_id and document_id = :document_id and person_id = :person_id
        and accepted_at > now() - interval '1 hour' order by id desc limit :most) sent),
      (select count(*) from (select from comments where organization_id = :organization_id and document_id = :document_id and person_id = :person_id
        and via = 'email' and created_at > now() - interval '1 hour' limit :most) heard))::int as rounds`,
    { organization_id, document_id, person_id, most: ROUNDS },
  );
  return (rows[0]?.rounds ?? 0) >= ROUNDS;
}
