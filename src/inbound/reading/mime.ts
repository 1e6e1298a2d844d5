import { simpleParser } from 'mailparser';
import type { ParsedMail } from 'mailparser';
import { unflow } from './flowed.js';
import { LIMITS, MailRefused } from './limits.js';
import type { Limits } from './limits.js';
import { scanStructure } from './structure.js';
import type { PartType } from './structure.js';

/** The bodies of a message, decoded. `text` and `html` are empty where there is none. */
export interface Bodies {
  readonly text: string;
  readonly html: string;
  readonly subject: string;
  readonly sender: string;
}

// Of the same length, so that every offset stays.
const ATTACHED_MESSAGE = /message\/rfc822/i;
const AS_FILE = 'message/x-mail';
const FLOWED = /format(\s*=\s*"?)flowed/i;

/** Decodes a message that keeps to the limits. Throws MailRefused. */
export async function parseMime(raw: Buffer, limits: Limits = LIMITS): Promise<ParsedMail> {
  const types = scanStructure(raw, limits);
  const flowed = types.find((type) => FLOWED.test(type.value));
  const mail = await decode(masked(raw, types));
  if (isBroken(types, mail)) mail.text = bodyOf(raw);
  if (flowed && mail.text !== undefined) mail.text = unflow(mail.text, /delsp\s*=\s*"?yes/i.test(flowed.value));
  for (const attachment of mail.attachments) if (attachment.contentType === AS_FILE) attachment.contentType = 'message/rfc822';
  return mail;
}

/** Only what reading the reply needs. Throws MailRefused. */
export async function readBodies(raw: Buffer): Promise<Bodies> {
  return bodiesOf(await parseMime(raw));
}

/** The bodies of a decoded message, safe to store. */
export function bodiesOf(mail: ParsedMail): Bodies {
  return {
    text: safeText(mail.text ?? ''),
    html: safeText(typeof mail.html === 'string' ? mail.html : ''),
    subject: safeText(mail.subject ?? ''),
    sender: safeText(mail.from?.value[0]?.name ?? ''),
  };
}

/** Removes what PostgreSQL can't hold: NUL, and halves of characters. */
export function safeText(text: string): string {
  return text.replaceAll('\0', '').replace(/\p{Surrogate}/gu, '\uFFFD');
}

// A multipart whose boundary is missing, or never comes: the body is shown as it is, so that nothing is lost.
function isBroken(types: readonly PartType[], mail: ParsedMail): boolean {
  return types.length === 1 && /^\s*multipart\//i.test(types[0]?.value ?? '') && !mail.text && !mail.html && mail.attachments.length === 0;
}

function bodyOf(raw: Buffer): string {
  const ends = [raw.indexOf('\r\n\r\n') + 4, raw.indexOf('\n\n') + 2].filter((at) => at > 3);
  return ends.length > 0 ? raw.toString('utf8', Math.min(...ends)).slice(0, 1_000_000) : '';
}

async function decode(raw: Buffer): Promise<ParsedMail> {
  try {
    return await simpleParser(raw, { skipHtmlToText: true, skipTextLinks: true, skipImageLinks: true, keepDeliveryStatus: true });
  } catch {
    throw new MailRefused('unreadable', 'The message is damaged: it can’t be decoded.');
  }
}

/**
 * The parser would merge attached messages into the body, and glue flowed lines to the quote above them. Both are said in
 * headers, whose places are known: they are said otherwise in a copy.
 */
function masked(raw: Buffer, types: readonly PartType[]): Buffer {
  const changed = types.filter((type) => ATTACHED_MESSAGE.test(type.value) || FLOWED.test(type.value));
  if (changed.length === 0) return raw;
  const copy = Buffer.from(raw);
  for (const { from, value } of changed) {
    const text = value.replace(ATTACHED_MESSAGE, AS_FILE).replace(FLOWED, 'format$1fixed_');
    copy.write(text, from + 'content-type:'.length, 'latin1');
  }
  return copy;
}
