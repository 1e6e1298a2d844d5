import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PoolConfig } from 'pg';
import pino from 'pino';
import { type Config, root } from '../../../config.js';
import { openDatabase } from '../../../db/database.js';
import { readOrCreateSecret } from '../../../db/secrets.js';
import { addressesIn } from '../../reading/headers.js';
import { acceptForwarded } from '../accept.js';
import { withCrlf } from '../envelope.js';
import { memoryBudget } from '../memory_budget.js';
import { readStream } from '../read_stream.js';
import { Rejection, type RejectionReason } from '../rejection.js';

/** Exit codes that mail servers know (sysexits.h): all but `later` return the message to its sender. */
export const EXIT = { ok: 0, usage: 64, data: 65, no_user: 67, later: 75 } as const;

const CODES: Record<RejectionReason, number> = {
  forged: EXIT.data,
  nobody: EXIT.no_user,
  too_large: EXIT.data,
  looped: EXIT.data,
  bare_breaks: EXIT.data,
  unreadable: EXIT.data,
  full: EXIT.later,
  unavailable: EXIT.later,
};

interface PipeInput {
  /** The command's arguments. */
  recipients: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
  message: AsyncIterable<Buffer>;
  config: Config;
}

/**
 * Stores a message that a mail server pipes to us. Recipients are the arguments, or else those in the server's
 * variables ORIGINAL_RECIPIENT and RECIPIENT, or in the header; the sender is SENDER or the Return-Path. Returns the
 * exit code and a message to print.
 */
export async function acceptFromPipe(input: PipeInput): Promise<{ code: number; text: string }> {
  const { recipients, message, config } = input;
  if (recipients.some((recipient) => !/^[^\s@]+@[^\s@]+$/.test(recipient)))
    return { code: EXIT.usage, text: 'usage: receive [recipient@our.domain …] < message' };
  try {
    const limit = config.max_message_bytes;
    return await readStream(message, limit, memoryBudget(limit, config), async (content) => {
      const raw = withCrlf(withoutMboxLine(content));
      if (raw.length === 0) throw new Rejection('unreadable', 'There is no message');
      return { code: EXIT.ok, text: `kept as ${await store(raw, input)}` };
    });
  } catch (error) {
    if (error instanceof Rejection) return { code: CODES[error.why], text: error.message };
    return { code: EXIT.later, text: error instanceof Error ? error.message : String(error) };
  }
}

async function store(raw: Buffer, { recipients, env, config }: PipeInput): Promise<string> {
  const { secret, connection } = await runningDatabase(config);
  const db = openDatabase(connection, 1);
  const from_env = [env['ORIGINAL_RECIPIENT'] ?? '', env['RECIPIENT'] ?? ''].filter(Boolean).slice(0, 1);
  const named = recipients.length > 0 ? [...recipients] : from_env;
  const sender = env['SENDER'];
  // Postfix passes the null path to a pipe as "MAILER-DAEMON".
  const mail_from = sender === undefined ? null : (addressesIn(sender)[0] ?? '');
  try {
    const intake = { db: db.knex, config, secret, log: pino({ level: 'silent' }) };
    return await acceptForwarded(intake, raw, { source: 'pipe', mail_from, recipients: named, remote_ip: '' });
  } finally {
    await db.close();
  }
}

/** Without the line that mbox puts in front of a message. */
const withoutMboxLine = (raw: Buffer) =>
  /^>?From /.test(raw.toString('latin1', 0, 6)) ? raw.subarray(raw.indexOf(10) + 1) : raw;

/** The database and secret of the running Parley, from its settings or its data folder. @throws Rejection */
export async function runningDatabase(config: Config): Promise<{ secret: string; connection: PoolConfig }> {
  const data = config.data_dir ?? join(root, 'data');
  const connection = config.database_url
    ? { connectionString: config.database_url }
    : await embeddedConnection(join(data, 'postgres', 'cluster'));
  return { secret: config.secret ?? (await readOrCreateSecret(data)), connection };
}

/** The embedded database: PostgreSQL writes port and socket folder to lines four and five of postmaster.pid. */
async function embeddedConnection(folder: string): Promise<PoolConfig> {
  const pid_file = await readFile(join(folder, 'postmaster.pid'), 'utf8').catch((error: unknown) => {
    throw new Rejection('unavailable', 'Parley’s database is not running; set DATABASE_URL if it is elsewhere', {
      cause: error,
    });
  });
  const [, , , port = '', host = ''] = pid_file.split('\n');
  return { host, port: Number(port), user: 'parley', database: 'parley', ssl: false };
}
