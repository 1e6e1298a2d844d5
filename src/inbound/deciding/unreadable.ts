import type { Values } from '../../errors.js';
import { LIMITS, type MailRefused, type RefusalCode } from '../reading/limits.js';
import { type Decision, held } from './decision.js';

const kilobytes = (bytes: number) => Math.floor(bytes / 1024);

/** By the code of the refusal; the others say it in a sentence without numbers. */
const SENTENCES: Partial<Record<RefusalCode, readonly [sentence: string, values: Values]>> = {
  too_large: ['The message is larger than {{size}} MB.', { size: Math.floor(LIMITS.size / 2 ** 20) }],
  headers_too_large: ['The header section is larger than {{size}} kB.', { size: kilobytes(LIMITS.headers_size) }],
  header_too_large: ['One header is larger than {{size}} kB.', { size: kilobytes(LIMITS.header_size) }],
  too_many_headers: [
    'There are more than {{headers}} headers, or more than {{lines}} lines of them.',
    { headers: LIMITS.headers, lines: LIMITS.header_lines },
  ],
  too_deep: ['Parts stand inside each other more than {{depth}} deep.', { depth: LIMITS.depth }],
  too_many_parts: ['There are more than {{parts}} parts.', { parts: LIMITS.parts }],
  too_slow: ['Reading the message took longer than {{seconds}} seconds.', { seconds: LIMITS.time / 1000 }],
};

/** Holds a message that can't be read. */
export function unreadable({ code, message }: MailRefused): Decision {
  const [sentence, values] = SENTENCES[code] ?? [message, {}];
  return held('unreadable', sentence, values);
}
