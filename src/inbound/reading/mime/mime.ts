import type { EmailAddress } from 'mailparser';
import type { CalendarEvent } from '../formats/calendar.js';
import { fieldsIn, textIn, valuesOf } from '../headers.js';
import type { HeaderField } from '../headers.js';
import { LIMITS } from '../limits.js';
import type { Limits } from '../limits.js';
import type { MimeFile } from '../mime_file.js';
import { labelWords, wordCharset } from '../repairs/encoded_word_label.js';
import { Body } from './body.js';
import { messageHeader, mustFit } from './header_limits.js';
import { parseMail } from './mail_parser.js';

/** The bodies of a message, decoded. `text` and `html` are empty where there is none. */
export interface Bodies {
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

/** Decodes a message that keeps to the limits. Throws MailRefused. */
export async function parseMime(raw: Buffer, limits: Limits = LIMITS): Promise<Mime> {
  mustFit(raw, limits);
  const fields = fieldsIn(messageHeader(raw, limits));
  const hint = hintIn(fields);
  // Of two headers with the same name mailparser takes the last; it is given the first alone (sample "two From").
  const header = ['subject', 'from'].map((name) => `${name}: ${labelWords(textIn(fields, name, hint))}`);
  const { subject, from, root, files } = await parseMail(raw, { limits, hint, header });
  const body = new Body(files);
  const { text, html } = body.read(root);
  const links = fewLinks(safeText(html.slice(0, MOST_HTML)));
  if (text.length > MOST_TEXT || html.length > MOST_HTML)
    body.notices.add('It is very long; only its beginning is shown.');
  if (links.count > MOST_LINKS) body.notices.add(`It holds more than ${MOST_LINKS} links; the rest are shown as text.`);
  return {
    fields,
    from,
    text: safeText(text.slice(0, MOST_TEXT)),
    html: links.html,
    subject: safeText(subject),
    sender: safeText(from[0]?.name ?? ''),
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

function hintIn(fields: readonly HeaderField[]): string | undefined {
  const named = ['subject', 'from', 'to'].map((name) => wordCharset(valuesOf(fields, name)[0] ?? ''));
  return named.find((each) => each !== undefined);
}

// Each link costs whoever shows it; nobody wrote five thousand.
function fewLinks(html: string): { html: string; count: number } {
  let count = 0;
  const shown = html.replace(/<a(?=[\s/])[^<>]*/gi, (tag) => (++count > MOST_LINKS ? '<a' : tag));
  return { html: shown, count };
}
