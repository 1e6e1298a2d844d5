import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { simpleParser } from 'mailparser';
import type { EmailAddress } from 'mailparser';
import type { CalendarEvent } from '../formats/calendar.js';
import { fieldsIn, textIn, valuesOf } from '../headers.js';
import type { HeaderField } from '../headers.js';
import { LIMITS } from '../limits.js';
import type { Limits } from '../limits.js';
import type { MimeFile } from '../mime_file.js';
import { labelWords, wordCharset } from '../repairs/encoded_word_label.js';
import { PartSplitter } from '../repairs/part_splitter.js';
import { Body } from './body.js';
import { messageHeader, mustFit } from './header_limits.js';
import { rewrite } from './rewrite.js';

/** The bodies of a message, decoded. `text` and `html` are empty where there is none. */
interface Bodies {
  readonly text: string;
  readonly html: string;
  readonly subject: string;
  /** The name in From. */
  readonly sender: string;
}

/** A message, decoded: `text` and `html` are whole, in order. */
export interface Mime extends Bodies {
  readonly fields: readonly HeaderField[];
  /** The mailboxes in the first From, as mailparser reads them. */
  readonly from: readonly EmailAddress[];
  readonly files: readonly MimeFile[];
  readonly event: CalendarEvent | null;
  /** What people should know, in plain words. */
  readonly notices: readonly string[];
}

const MOST_TEXT = 1_000_000;
const MOST_HTML = 1_500_000;
const MOST_LINKS = 5000;
const PIECE = 65_536;
// Making text of HTML, HTML of text, and links of both is ours; the limits are checked before it.
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

/** Decodes a message that keeps to the limits, by mailparser. Throws MailRefused. */
export async function parseMime(raw: Buffer, limits: Limits = LIMITS): Promise<Mime> {
  mustFit(raw, limits);
  const fields = fieldsIn(messageHeader(raw, limits));
  const { text, html, subject = '', from, attachments } = await parseMail(raw, fields, limits);
  const body = new Body(text, html);
  for (const file of attachments) body.add(file);
  const whole = body.shown();
  const links = fewLinks(safeText(whole.html.slice(0, MOST_HTML)));
  if (whole.text.length > MOST_TEXT || whole.html.length > MOST_HTML)
    body.notices.add('It is very long; only its beginning is shown.');
  if (links.count > MOST_LINKS) body.notices.add(`It holds more than ${MOST_LINKS} links; the rest are shown as text.`);
  return {
    fields,
    from: from?.value ?? [],
    text: safeText(whole.text.slice(0, MOST_TEXT)),
    html: links.html,
    subject: safeText(subject),
    sender: safeText(from?.value[0]?.name ?? ''),
    files: body.files,
    event: body.event,
    notices: [...body.notices],
  };
}

/** Only what reading the reply needs. Throws MailRefused. */
export const readBodies = (raw: Buffer): Promise<Bodies> => parseMime(raw);

/** Removes what PostgreSQL can't hold: NUL, and halves of characters. */
export function safeText(text: string): string {
  return text.replaceAll('\0', '').replace(/\p{Surrogate}/gu, '\uFFFD');
}

async function parseMail(raw: Buffer, fields: readonly HeaderField[], limits: Limits) {
  const named = ['subject', 'from', 'to'].map((name) => wordCharset(valuesOf(fields, name)[0] ?? ''));
  const hint = named.find((each) => each !== undefined);
  // Of two headers mailparser takes the last (nodemailer/mailparser#403); it is given the first (sample "two From").
  const header = ['subject', 'from'].map((name) => `${name}: ${labelWords(textIn(fields, name, hint))}`);
  const found = { header, hint, texts: 0, htmls: 0 };
  const rewritten = new PassThrough();
  const [mail] = await Promise.all([
    simpleParser(rewritten, OPTIONS),
    pipeline(pieces(raw), new PartSplitter(limits, hint), (parts: PartSplitter) => rewrite(parts, found), rewritten),
  ]);
  return { ...mail, text: mail.text ?? '', html: found.htmls > 0 && mail.html !== false ? mail.html : '' };
}

function* pieces(raw: Buffer): Generator<Buffer> {
  for (let at = 0; at < raw.length; at += PIECE) yield raw.subarray(at, at + PIECE);
}

// Each link costs whoever shows it; nobody wrote five thousand.
function fewLinks(html: string): { html: string; count: number } {
  let count = 0;
  const shown = html.replace(/<a(?=[\s/])[^<>]*/gi, (tag) => (++count > MOST_LINKS ? '<a' : tag));
  return { html: shown, count };
}
