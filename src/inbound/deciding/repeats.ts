import type { ReadMail } from '../reading/message.js';
import { summary } from './decision.js';
import { MAX_ROUNDS, type ReplyFacts } from './reply_facts.js';
import type { Thread } from './thread.js';

/**
 * Whether so much mail goes back and forth that two machines may be answering each other unmarked (RFC 3834 §2).
 */
export const isMailLoop = ({ rounds }: ReplyFacts): boolean => rounds >= MAX_ROUNDS;

/**
 * Whether a message with this Message-ID was posted to the thread before: the `same` one, sent to several of our
 * addresses, or another with a `different` text. No text is stored of what partners write among themselves, so those
 * always count as the same.
 */
export function findDuplicate(
  { posted }: ReplyFacts,
  { audience }: Thread,
  mail: ReadMail,
): 'same' | 'different' | null {
  if (posted.length === 0) return null;
  const { preview } = summary(mail);
  return audience === 'partner' || posted.includes(preview) ? 'same' : 'different';
}
