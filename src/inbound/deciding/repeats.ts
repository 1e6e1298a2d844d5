import type { Knex } from 'knex';
import type { ReadMail } from '../reading/message.js';
import { summary } from './decision.js';
import type { Thread } from './thread.js';

/** Exchanges with one person about one subject within an hour that count as a mail loop. */
const MAX_ROUNDS = 10;

const ROUNDS = `select least(
  (select count(*) from (
    select from emails where organization_id = :organization_id and subject_id = :subject_id
      and person_id = :person_id and accepted_at > now() - interval '1 hour'
    order by id desc limit :max) sent),
  (select count(*) from (
    select from comments where organization_id = :organization_id and subject_id = :subject_id
      and person_id = :person_id and via = 'email' and created_at > now() - interval '1 hour'
    limit :max) received))::int as rounds`;

/**
 * Whether so much mail goes back and forth that two machines may be answering each other unmarked (RFC 3834 §2). Each
 * round takes an email of ours and a reply, so that a burst of messages alone isn't a loop.
 */
export async function isMailLoop(
  db: Knex.Transaction,
  { organization_id, subject_id, person_id }: Thread,
): Promise<boolean> {
  const values = { organization_id, subject_id, person_id, max: MAX_ROUNDS };
  const { rows } = await db.raw<{ rows: { rounds: number }[] }>(ROUNDS, values);
  return (rows[0]?.rounds ?? 0) >= MAX_ROUNDS;
}

/**
 * Whether a message with this Message-ID was posted to the thread before: the `same` one, sent to several of our
 * addresses, or another with a `different` text. No text is stored of what partners write among themselves, so those
 * always count as the same.
 */
export async function findDuplicate(
  db: Knex.Transaction,
  { organization_id, subject_id, person_id, audience }: Thread,
  mail: ReadMail,
): Promise<'same' | 'different' | null> {
  const { message_header_id, preview } = summary(mail);
  await db.raw('select pg_advisory_xact_lock(hashtext(?))', [message_header_id]);
  const posted: { preview: string }[] = await db('inbound_deliveries as d')
    .join('comments as c', (on) => on.on('c.organization_id', 'd.organization_id').on('c.id', 'd.comment_id'))
    .where({ 'd.organization_id': organization_id, 'd.subject_id': subject_id, 'd.person_id': person_id })
    .where({ 'c.audience': audience, message_header_id })
    .limit(20)
    .select('preview');
  if (posted.length === 0) return null;
  return posted.some((one) => audience === 'partner' || one.preview === preview) ? 'same' : 'different';
}
