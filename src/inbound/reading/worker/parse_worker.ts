import { parentPort } from 'node:worker_threads';
import { authenticateMail } from '../authenticate.js';
import { MailRefused } from '../limits.js';
import type { Limits, RefusalCode } from '../limits.js';
import type { Authentication, MailContext } from '../message.js';
import { readForDisplay } from '../display/message_preview.js';
import type { MailPreview } from '../display/message_preview.js';
import { readMessage } from './read.js';
import type { Unauthenticated } from './read.js';

/** What the worker is asked, one message at a time. */
export type Question = ReadQuestion | PreviewQuestion;

export interface ReadQuestion {
  readonly kind: 'read';
  readonly raw: Uint8Array;
  readonly context: MailContext;
  readonly limits: Limits;
}

export interface PreviewQuestion {
  readonly kind: 'preview';
  readonly raw: Uint8Array;
  readonly limits: Limits;
}

/**
 * What it answers: first what the message says, then who vouches for it; or what it looks like; or why it is refused.
 */
export type Answer =
  | { readonly kind: 'read'; readonly mail: Unauthenticated }
  | { readonly kind: 'authenticated'; readonly authentication: Authentication }
  | { readonly kind: 'preview'; readonly preview: MailPreview }
  | { readonly kind: 'refused'; readonly code: RefusalCode; readonly message: string };

const port = parentPort;
port?.on('message', (question: Question) => {
  void answer(question);
});

async function answer(question: Question): Promise<void> {
  const bytes = Buffer.from(question.raw.buffer, question.raw.byteOffset, question.raw.byteLength);
  try {
    if (question.kind === 'preview') send({ kind: 'preview', preview: await readForDisplay(bytes, question.limits) });
    else await read(bytes, question);
  } catch (error) {
    const refusal =
      error instanceof MailRefused ? error : new MailRefused('unreadable', 'The message is damaged: it can’t be read.');
    send({ kind: 'refused', code: refusal.code, message: refusal.message });
  }
}

async function read(bytes: Buffer, { context, limits }: ReadQuestion): Promise<void> {
  const mail = await readMessage(bytes, context, limits);
  send({ kind: 'read', mail: movable(mail) });
  send({ kind: 'authenticated', authentication: await authenticateMail(bytes, mail.from?.address ?? null, context) });
}

function send(answer: Answer): void {
  const owned = answer.kind === 'read' ? answer.mail.attachments.map(({ content }) => content.buffer) : [];
  port?.postMessage(
    answer,
    owned.filter((each) => each instanceof ArrayBuffer),
  );
}

// Small buffers share one block of memory, which can't be handed over: each gets its own.
function movable(mail: Unauthenticated): Unauthenticated {
  return {
    ...mail,
    attachments: mail.attachments.map((each) => ({
      ...each,
      content: Buffer.from(new Uint8Array(each.content).buffer),
    })),
  };
}
