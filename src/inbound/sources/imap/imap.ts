import { setTimeout as pause } from 'node:timers/promises';
import { ImapFlow } from 'imapflow';
import type { PoolConfig } from 'pg';
import type { MailIntake } from '../recipients.js';
import { type Account, parseAccount } from './account.js';
import { type OpenMailbox, syncMailbox } from './sync.js';
import { withAdvisoryLock } from './advisory_lock.js';

/** How long to wait before a lost mailbox is tried again: twice as long each time, up to a minute. */
const FIRST_MS = 1000;
const LONGEST_MS = 60_000;

/** Reads all mailboxes that are configured, each by one process at a time. */
export function startImap(door: MailIntake, direct: PoolConfig) {
  const over = new AbortController();
  const readers = door.config.imap_urls.map((url) => readMailbox(parseAccount(url), door, direct, over.signal));
  return {
    /** Lets messages under way be kept. */
    async stop() {
      over.abort();
      await Promise.all(readers);
    },
  };
}

async function readMailbox(account: Account, door: MailIntake, direct: PoolConfig, over: AbortSignal): Promise<void> {
  const tries: OpenMailbox['tries'] = new Map();
  let wait = FIRST_MS;
  while (!over.aborted) {
    try {
      await withAdvisoryLock(direct, `mailbox ${account.name}`, over, (signal) =>
        session({ account, door, tries, signal }, () => {
          wait = FIRST_MS;
        }),
      );
    } catch (error) {
      door.log.warn({ err: error, mailbox: account.name, again_in_ms: wait }, 'a mailbox could not be read');
    }
    await pause(wait, undefined, { signal: over }).catch(() => {});
    wait = Math.min(2 * wait, LONGEST_MS);
  }
}

/** Also without news the mailbox is looked at, should the server have forgotten to tell. */
const LOOK_MS = 300_000;
const GRACE_MS = 5000;

/**
 * Reads the mailbox as long as the connection lasts. Asked to stop, it lets the messages under way be kept. @throws
 * when it is lost
 */
async function session(reader: Omit<OpenMailbox, 'client'>, done: () => void): Promise<void> {
  const { signal, account } = reader;
  const client = connectionTo(account);
  const bell = newBell();
  let lost: unknown = null;
  client.on('error', (error: unknown) => (lost = error));
  client.on('exists', bell.ring).on('close', bell.ring);
  const stop = () => {
    bell.ring();
    setTimeout(() => client.close(), GRACE_MS).unref();
  };
  signal.addEventListener('abort', stop, { once: true });
  try {
    await client.connect();
    await client.mailboxOpen(account.folder);
    while (!signal.aborted && client.usable) {
      await syncMailbox({ ...reader, client });
      done();
      await bell.rung(() => client.idle());
    }
    if (!signal.aborted) throw lost ?? new Error('The connection ended');
  } finally {
    signal.removeEventListener('abort', stop);
    await (client.usable ? client.logout().catch(() => client.close()) : client.close());
  }
}

/** What rings while nobody waits is heard by who waits next. */
function newBell() {
  let rang = false;
  let hear = () => {};
  return {
    ring: () => {
      rang = true;
      hear();
    },
    /** Until the server tells of something (IDLE, RFC 2177), or for a while. */
    async rung(idle: () => Promise<unknown>) {
      const look = new AbortController();
      const told = new Promise<void>((resolve) => (hear = resolve));
      if (!rang) {
        idle().catch(() => {});
        await Promise.race([told, pause(LOOK_MS, undefined, { signal: look.signal, ref: false }).catch(() => {})]);
      }
      look.abort();
      rang = false;
    },
  };
}

function connectionTo({ host, port, secure, starttls, user, pass }: Account): ImapFlow {
  return new ImapFlow({
    host,
    port,
    secure,
    ...(starttls ? { doSTARTTLS: true } : {}),
    auth: { user, pass },
    logger: false,
    disableAutoIdle: true,
    maxIdleTime: LOOK_MS,
    connectionTimeout: 30_000,
  });
}
