import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { simpleParser } from 'mailparser';
import type { EmailAddress } from 'mailparser';
import type { CalendarEvent } from '../formats/calendar.js';
import { unwrapSigned } from '../formats/smime.js';
import { fieldsIn, headerText, valuesOf } from '../headers.js';
import type { HeaderField } from '../headers.js';
import { senderName } from '../../reply/endings/sender_names.js';
import { REPLY_SUBJECT } from '../../reply/phrases.js';
import { LIMITS } from '../limits.js';
import type { Limits } from '../limits.js';
import type { MimeFile } from '../mime_file.js';
import { labelWords, wordCharset } from '../repairs/encoded_word_label.js';
import { PartSplitter } from '../repairs/part_splitter.js';
import { Body } from './body.js';
import { messageHeader, checkSize } from './header_limits.js';
import { rewrite } from './rewrite.js';

/** A message's decoded bodies; '' if missing. */
interface Bodies {
  readonly text: string;
  readonly html: string;
  readonly subject: string;
  /** The display name in From. */
  readonly sender: string;
  /** The sender's name by that, or else by the address; '' if neither tells. */
  readonly known_as: string;
  /** Whether it answers a message, by its header. */
  readonly answers: boolean;
}

/** A decoded message; `text` and `html` join all text parts, in order. */
export interface Mime extends Bodies {
  readonly fields: readonly HeaderField[];
  /** The mailboxes in the first From, as mailparser reads them. */
  readonly from: readonly EmailAddress[];
  readonly files: readonly MimeFile[];
  readonly event: CalendarEvent | null;
  /** Sentences for the readers, such as that the message is encrypted. */
  readonly notices: readonly string[];
}

const MAX_TEXT = 1_000_000;
const MAX_HTML = 1_500_000;
const MAX_LINKS = 5000;
const CHUNK = 65_536;
const isReply = (subject: string) => REPLY_SUBJECT.test(subject.slice(0, 300));
// We convert between text and HTML and find links ourselves; limits are checked before mailparser runs.
const OPTIONS = {
  skipHtmlToText: true,
  skipTextToHtml: true,
  skipTextLinks: true,
  skipImageLinks: true,
  keepDeliveryStatus: true,
  ignoreEmbedded: true,
  maxHeadSize: Infinity,
  maxChildNodes: Infinity,
};

/** Decodes a message with mailparser. @throws MailRefused if it exceeds the limits. */
export async function parseMime(original: Buffer, limits: Limits = LIMITS): Promise<Mime> {
  checkSize(original, limits);
  const raw = await unwrapSigned(original);
  const fields = fieldsIn(messageHeader(raw, limits));
  const { text, html, subject = '', from, attachments } = await parseMail(raw, fields, limits);
  const body = new Body(text, html);
  for (const file of attachments) body.add(file);
  const shown = body.shown();
  const links = limitLinks(safeText(shown.html.slice(0, MAX_HTML)));
  if (shown.text.length > MAX_TEXT || shown.html.length > MAX_HTML)
    body.notices.add('It is very long; only its beginning is shown.');
  if (links.count > MAX_LINKS) body.notices.add(`It holds more than ${MAX_LINKS} links; the rest are shown as text.`);
  return {
    fields,
    from: from?.value ?? [],
    text: safeText(shown.text.slice(0, MAX_TEXT)),
    html: links.html,
    subject: safeText(subject),
    sender: safeText(from?.value[0]?.name ?? ''),
    known_as: safeText(senderName(from?.value[0]?.name ?? '', from?.value[0]?.address ?? '')),
    answers: ['in-reply-to', 'references'].some((name) => valuesOf(fields, name).length > 0) || isReply(subject),
    files: body.files,
    event: body.event,
    notices: [...body.notices],
  };
}

/** Decodes only what reading the reply needs. @throws MailRefused */
export const readBodies = (raw: Buffer): Promise<Bodies> => parseMime(raw);

/** Removes NUL and lone surrogates, which PostgreSQL can't store. */
export function safeText(text: string): string {
  return text.replaceAll('\0', '').replace(/\p{Surrogate}/gu, '\uFFFD');
}

async function parseMail(raw: Buffer, fields: readonly HeaderField[], limits: Limits) {
  const named = ['subject', 'from', 'to'].map((name) => wordCharset(valuesOf(fields, name)[0] ?? ''));
  const hint = named.find((each) => each !== undefined);
  // mailparser uses the last of repeated headers (nodemailer/mailparser#403), so pass the first (sample "two From").
  const header = ['subject', 'from'].map((name) => `${name}: ${labelWords(headerText(fields, name, hint))}`);
  const found = { header, hint, texts: 0, htmls: 0 };
  const rewritten = new PassThrough();
  const [mail] = await Promise.all([
    simpleParser(rewritten, OPTIONS),
    pipeline(chunksOf(raw), new PartSplitter(limits, hint), (parts: PartSplitter) => rewrite(parts, found), rewritten),
  ]);
  return { ...mail, text: mail.text ?? '', html: found.htmls > 0 && mail.html !== false ? mail.html : '' };
}

function* chunksOf(raw: Buffer): Generator<Buffer> {
  for (let at = 0; at < raw.length; at += CHUNK) yield raw.subarray(at, at + CHUNK);
}

// Showing thousands of links is slow, and no person writes that many.
function limitLinks(html: string): { html: string; count: number } {
  let count = 0;
  const shown = html.replace(/<a(?=[\s/])[^<>]*/gi, (tag) => (++count > MAX_LINKS ? '<a' : tag));
  return { html: shown, count };
}
