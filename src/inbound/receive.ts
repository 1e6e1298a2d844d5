import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import { newId } from '../db/ids.js';
import { addJob } from '../db/jobs.js';
import { systemActor, withActor } from '../db/scope.js';

/** How a message reached us. */
export type Source = 'smtp' | 'imap' | 'pipe' | 'postmark' | 'mailgun' | 'sendgrid' | 'ses';

export interface Envelope {
  source: Source;
  /** '' for the null path. */
  mail_from: string;
  /** In lower case, without duplicates. */
  recipients: string[];
  /** The server that delivered to us; '' if another server received it for us. */
  remote_ip: string;
  helo: string;
}

/** Why a message is held for staff without being read, and what is known about it. */
interface UnreadNotice {
  organization_id: string | null;
  reason: string;
  from_address: string;
  from_name: string;
  subject: string;
}

/**
 * Stores a message with a delivery and a job for each recipient, and returns its id. It is committed when this returns,
 * and must not be acknowledged before. The same bytes to the same recipient are stored once, since a sender that missed
 * our response tries again. With a `notice` the message is held for staff instead of being read.
 */
export function receive(
  db: Knex,
  raw: Buffer,
  { recipients, ...envelope }: Envelope,
  notice?: UnreadNotice,
): Promise<string> {
  const sha256 = createHash('sha256').update(raw).digest('hex');
  return withActor(db, systemActor(null), async (db) => {
    const [, existing] = await Promise.all([
      db.raw('select pg_advisory_xact_lock(hashtext(?))', [sha256]),
      db('inbound_deliveries').where({ sha256 }).whereIn('recipient', recipients).select('recipient', 'message_id'),
    ]);
    const fresh = recipients.filter((recipient) => !existing.some((delivery) => delivery.recipient === recipient));
    if (fresh.length === 0) return String(existing[0]?.message_id);
    return insertMessage(db, raw, { ...envelope, sha256 }, fresh, notice);
  });
}

async function insertMessage(
  db: Knex.Transaction,
  raw: Buffer,
  message: Omit<Envelope, 'recipients'> & { sha256: string },
  recipients: string[],
  notice?: UnreadNotice,
): Promise<string> {
  const { sha256 } = message;
  const message_id = newId();
  const held = notice && { ...notice, state: 'held' };
  const deliveries = recipients.map((recipient) => ({ id: newId(), message_id, sha256, recipient, ...held }));
  const rawValue = await uploadRaw(db, raw);
  await Promise.all([
    db('inbound_messages').insert({ ...message, id: message_id, raw: rawValue() }),
    db('inbound_deliveries').insert(deliveries),
    // One queue per address: its mail is read in the order of arrival.
    ...(notice ? [] : deliveries).map(({ id, recipient }) =>
      addJob(db, 'read_mail', { delivery_id: id }, { queue: `mail ${recipient}`, urgency: 'now' }),
    ),
  ]);
  return message_id;
}

const CHUNK = 262_144;

/**
 * Uploads a large message in chunks, since the driver copies each value several times, into a large object that the
 * insert consumes. Returns a function for the value to insert, because a query returned by itself would run when
 * awaited.
 */
async function uploadRaw(db: Knex.Transaction, raw: Buffer): Promise<() => Buffer | Knex.Raw> {
  if (raw.length <= 8 * CHUNK) return () => raw;
  const { rows } = await db.raw<{ rows: { oid: number }[] }>('select lo_create(0) as oid');
  const oid = rows[0]?.oid ?? 0;
  for (let at = 0; at < raw.length; at += CHUNK)
    await db.raw('select lo_put(?, ?, ?)', [oid, at, raw.subarray(at, at + CHUNK)]);
  return () =>
    db.raw('(select content from (select lo_get(?) as content) as l, lateral (select lo_unlink(?)) as u)', [oid, oid]);
}

/** Deletes the bytes of messages older than `days`, except those pending or held. Decisions and comments remain. */
export const deleteOldMail = (db: Knex, days: number): Promise<number> =>
  withActor(db, systemActor(null), (db) =>
    db('inbound_messages as m')
      .whereNotNull('raw')
      .whereRaw(`received_at < app_now() - ? * interval '1 day'`, [days])
      .whereNotExists((open) =>
        open.from('inbound_deliveries as d').whereRaw('d.message_id = m.id').whereIn('state', ['pending', 'held']),
      )
      .update({ raw: null }),
  );
