import pino from 'pino';
import type { Config } from '../../../config.js';
import { openDatabase } from '../../../db/database.js';
import { addressesIn } from '../../reading/headers.js';
import { withCrlf } from '../envelope.js';
import { readStream } from '../read_stream.js';
import { acceptForwarded } from '../accept.js';
import { Rejection, type RejectionReason } from '../rejection.js';
import { findConnection } from './pipe_connection.js';
import { memoryBudget } from '../memory_budget.js';

/**
 * The codes of sysexits.h that mail servers understand: those that return the message, and the one after which they
 * come again.
 */
export const EXIT = { ok: 0, usage: 64, data: 65, no_user: 67, later: 75 } as const;

const CODES: Record<RejectionReason, number> = {
  forged: EXIT.data,
  nobody: EXIT.no_user,
  too_large: EXIT.data,
  looped: EXIT.data,
  bare_breaks: EXIT.data,
  unreadable: EXIT.data,
  full: EXIT.later,
  away: EXIT.later,
};

interface Pipe {
  words: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
  message: AsyncIterable<Buffer>;
  config: Config;
}

/**
 * Keeps the message that a mail server pipes to us. Its recipients are the command's words; or else what the server
 * says by itself (ORIGINAL_RECIPIENT, RECIPIENT) or the header names; its envelope's sender is SENDER or the header's
 * Return-Path. Returns the exit code, and what to say with it.
 */
export async function acceptFromPipe({ words, env, message, config }: Pipe): Promise<{ code: number; words: string }> {
  if (words.some((word) => !/^[^\s@]+@[^\s@]+$/.test(word)))
    return { code: EXIT.usage, words: 'usage: receive [recipient@our.domain …] < message' };
  try {
    const most = config.max_message_bytes;
    return await readStream(message, most, memoryBudget(most, config), async (said) => {
      const raw = withCrlf(withoutMboxLine(said));
      if (raw.length === 0) throw new Rejection('unreadable', 'There is no message');
      return { code: EXIT.ok, words: `kept as ${await keepFrom(raw, words, env, config)}` };
    });
  } catch (error) {
    if (error instanceof Rejection) return { code: CODES[error.why], words: error.message };
    return { code: EXIT.later, words: error instanceof Error ? error.message : String(error) };
  }
}

async function keepFrom(raw: Buffer, words: readonly string[], env: Pipe['env'], config: Config): Promise<string> {
  const { secret, connection } = await findConnection(config);
  const db = openDatabase(connection, 1);
  const told =
    words.length > 0 ? words : [env['ORIGINAL_RECIPIENT'] ?? '', env['RECIPIENT'] ?? ''].filter(Boolean).slice(0, 1);
  const sender = env['SENDER'];
  // "MAILER-DAEMON" is how Postfix names the null path to a pipe.
  const mail_from = sender === undefined ? null : (addressesIn(sender)[0] ?? '');
  try {
    const door = { db: db.knex, config, secret, log: pino({ level: 'silent' }) };
    return await acceptForwarded(door, raw, { source: 'pipe', mail_from, recipients: [...told], remote_ip: '' });
  } finally {
    await db.close();
  }
}

/** What mbox puts before a message is not part of it. */
const withoutMboxLine = (raw: Buffer) =>
  /^>?From /.test(raw.toString('latin1', 0, 6)) ? raw.subarray(raw.indexOf(10) + 1) : raw;
