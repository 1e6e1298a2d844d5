import type { MessagePort } from 'node:worker_threads';
import { authenticateMail } from '../authenticate.js';
import { readForDisplay } from '../display/message_preview.js';
import type { MailPreview } from '../display/message_preview.js';
import { MailRefused } from '../limits.js';
import type { Limits, RefusalCode } from '../limits.js';
import type { Authentication, ReadingContext } from '../message.js';
import { readMessage } from './read.js';
import type { Unauthenticated } from './read.js';

/** The input of every task. */
export interface TaskInput {
  readonly raw: Uint8Array;
  /** Receives a message when the task leaves the queue. */
  readonly started: MessagePort;
}

/** A task's result. A refusal is passed as data, since errors lose their class between threads. */
export type TaskResult<T> = { readonly value: T } | { readonly refused: { code: RefusalCode; message: string } };

/** Reads a message without authenticating its sender. */
export const read = (input: TaskInput & { context: ReadingContext; limits: Limits }) =>
  run<Unauthenticated>(input, async (raw) => transferable(await readMessage(raw, input.context, input.limits)));

/** Authenticates a message's sender. */
export const authenticate = (input: TaskInput & { context: ReadingContext; from: string | null }) =>
  run<Authentication>(input, (raw) => authenticateMail(raw, input.from, input.context));

/** Reads a message for display. */
export const preview = (input: TaskInput & { limits: Limits }) =>
  run<MailPreview>(input, (raw) => readForDisplay(raw, input.limits));

async function run<T>({ raw, started }: TaskInput, work: (raw: Buffer) => Promise<T>): Promise<TaskResult<T>> {
  started.postMessage(true);
  started.close();
  try {
    return { value: await work(Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength)) };
  } catch (error) {
    if (error instanceof MailRefused) return { refused: { code: error.code, message: error.message } };
    return { refused: { code: 'unreadable', message: 'The message is damaged: it can’t be read.' } };
  }
}

// Small buffers share one memory block, which would be copied whole with each of them.
const transferable = (mail: Unauthenticated): Unauthenticated => ({
  ...mail,
  attachments: mail.attachments.map((each) => ({ ...each, content: Buffer.from(new Uint8Array(each.content).buffer) })),
});
