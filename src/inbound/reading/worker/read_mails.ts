import { MessageChannel } from 'node:worker_threads';
import { LIMITS } from '../limits.js';
import type { Limits } from '../limits.js';
import type { ReadingContext, ReadMail } from '../message.js';
import { readMail, received, valueOf } from './read_mail.js';
import type { PlacedResult } from './reading_tasks.js';
import { poolFor, runTask } from './run_task.js';

interface Message {
  raw: Buffer;
  context: ReadingContext;
}

type Settle = (place: number, mail: ReadMail | Promise<ReadMail>) => void;

/**
 * As `readMail` for several messages, handed to a thread together: each promise settles as soon as its message is read.
 * If one takes too long or crashes the thread, those that were not read by then are read alone.
 */
export function readMails(messages: readonly Message[], limits: Limits = LIMITS): Promise<ReadMail>[] {
  const waiting = new Map<number, (mail: ReadMail | Promise<ReadMail>) => void>();
  const mails = messages.map((_, place) => new Promise<ReadMail>((resolve) => waiting.set(place, resolve)));
  const settle: Settle = (place, mail) => {
    waiting.get(place)?.(mail);
    waiting.delete(place);
  };
  readTogether(messages, limits, settle).catch(() => {
    for (const [place, { raw, context }] of messages.entries())
      if (waiting.has(place)) settle(place, readMail(raw, context, limits));
  });
  return mails;
}

async function readTogether(messages: readonly Message[], limits: Limits, settle: Settle): Promise<void> {
  const { port1: local, port2: results } = new MessageChannel();
  let left = messages.length;
  const all = new Promise<void>((resolve) => {
    local.on('message', ({ place, ...result }: PlacedResult) => {
      settle(
        place,
        Promise.resolve(result).then((result) => received(valueOf(result))),
      );
      if (--left === 0) resolve();
    });
  });
  try {
    await runTask(poolFor('read', limits), 'readAll', { messages, limits, results }, limits.time, [results]);
    await all; // the task's end may come before its last results
  } finally {
    local.close();
  }
}
