import type { Knex } from 'knex';
import { newId } from '../db/ids.js';
import { addJob } from '../db/jobs.js';
import { queryPrepared, systemActor, withActor } from '../db/scope.js';
import { queueMailRoomReports } from '../mail/mail_room/queue_reports.js';
import type { Envelope, UnreadNotice } from './receive.js';

export interface NewMessage extends Envelope {
  raw: Buffer;
  sha256: string;
  notice: UnreadNotice | undefined;
}

/**
 * Stores messages in one transaction, with a delivery for each of their recipients and a job that reads them. Returns
 * the id of each. The same bytes to the same recipient are stored once.
 */
export const storeMessages = (db: Knex, messages: readonly NewMessage[]): Promise<string[]> =>
  withActor(db, systemActor(null), async (db) => {
    const known = await knownDeliveries(db, messages);
    const fresh: StoredMessage[] = [];
    const ids = messages.map(({ recipients, ...message }) => {
      const keys = recipients.map((recipient) => `${message.sha256} ${recipient}`);
      const unknown = recipients.filter((_, i) => !known.has(keys[i] ?? ''));
      if (unknown.length === 0) return known.get(keys[0] ?? '') ?? '';
      const id = newId();
      for (const recipient of unknown) known.set(`${message.sha256} ${recipient}`, id);
      fresh.push({ ...message, id, recipients: unknown });
      return id;
    });
    if (fresh.length > 0) await insert(db, fresh);
    return ids;
  });

interface StoredMessage extends NewMessage {
  id: string;
}

const LOCK = `select pg_advisory_xact_lock(hash)
  from (select distinct hashtext(sha256) as hash from unnest($1::text[]) sha256 order by 1) ordered`;
const KNOWN = `select concat(sha256, ' ', recipient) as key, message_id from inbound_deliveries
  where sha256 = any($1::text[])`;

/** The messages that are stored already, by hash and recipient; until this transaction ends no other can add one. */
async function knownDeliveries(db: Knex.Transaction, messages: readonly NewMessage[]): Promise<Map<string, string>> {
  const hashes = [messages.map(({ sha256 }) => sha256)];
  const [, rows] = await Promise.all([
    queryPrepared(db, LOCK, hashes),
    queryPrepared<{ key: string; message_id: string }>(db, KNOWN, hashes),
  ]);
  return new Map(rows.map(({ key, message_id }) => [key, message_id]));
}

const INSERT_MESSAGES = `insert into inbound_messages (id, raw, sha256, source, mail_from, remote_ip, helo)
  select * from unnest($1::uuid[], $2::bytea[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[])`;
const INSERT_DELIVERIES = `insert into inbound_deliveries
    (id, message_id, sha256, recipient, state, organization_id, reason, from_address, from_name, subject)
  select id, message_id, sha256, recipient, state, organization_id, reason, from_address, from_name, subject
  from json_populate_recordset(null::inbound_deliveries, $1)`;

async function insert(db: Knex.Transaction, messages: readonly StoredMessage[]): Promise<void> {
  const large = messages.filter(isLarge);
  const deliveries = messages.flatMap(({ id: message_id, sha256, recipients, notice }) =>
    recipients.map((recipient) => ({
      id: newId(),
      message_id,
      sha256,
      recipient,
      ...(notice ? held(notice) : UNREAD),
    })),
  );
  const column = <Name extends keyof StoredMessage>(name: Name) => messages.map((message) => message[name]);
  const raws = messages.map((message) => (isLarge(message) ? null : message.raw));
  await Promise.all([
    queryPrepared(db, INSERT_MESSAGES, [
      ...[column('id'), raws, column('sha256'), column('source'), column('mail_from'), column('remote_ip')],
      column('helo'),
    ]),
    queryPrepared(db, INSERT_DELIVERIES, [JSON.stringify(deliveries)]),
    ...(messages.every(({ notice }) => notice) ? [] : [addJob(db, 'read_mail', {}, { urgency: 'now' })]),
  ]);
  const organizations = messages.flatMap(({ notice }) => notice?.organization_id ?? []);
  for (const id of new Set(organizations)) await queueMailRoomReports(db, id);
  for (const { id, raw } of large) await uploadRaw(db, id, raw);
}

const UNREAD = { state: 'pending', reason: '', from_address: '', from_name: '', subject: '' };
const held = (notice: UnreadNotice) => ({ ...notice, state: 'held' });

const CHUNK = 262_144;

/** Whether a message is stored in chunks. */
const isLarge = ({ raw }: Pick<NewMessage, 'raw'>) => raw.length > 8 * CHUNK;

/**
 * Uploads a large message in chunks, since the driver copies each value several times, into a large object that the
 * update consumes.
 */
async function uploadRaw(db: Knex.Transaction, id: string, raw: Buffer): Promise<void> {
  const { rows } = await db.raw<{ rows: { oid: number }[] }>('select lo_create(0) as oid');
  const oid = rows[0]?.oid ?? 0;
  for (let at = 0; at < raw.length; at += CHUNK)
    await db.raw('select lo_put(?, ?, ?)', [oid, at, raw.subarray(at, at + CHUNK)]);
  await db('inbound_messages')
    .where({ id })
    .update({ raw: db.raw('(select lo_get(?))', [oid]) });
  await db.raw('select lo_unlink(?)', [oid]);
}
