import { EventEmitter } from 'node:events';
import pg from 'pg';
import type { Logger } from 'pino';
import { CHANNEL } from './record.js';

/** What open pages hear: something happened on a document, and which side may know. */
export interface Change {
  organization_id: string;
  document_id: string | null;
  visible_to: 'both' | 'staff' | 'partner';
}

export interface Listener {
  /** Calls back for each change of one document, until the returned function is called. */
  follow(organization_id: string, document_id: string, heard: (change: Change) => void): () => void;
  /** Ends all streams. */
  close(): Promise<void>;
  onClose(end: () => void): () => void;
}

const RETRY_MS = 2000;

/** Hears what is recorded anywhere, by LISTEN on a connection of its own, which it opens again should it break. */
export async function listen(connection: pg.ClientConfig, log: Logger): Promise<Listener> {
  const events = new EventEmitter().setMaxListeners(0);
  let client: pg.Client | null = null;
  let closed = false;
  const open = async () => {
    const fresh = new pg.Client(connection);
    fresh.on('notification', ({ payload = '' }) => emit(events, payload));
    fresh.on('error', () => {});
    fresh.once('end', () => {
      if (!closed) setTimeout(() => void reopen(), RETRY_MS).unref();
    });
    await fresh.connect();
    await fresh.query(`listen ${CHANNEL}`);
    client = fresh;
  };
  const reopen = () =>
    open().catch((error: unknown) => {
      log.warn({ err: error }, 'live pages wait for the database');
    });
  await open();
  return {
    follow: (organization_id, document_id, heard) => subscribe(events, `${organization_id} ${document_id}`, heard),
    onClose: (end) => subscribe(events, 'close', end),
    async close() {
      closed = true;
      events.emit('close');
      await client?.end();
    },
  };
}

function emit(events: EventEmitter, payload: string): void {
  const change = JSON.parse(payload) as Change;
  events.emit(`${change.organization_id} ${change.document_id}`, change);
}

function subscribe(events: EventEmitter, name: string, heard: (change: Change) => void): () => void {
  events.on(name, heard);
  return () => events.off(name, heard);
}
