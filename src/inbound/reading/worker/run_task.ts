import { type MessagePort, MessageChannel } from 'node:worker_threads';
import Tinypool from 'tinypool';
import { atMost } from '../../../db/batches.js';
import { type Limits, LIMITS, MailRefused } from '../limits.js';
import type * as tasks from './reading_tasks.js';

type Tasks = Pick<typeof tasks, 'wake' | 'read' | 'readAll' | 'authenticate' | 'preview'>;

/** Separate pools, so that previews don't wait for incoming mail or delay it. */
const THREADS = { read: 2, preview: 1 } as const;
const IDLE_TIME = 60_000;

/** Its own queue stands still when a thread dies while others are queued: it is given no more than it has threads. */
interface Pool {
  threads: Tinypool;
  inTurn: ReturnType<typeof atMost>;
  awake: Promise<void>;
}
const pools = new Map<string, Pool>();

/** Returns a pool of threads without environment variables; a thread over its memory limit ends without the others. */
export function poolFor(kind: keyof typeof THREADS, { memory_mb }: Limits): Pool {
  const key = `${kind} ${memory_mb}`;
  const pool = pools.get(key) ?? openPool(THREADS[kind], memory_mb);
  pools.set(key, pool);
  return pool;
}

const openPool = (size: number, memory_mb: number): Pool => ({
  inTurn: atMost(size),
  threads: openThreads(size, memory_mb),
  awake: Promise.resolve(),
});

/** Resolves once a thread can read. A young process takes longer to load one than to read a message with it. */
export function awake(pool: Pool): Promise<void> {
  if (pool.threads.threads.length === 0) pool.awake = runTask(pool, 'wake', {}, LIMITS.time);
  return pool.awake;
}

function openThreads(maxThreads: number, memory_mb: number): Tinypool {
  const threads = new Tinypool({
    filename: new URL('./reading_tasks.js', import.meta.url).href,
    ...{ minThreads: 0, maxThreads, idleTimeout: IDLE_TIME, env: {} },
    resourceLimits: { maxOldGenerationSizeMb: memory_mb, maxYoungGenerationSizeMb: 64, stackSizeMb: 4 },
  });
  // One that dies between two tasks; unheard, it would end the process. What dies in a task fails the task.
  threads.on('error', () => {});
  return threads;
}

/** Runs a task, and ends its thread after `time` milliseconds, not counting time in the queue. @throws MailRefused */
export async function runTask<Name extends keyof Tasks>(
  { threads, inTurn }: Pool,
  name: Name,
  input: Omit<Parameters<Tasks[Name]>[0], 'started'>,
  time: number,
  transferred: readonly MessagePort[] = [],
): Promise<Awaited<ReturnType<Tasks[Name]>>> {
  const { port1: local, port2: started } = new MessageChannel();
  const timeout = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  local.once('message', () => (timer = setTimeout(() => timeout.abort(), time)));
  try {
    const transferList = [started, ...transferred];
    return await inTurn(() => threads.run({ ...input, started }, { name, signal: timeout.signal, transferList }));
  } catch (error) {
    throw timeout.signal.aborted ? tooSlow(time) : crash(error);
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
