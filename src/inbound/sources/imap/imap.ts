import { setTimeout as pause } from 'node:timers/promises';
import type { PoolConfig } from 'pg';
import type { MailIntake } from '../recipients.js';
import { type Account, imapClient, parseAccount, POLL_MS } from './account.js';
import { withAdvisoryLock } from './advisory_lock.js';
import { type OpenMailbox, syncMailbox } from './sync.js';

/** The delay before reconnecting: doubled each time up to the maximum. */
const FIRST_RETRY_MS = 1000;
const MAX_RETRY_MS = 60_000;

/** Reads all configured mailboxes, each in one process at a time. */
export function startImap(intake: MailIntake, direct: PoolConfig) {
  const controller = new AbortController();
  const readers = intake.config.imap_urls.map((url) =>
    readMailbox(parseAccount(url), intake, direct, controller.signal),
  );
  return {
    /** Stops once the messages in progress are stored. */
    async stop() {
      controller.abort();
      await Promise.all(readers);
    },
  };
}

async function readMailbox(
  account: Account,
  intake: MailIntake,
  direct: PoolConfig,
  stopped: AbortSignal,
): Promise<void> {
  const tries: OpenMailbox['tries'] = new Map();
  let delay = FIRST_RETRY_MS;
  while (!stopped.aborted) {
    try {
      await withAdvisoryLock(direct, `mailbox ${account.name}`, stopped, (signal) =>
        session({ account, intake, tries, signal }, () => {
          delay = FIRST_RETRY_MS;
        }),
      );
    } catch (error) {
      intake.log.warn({ err: error, mailbox: account.name, again_in_ms: delay }, 'a mailbox could not be read');
    }
    await pause(delay, undefined, { signal: stopped }).catch(() => {});
    delay = Math.min(2 * delay, MAX_RETRY_MS);
  }
}

const GRACE_MS = 5000;

/**
 * Reads the mailbox until the connection ends or the signal aborts, which lets messages in progress be stored.
 * `synced` is called each time the mailbox has been read. @throws if the connection is lost
 */
async function session(reader: Omit<OpenMailbox, 'client'>, synced: () => void): Promise<void> {
  const { signal, account } = reader;
  const client = imapClient(account);
  const news = newsSignal();
  let lost: unknown = null;
  client.on('error', (error: unknown) => (lost = error));
  client.on('exists', news.notify).on('close', news.notify);
  const stop = () => {
    news.notify();
    setTimeout(() => client.close(), GRACE_MS).unref();
  };
  signal.addEventListener('abort', stop, { once: true });
  try {
    await client.connect();
    await client.mailboxOpen(account.folder);
    while (!signal.aborted && client.usable) {
      await syncMailbox({ ...reader, client });
      synced();
      await news.wait(() => client.idle());
    }
    if (!signal.aborted) throw lost ?? new Error('The connection ended');
  } finally {
    signal.removeEventListener('abort', stop);
    await (client.usable ? client.logout().catch(() => client.close()) : client.close());
  }
}

/** A signal that stays set until someone waits for it, so that nothing is missed while the mailbox is being read. */
function newsSignal() {
  let pending = false;
  let wake = () => {};
  return {
    notify: () => {
      pending = true;
      wake();
    },
    /** Waits, idling, for the server to report something, or for the next poll. */
    async wait(idle: () => Promise<unknown>) {
      const poll = new AbortController();
      const notified = new Promise<void>((resolve) => (wake = resolve));
      if (!pending) {
        idle().catch(() => {});
        const timeout = pause(POLL_MS, undefined, { signal: poll.signal, ref: false }).catch(() => {});
        await Promise.race([notified, timeout]);
      }
      poll.abort();
      pending = false;
    },
  };
}
