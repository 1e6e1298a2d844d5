import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import { newId } from '../db/ids.js';
import { addJob } from '../db/jobs.js';
import { systemActor, withActor } from '../db/scope.js';

/** By which way a message came. */
export type Source = 'smtp' | 'imap' | 'pipe' | 'postmark' | 'mailgun' | 'sendgrid' | 'ses';

export interface Envelope {
  source: Source;
  /** '' for the null path. */
  mail_from: string;
  /** Lower case, each once. */
  recipients: string[];
  /** Of the server that brought it; '' where another took it in for us, and we can't know. */
  remote_ip: string;
  helo: string;
}

/** Why a message is held for staff unread, and what is known of it. */
export interface UnreadNotice {
  organization_id: string | null;
  reason: string;
  from_address: string;
  from_name: string;
  subject: string;
}

/**
 * Keeps a message as it came, with one delivery for each recipient and the job that reads it; committed when this
 * returns, and only then may it be acknowledged. The same bytes to the same recipient are kept once: a sender that
 * missed our answer comes again. Returns its id. With a `notice` it is not read, but waits for staff: so is kept of a
 * message what can be.
 */
export function receive(
  db: Knex,
  raw: Buffer,
  { recipients, ...envelope }: Envelope,
  notice?: UnreadNotice,
): Promise<string> {
  const sha256 = createHash('sha256').update(raw).digest('hex');
  return withActor(db, systemActor(null), async (db) => {
    const [, known] = await Promise.all([
      db.raw('select pg_advisory_xact_lock(hashtext(?))', [sha256]),
      db('inbound_deliveries').where({ sha256 }).whereIn('recipient', recipients).select('recipient', 'message_id'),
    ]);
    const fresh = recipients.filter((recipient) => !known.some((delivery) => delivery.recipient === recipient));
    if (fresh.length === 0) return String(known[0]?.message_id);
    const message_id = newId();
    const deliveries = fresh.map((recipient) => ({
      id: newId(),
      message_id,
      sha256,
      recipient,
      ...(notice && { ...notice, state: 'held' }),
    }));
    const stored = await inPieces(db, raw);
    await Promise.all([
      db('inbound_messages').insert({ ...envelope, id: message_id, raw: stored(), sha256 }),
      db('inbound_deliveries').insert(deliveries),
      // Mail to one address is read in the order in which it came.
      ...(notice ? [] : deliveries).map(({ id, recipient }) =>
        addJob(db, 'read_mail', { delivery_id: id }, { queue: `mail ${recipient}`, urgency: 'now' }),
      ),
    ]);
    return message_id;
  });
}

const PIECE = 262_144;

/**
 * A large message goes to the database in pieces, since a driver copies what it sends several times: put together
 * there as a large object that ends with the transaction. Returns what to write for it; a query itself would be run
 * by whoever awaits it.
 */
async function inPieces(db: Knex.Transaction, raw: Buffer): Promise<() => Buffer | Knex.Raw> {
  if (raw.length <= 8 * PIECE) return () => raw;
  const { rows } = await db.raw<{ rows: { oid: number }[] }>('select lo_create(0) as oid');
  const oid = rows[0]?.oid ?? 0;
  for (let at = 0; at < raw.length; at += PIECE)
    await db.raw('select lo_put(?, ?, ?)', [oid, at, raw.subarray(at, at + PIECE)]);
  return () =>
    db.raw('(select whole from (select lo_get(?) as whole) as l, lateral (select lo_unlink(?)) as u)', [oid, oid]);
}
