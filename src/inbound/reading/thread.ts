import { Worker } from 'node:worker_threads';
import { LIMITS, MailRefused } from './limits.js';
import type { Limits } from './limits.js';
import type { Authentication, ReadMail } from './message.js';
import type { Answer, PreviewQuestion, ReadQuestion } from './parse_worker.js';
import type { MailPreview } from './preview.js';
import type { Unauthenticated } from './read.js';

/** A thread that reads mail. `dead` once it has ended for whatever reason. */
export interface Thread {
  readonly worker: Worker;
  readonly usual: boolean;
  messages: number;
  dead: boolean;
}

/** A message that was read; `healthy` says whether the thread may read another. */
export interface Outcome {
  readonly mail: ReadMail;
  readonly healthy: boolean;
}

const AUTHENTICATION_TIME = 9000;
const UNCHECKED: Authentication = {
  verified: false,
  temporary: false,
  forged: false,
  evidence: 'The checks of the sender failed on this message',
};

/** Starts a thread. It sees none of our environment, and dies alone when it takes more memory than allowed. */
export function startThread(limits: Limits): Thread {
  const resourceLimits = { maxOldGenerationSizeMb: limits.memory_mb, maxYoungGenerationSizeMb: 64, stackSizeMb: 4 };
  const worker = new Worker(new URL('./parse_worker.js', import.meta.url), { resourceLimits, env: {} });
  const thread: Thread = { worker, usual: limits.memory_mb === LIMITS.memory_mb, messages: 0, dead: false };
  const died = () => {
    thread.dead = true;
  };
  worker.on('error', died).on('exit', died);
  return thread;
}

/** Asks a thread to read one message. What is read stands, even if the checks of its sender then hang. Throws MailRefused. */
export function ask({ worker }: Thread, question: ReadQuestion): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    let read: Unauthenticated | null = null;
    const finish = (error: MailRefused | null, authentication: Authentication | null) => {
      clearTimeout(timer);
      worker.off('message', heard).off('error', failed).off('exit', failed);
      if (read) resolve({ mail: { ...read, authentication: authentication ?? UNCHECKED }, healthy: authentication !== null });
      else reject(error ?? crash(undefined));
    };
    const late = () => finish(tooSlow(question.limits), null);
    const failed = (error: unknown) => finish(crash(error), null);
    const heard = (answer: Answer) => {
      if (answer.kind === 'refused') return finish(new MailRefused(answer.code, answer.message), null);
      if (answer.kind === 'authenticated') return finish(null, answer.authentication);
      if (answer.kind !== 'read') return;
      read = received(answer.mail);
      clearTimeout(timer);
      timer = setTimeout(late, AUTHENTICATION_TIME);
    };
    let timer = setTimeout(late, question.limits.time);
    worker.on('message', heard).on('error', failed).on('exit', failed);
    worker.postMessage(question);
  });
}

/** Asks a thread for what a message looks like. Throws MailRefused. */
export function askPreview({ worker }: Thread, question: PreviewQuestion): Promise<{ preview: MailPreview; healthy: boolean }> {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer);
      worker.off('message', heard).off('error', failed).off('exit', failed);
    };
    const fail = (error: MailRefused) => {
      end();
      reject(error);
    };
    const failed = (error: unknown) => fail(crash(error));
    const heard = (answer: Answer) => {
      if (answer.kind === 'refused') return fail(new MailRefused(answer.code, answer.message));
      if (answer.kind !== 'preview') return;
      end();
      resolve({ preview: answer.preview, healthy: true });
    };
    const timer = setTimeout(() => fail(tooSlow(question.limits)), question.limits.time);
    worker.on('message', heard).on('error', failed).on('exit', failed);
    worker.postMessage(question);
  });
}

const tooSlow = ({ time }: Limits) => new MailRefused('too_slow', `Reading the message took longer than ${time / 1000} seconds.`);

function crash(error: unknown): MailRefused {
  const memory = error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
  return memory
    ? new MailRefused('too_much_memory', 'Reading the message took too much memory.')
    : new MailRefused('unreadable', 'The message is damaged: reading it failed.');
}

// A buffer arrives as a plain array of bytes.
function received(mail: Unauthenticated): Unauthenticated {
  const attachments = mail.attachments.map((each) => ({
    ...each,
    content: Buffer.from(each.content.buffer, each.content.byteOffset, each.content.byteLength),
  }));
  return { ...mail, attachments };
}
