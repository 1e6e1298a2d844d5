import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import { batched } from '../db/batches.js';
import { systemActor, withActor } from '../db/scope.js';
import { type NewMessage, storeMessages } from './store_messages.js';

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
export interface UnreadNotice {
  organization_id: string | null;
  reason: string;
  from_address: string;
  from_name: string;
  subject: string;
}

/** So many messages are committed together; they are small ones. */
const TOGETHER = 32;
const SMALL_BYTES = 65_536;

const groups = new WeakMap<Knex, (message: NewMessage) => Promise<string>>();

/**
 * Stores a message with a delivery for each recipient, and returns its id. It is committed when this returns, and must
 * not be acknowledged before; small messages that come while others are being stored share the next commit. The same
 * bytes to the same recipient are stored once, since a sender that missed our response tries again. With a `notice` the
 * message is held for staff instead of being read.
 */
export async function receive(db: Knex, raw: Buffer, envelope: Envelope, notice?: UnreadNotice): Promise<string> {
  const message = { ...envelope, raw, sha256: createHash('sha256').update(raw).digest('hex'), notice };
  if (db.isTransaction || raw.length > SMALL_BYTES) {
    const [id = ''] = await storeMessages(db, [message]);
    return id;
  }
  const grouped =
    groups.get(db) ??
    batched(
      TOGETHER,
      () => '',
      (messages: NewMessage[]) => storeMessages(db, messages),
    );
  groups.set(db, grouped);
  return grouped(message);
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
