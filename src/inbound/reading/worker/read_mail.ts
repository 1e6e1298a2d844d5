import type { MailPreview } from '../display/message_preview.js';
import { LIMITS, MailRefused } from '../limits.js';
import type { Limits } from '../limits.js';
import type { Authentication, ReadingContext, ReadMail } from '../message.js';
import { checkSize } from '../mime/header_limits.js';
import type { TaskResult } from './reading_tasks.js';
import { poolFor, runTask } from './run_task.js';

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
  const mail = valueOf(await runTask(pool, 'read', { raw, context, limits }, limits.time));
  const senderCheck = { raw, context, from: mail.from?.address ?? null };
  const authentication = await runTask(pool, 'authenticate', senderCheck, AUTHENTICATION_TIME)
    .then(valueOf)
    .catch((error: unknown) => {
      if (error instanceof MailRefused) return UNCHECKED;
      throw error;
    });
  return received({ ...mail, authentication });
}

/** Reads a raw message for display to staff, within the same limits. @throws MailRefused (its message may be shown) */
export async function previewMail(raw: Buffer, limits: Limits = LIMITS): Promise<MailPreview> {
  checkSize(raw, limits);
  return valueOf(await runTask(poolFor('preview', limits), 'preview', { raw, limits }, limits.time));
}

/** @throws MailRefused, as the thread did */
export function valueOf<T>(result: TaskResult<T>): T {
  if ('refused' in result) throw new MailRefused(result.refused.code, result.refused.message);
  return result.value;
}

/** A message as a thread passed it: its Buffers arrive as Uint8Arrays. */
export const received = (mail: ReadMail): ReadMail => ({ ...mail, attachments: mail.attachments.map(withBuffer) });

const withBuffer = (attachment: ReadMail['attachments'][number]): ReadMail['attachments'][number] => {
  const { buffer, byteOffset, byteLength } = attachment.content;
  return { ...attachment, content: Buffer.from(buffer, byteOffset, byteLength) };
};
