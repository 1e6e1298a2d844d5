import { LIMITS } from '../limits.js';
import type { Limits } from '../limits.js';
import type { MailContext, ReadMail } from '../message.js';
import { Pool } from './pool.js';
import type { MailPreview } from '../display/message_preview.js';
import { mustFit } from '../mime/header_limits.js';
import { ask, askPreview } from './worker_thread.js';

const readers = new Pool(2);
// Staff who look at one message don't wait for those that are being read, nor hold them up.
const previewers = new Pool(1);

/**
 * Reads a raw message in a thread of its own, within limits of time and memory: whatever the bytes do, the caller
 * lives on. Throws MailRefused, whose message says why in words for people.
 */
export async function readMail(raw: Buffer, context: MailContext, limits: Limits = LIMITS): Promise<ReadMail> {
  mustFit(raw, limits);
  return readers.use(limits, (thread) => ask(thread, { kind: 'read', raw, context, limits }));
}

/**
 * Reads a raw message for showing it to staff, within the same limits. Throws MailRefused, whose message may be
 * shown.
 */
export async function previewMail(raw: Buffer, limits: Limits = LIMITS): Promise<MailPreview> {
  mustFit(raw, limits);
  return previewers.use(limits, (thread) => askPreview(thread, { kind: 'preview', raw, limits }));
}

/** Ends the threads that wait for mail. */
export async function closeReaders(): Promise<void> {
  await Promise.all([readers.close(), previewers.close()]);
}
