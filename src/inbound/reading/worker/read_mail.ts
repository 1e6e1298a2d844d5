import { MessageChannel } from 'node:worker_threads';
import Tinypool from 'tinypool';
import type { MailPreview } from '../display/message_preview.js';
import { LIMITS, MailRefused } from '../limits.js';
import type { Limits } from '../limits.js';
import type { Authentication, ReadingContext, ReadMail } from '../message.js';
import { checkSize } from '../mime/header_limits.js';
import type * as tasks from './reading_tasks.js';
import type { TaskInput, TaskResult } from './reading_tasks.js';

const AUTHENTICATION_TIME = 9000;
const UNCHECKED: Authentication = {
  verified: false,
  temporary: false,
  forged: false,
  evidence: 'The checks of the sender failed on this message',
};

/**
 * Reads a raw message in a worker thread with limits on time and memory, so that hostile bytes can't harm the caller.
 * If the sender checks fail, the message is returned as unverified. @throws MailRefused, whose message may be shown.
 */
export async function readMail(raw: Buffer, context: ReadingContext, limits: Limits = LIMITS): Promise<ReadMail> {
  checkSize(raw, limits);
  const pool = poolFor('read', limits);
  const mail = await runTask(pool, 'read', { raw, context, limits }, limits.time);
  const senderCheck = { raw, context, from: mail.from?.address ?? null };
  const authentication = await runTask(pool, 'authenticate', senderCheck, AUTHENTICATION_TIME).catch(
    (error: unknown) => {
      if (error instanceof MailRefused) return UNCHECKED;
      throw error;
    },
  );
  return { ...mail, authentication, attachments: mail.attachments.map(withBuffer) };
}

/** Reads a raw message for display to staff, within the same limits. @throws MailRefused (its message may be shown) */
export async function previewMail(raw: Buffer, limits: Limits = LIMITS): Promise<MailPreview> {
  checkSize(raw, limits);
  return runTask(poolFor('preview', limits), 'preview', { raw, limits }, limits.time);
}

/** Separate pools, so that previews don't wait for incoming mail or delay it. */
const THREADS = { read: 2, preview: 1 } as const;
const IDLE_TIME = 60_000;
const pools = new Map<string, Tinypool>();

/** Returns a pool of threads without environment variables; a thread over its memory limit ends without the others. */
function poolFor(kind: keyof typeof THREADS, { memory_mb }: Limits): Tinypool {
  const key = `${kind} ${memory_mb}`;
  const pool =
    pools.get(key) ??
    new Tinypool({
      filename: new URL('./reading_tasks.js', import.meta.url).href,
      ...{ minThreads: 0, maxThreads: THREADS[kind], idleTimeout: IDLE_TIME, env: {} },
      resourceLimits: { maxOldGenerationSizeMb: memory_mb, maxYoungGenerationSizeMb: 64, stackSizeMb: 4 },
    });
  pools.set(key, pool);
  return pool;
}

type Tasks = Pick<typeof tasks, 'read' | 'authenticate' | 'preview'>;
type Value<Name extends keyof Tasks> = Extract<Awaited<ReturnType<Tasks[Name]>>, { value: unknown }>['value'];

/** Runs a task, and ends its thread after `time` milliseconds, not counting time in the queue. @throws MailRefused */
async function runTask<Name extends keyof Tasks>(
  pool: Tinypool,
  name: Name,
  input: Omit<Parameters<Tasks[Name]>[0], 'started'>,
  time: number,
): Promise<Value<Name>> {
  const { port1: local, port2: started } = new MessageChannel();
  const timeout = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  local.once('message', () => (timer = setTimeout(() => timeout.abort(), time)));
  const task: TaskInput = { ...input, started };
  try {
    const result: TaskResult<Value<Name>> = await pool.run(task, {
      name,
      signal: timeout.signal,
      transferList: [started],
    });
    if ('refused' in result) throw new MailRefused(result.refused.code, result.refused.message);
    return result.value;
  } catch (error) {
    throw error instanceof MailRefused ? error : timeout.signal.aborted ? tooSlow(time) : crash(error);
  } finally {
    clearTimeout(timer);
    local.close();
  }
}

const tooSlow = (time: number) =>
  new MailRefused('too_slow', `Reading the message took longer than ${time / 1000} seconds.`);

function crash(error: unknown): MailRefused {
  const memory = error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
  return memory
    ? new MailRefused('too_much_memory', 'Reading the message took too much memory.')
    : new MailRefused('unreadable', 'The message is damaged: reading it failed.');
}

// A Buffer passed between threads arrives as a Uint8Array.
const withBuffer = (attachment: ReadMail['attachments'][number]): ReadMail['attachments'][number] => {
  const { buffer, byteOffset, byteLength } = attachment.content;
  return { ...attachment, content: Buffer.from(buffer, byteOffset, byteLength) };
};
