import { LIMITS } from './limits.js';
import type { Limits } from './limits.js';
import type { MailContext, ReadMail } from './message.js';
import { scanStructure } from './structure.js';
import { ask, startThread } from './thread.js';
import type { Thread } from './thread.js';

// A thread costs a good part of a second to start, so it is used again; not for ever, lest something builds up in it.
const MOST_MESSAGES = 200;
const MOST_THREADS = 2;

const idle: Thread[] = [];
const waiting: (() => void)[] = [];
let busy = 0;

/**
 * Reads a raw message in a thread of its own, within limits of time and memory: whatever the bytes do, the caller lives on.
 * Throws MailRefused, whose message says why in words for people.
 */
export async function readMail(raw: Buffer, context: MailContext, limits: Limits = LIMITS): Promise<ReadMail> {
  scanStructure(raw, limits);
  if (busy >= MOST_THREADS) await new Promise<void>((resolve) => waiting.push(resolve));
  else busy += 1;
  const thread = takeThread(limits);
  try {
    const { mail, healthy } = await ask(thread, { raw, context, limits });
    if (healthy) keep(thread);
    return mail;
  } finally {
    if (!idle.includes(thread)) await thread.worker.terminate();
    // A place is handed on without being given up, so that no third comes between.
    const next = waiting.shift();
    if (next) next();
    else busy -= 1;
  }
}

/** Ends the threads that wait for mail. */
export async function closeReaders(): Promise<void> {
  await Promise.all(idle.splice(0).map((thread) => thread.worker.terminate()));
}

function takeThread(limits: Limits): Thread {
  const found = limits.memory_mb === LIMITS.memory_mb ? idle.pop() : undefined;
  const thread = found && !found.dead ? found : startThread(limits);
  thread.worker.ref();
  return thread;
}

// Idle threads don't keep the process alive.
function keep(thread: Thread): void {
  thread.messages += 1;
  if (!thread.usual || thread.dead || thread.messages >= MOST_MESSAGES) return;
  thread.worker.unref();
  idle.push(thread);
}
