import type { MessagePort } from 'node:worker_threads';
import { authenticateMail } from '../authenticate.js';
import { readForDisplay } from '../display/message_preview.js';
import type { MailPreview } from '../display/message_preview.js';
import { MailRefused } from '../limits.js';
import type { Limits, RefusalCode } from '../limits.js';
import type { Authentication, ReadingContext, ReadMail } from '../message.js';
import { readMessage } from './read.js';
import type { Unauthenticated } from './read.js';

/** The input of every task. */
interface TaskInput {
  /** Receives a message when the task leaves the queue. */
  readonly started: MessagePort;
}

interface OneMessage extends TaskInput {
  readonly raw: Uint8Array;
}

/** What is read together. */
interface SeveralMessages extends TaskInput {
  readonly messages: readonly { readonly raw: Uint8Array; readonly context: ReadingContext }[];
  readonly limits: Limits;
  /** Receives each result as soon as it is there. */
  readonly results: MessagePort;
}

/** The result of one of several messages, by its place among them. */
export type PlacedResult = TaskResult<ReadMail> & { readonly place: number };

/** A task's result. A refusal is passed as data, since errors lose their class between threads. */
export type TaskResult<T> = { readonly value: T } | { readonly refused: { code: RefusalCode; message: string } };

/** Tells that the thread has loaded what it reads with. */
export const wake = ({ started }: TaskInput): void => announce(started);

/** Reads a message without authenticating its sender. */
export const read = (input: OneMessage & { context: ReadingContext; limits: Limits }) =>
  run<Unauthenticated>(input, async (raw) => transferable(await readMessage(raw, input.context, input.limits)));

/** Authenticates a message's sender. */
export const authenticate = (input: OneMessage & { context: ReadingContext; from: string | null }) =>
  run<Authentication>(input, (raw) => authenticateMail(raw, input.from, input.context));

/** Reads a message for display. */
export const preview = (input: OneMessage & { limits: Limits }) =>
  run<MailPreview>(input, (raw) => readForDisplay(raw, input.limits));

/** Reads messages and authenticates their senders; one waits for DNS while the next is read. */
export async function readAll({ messages, limits, started, results }: SeveralMessages): Promise<void> {
  announce(started);
  const authenticating: Promise<void>[] = [];
  for (const [place, { raw, context }] of messages.entries()) {
    const report = (result: TaskResult<ReadMail>) => results.postMessage({ ...result, place });
    const read = await attempt(raw, async (raw) => transferable(await readMessage(raw, context, limits)));
    if ('refused' in read) report(read);
    else authenticating.push(authenticated(read.value, raw, context).then(report));
  }
  await Promise.all(authenticating);
  results.close();
}

const authenticated = async (mail: Unauthenticated, raw: Uint8Array, context: ReadingContext) => ({
  value: { ...mail, authentication: await authenticateMail(bufferOf(raw), mail.from?.address ?? null, context) },
});

function run<T>({ raw, started }: OneMessage, work: (raw: Buffer) => Promise<T>): Promise<TaskResult<T>> {
  announce(started);
  return attempt(raw, work);
}

function announce(started: MessagePort): void {
  started.postMessage(true);
  started.close();
}

async function attempt<T>(raw: Uint8Array, work: (raw: Buffer) => Promise<T>): Promise<TaskResult<T>> {
  try {
    return { value: await work(bufferOf(raw)) };
  } catch (error) {
    if (error instanceof MailRefused) return { refused: { code: error.code, message: error.message } };
    return { refused: { code: 'unreadable', message: 'The message is damaged: it can’t be read.' } };
  }
}

// A Buffer passed between threads arrives as a Uint8Array.
const bufferOf = ({ buffer, byteOffset, byteLength }: Uint8Array) => Buffer.from(buffer, byteOffset, byteLength);

// Small buffers share one memory block, which would be copied whole with each of them.
const transferable = (mail: Unauthenticated): Unauthenticated => ({
  ...mail,
  attachments: mail.attachments.map((each) => ({ ...each, content: Buffer.from(new Uint8Array(each.content).buffer) })),
});
