import { Worker } from 'node:worker_threads';
import { LIMITS, MailRefused } from '../limits.js';
import type { Limits } from '../limits.js';
import type { Authentication, ReadMail } from '../message.js';
import type { Answer, PreviewQuestion, Question, ReadQuestion } from './parse_worker.js';
import type { MailPreview } from '../display/message_preview.js';
import type { Unauthenticated } from './read.js';

/** A thread that reads mail. `dead` once it has ended for whatever reason. */
export interface Thread {
  readonly worker: Worker;
  readonly usual: boolean;
  messages: number;
  dead: boolean;
}

/** What became of a message: what it says, or why it is refused. `healthy` says whether the thread may read another. */
export interface Outcome<T> {
  readonly result: T | MailRefused;
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

/** Asks a thread to read one message. What is read stands, even if the checks of its sender then hang. */
export function ask(thread: Thread, question: ReadQuestion): Promise<Outcome<ReadMail>> {
  let read: Unauthenticated | null = null;
  const outcome = (authentication: Authentication | null, wrong: MailRefused): Outcome<ReadMail> => ({
    result: read ? { ...read, authentication: authentication ?? UNCHECKED } : wrong,
    healthy: authentication !== null,
  });
  return converse(thread, question, {
    onAnswer: (answer) => {
      if (answer.kind === 'authenticated') return outcome(answer.authentication, crash(null));
      if (answer.kind === 'read') read = received(answer.mail);
      return AUTHENTICATION_TIME;
    },
    onFailure: (wrong) => outcome(null, wrong),
  });
}

/** Asks a thread for what a message looks like. */
export function askPreview(thread: Thread, question: PreviewQuestion): Promise<Outcome<MailPreview>> {
  return converse(thread, question, {
    onAnswer: (answer) => (answer.kind === 'preview' ? { result: answer.preview, healthy: true } : AUTHENTICATION_TIME),
    onFailure: (result) => ({ result, healthy: false }),
  });
}

interface Listener<T> {
  /** What came of it, or for how many milliseconds to wait on. */
  readonly onAnswer: (answer: Answer) => Outcome<T> | number;
  readonly onFailure: (wrong: MailRefused) => Outcome<T>;
}

function converse<T>({ worker }: Thread, question: Question, listener: Listener<T>): Promise<Outcome<T>> {
  return new Promise((resolve) => {
    const end = (outcome: Outcome<T>) => {
      clearTimeout(timer);
      worker.off('message', onAnswer).off('error', onFailure).off('exit', onFailure);
      resolve(outcome);
    };
    const onFailure = (error: unknown) => end(listener.onFailure(crash(error)));
    const late = () => end(listener.onFailure(tooSlow(question.limits)));
    const onAnswer = (answer: Answer) => {
      if (answer.kind === 'refused')
        return end({ result: new MailRefused(answer.code, answer.message), healthy: true });
      const outcome = listener.onAnswer(answer);
      if (typeof outcome !== 'number') return end(outcome);
      clearTimeout(timer);
      timer = setTimeout(late, outcome);
    };
    let timer = setTimeout(late, question.limits.time);
    worker.on('message', onAnswer).on('error', onFailure).on('exit', onFailure);
    worker.postMessage(question);
  });
}

const tooSlow = ({ time }: Limits) =>
  new MailRefused('too_slow', `Reading the message took longer than ${time / 1000} seconds.`);

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
