import { EventEmitter } from 'node:events';
import pg from 'pg';
import type { Logger } from 'pino';
import { CHANNEL } from './record.js';

/** Something happened on a subject, and which side may know. */
interface Change {
  organization_id: string;
  subject_id: string | null;
  visible_to: 'both' | 'staff' | 'partner';
}

/** Somebody may see no more of what they saw; a session that ended belongs to no organization (''). */
interface Removal {
  organization_id: string;
  removed: string;
}

/** Somebody has something new to read, or has read it. */
interface Notice {
  organization_id: string;
  notified: string;
}

export interface Listener {
  /** Calls back for each change of one subject, until the returned function is called. */
  follow(organization_id: string, subject_id: string, onChange: (change: Change) => void): () => void;
  /** Calls back once a person is removed, until the returned function is called. */
  onRemoved(organization_id: string, person_id: string, callback: () => void): () => void;
  /** Calls back when a person's notifications change, until the returned function is called. */
  onNotified(organization_id: string, person_id: string, callback: () => void): () => void;
  /** Calls back once a session has ended, by the hash of its token, until the returned function is called. */
  onSignedOut(session_hash: string, callback: () => void): () => void;
  /** Stops listening, and ends the streams of all open pages. */
  close(): Promise<void>;
  onClose(callback: () => void): () => void;
}

const RETRY_MS = 2000;

/**
 * Receives what any process records, by LISTEN on a connection of its own, which is reopened if it breaks. What happened
 * meanwhile was not heard: the streams of all open pages end, so that they come again and get what they missed.
 */
export async function listen(connection: pg.ClientConfig, log: Logger): Promise<Listener> {
  const events = new EventEmitter().setMaxListeners(0);
  const stop = await keepListening(connection, events, log);
  return {
    follow: (organization_id, subject_id, onChange) => subscribe(events, `${organization_id} ${subject_id}`, onChange),
    onRemoved: (organization_id, person_id, callback) =>
      subscribe(events, `${organization_id} removed ${person_id}`, callback),
    onNotified: (organization_id, person_id, callback) =>
      subscribe(events, `${organization_id} notified ${person_id}`, callback),
    onSignedOut: (session_hash, callback) => subscribe(events, ` removed ${session_hash}`, callback),
    onClose: (callback) => subscribe(events, 'close', callback),
    async close() {
      events.emit('close');
      await stop();
    },
  };
}

/** Returns what ends it. */
async function keepListening(connection: pg.ClientConfig, events: EventEmitter, log: Logger) {
  let client: pg.Client | null = null;
  let closed = false;
  const open = async () => {
    const next = new pg.Client({ ...connection, connectionTimeoutMillis: 15_000, keepAlive: true });
    next.on('notification', ({ payload = '' }) => emit(events, payload));
    next.on('error', () => {});
    next.once('end', () => {
      if (!closed) setTimeout(() => void reopen(), RETRY_MS).unref();
    });
    await next.connect();
    await next.query(`listen ${CHANNEL}`);
    client = next;
    if (closed) await next.end();
  };
  const reopen = () =>
    open().then(
      () => events.emit('close'),
      (error: unknown) => log.warn({ err: error }, 'live pages wait for the database'),
    );
  await open();
  return async () => {
    closed = true;
    await client?.end();
  };
}

function emit(events: EventEmitter, payload: string): void {
  const change = JSON.parse(payload) as Change | Removal | Notice;
  events.emit(`${change.organization_id} ${whatIn(change)}`, change);
}

function whatIn(change: Change | Removal | Notice): string | null {
  if ('removed' in change) return `removed ${change.removed}`;
  return 'notified' in change ? `notified ${change.notified}` : change.subject_id;
}

function subscribe(events: EventEmitter, name: string, callback: (change: Change) => void): () => void {
  events.on(name, callback);
  return () => events.off(name, callback);
}
