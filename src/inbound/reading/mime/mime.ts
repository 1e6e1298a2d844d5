import addressparser from 'nodemailer/lib/addressparser';
import { Body } from './body.js';
import type { CalendarEvent } from '../formats/calendar.js';
import { decodeText } from '../charset.js';
import { valuesOf } from '../headers.js';
import type { HeaderField } from '../headers.js';
import { LIMITS } from '../limits.js';
import type { Limits } from '../limits.js';
import { scanStructure } from './structure.js';
import type { Part } from './structure.js';
import { decodeWords, wordCharset } from './encoded_words.js';
import type { MimeFile } from '../mime_file.js';

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
  readonly files: readonly MimeFile[];
  readonly event: CalendarEvent | null;
  /** What people should know, in plain words. */
  readonly notices: readonly string[];
}

const MOST_TEXT = 1_000_000;
const MOST_HTML = 1_500_000;
const MOST_LINKS = 5000;

/** Decodes a message that keeps to the limits. Throws MailRefused. */
export function parseMime(raw: Buffer, limits: Limits = LIMITS): Mime {
  const root = scanStructure(raw, limits);
  const { fields } = root;
  const hint = hintOf(fields);
  const body = new Body(raw, hint);
  const { text, html } = shown(body, root);
  const links = fewLinks(safeText(html.slice(0, MOST_HTML)));
  if (text.length > MOST_TEXT || html.length > MOST_HTML)
    body.notices.add('It is very long; only its beginning is shown.');
  if (links.count > MOST_LINKS) body.notices.add(`It holds more than ${MOST_LINKS} links; the rest are shown as text.`);
  return {
    fields,
    text: safeText(text.slice(0, MOST_TEXT)),
    html: links.html,
    subject: safeText(decodeWords(fieldText(fields, 'subject', hint))),
    sender: safeText(mailboxesIn(fieldText(fields, 'from', hint))[0]?.name ?? ''),
    files: body.files,
    event: body.event,
    notices: [...body.notices],
  };
}

// What winmail.dat says counts only if the message says nothing itself.
function shown(body: Body, root: Part): { text: string; html: string } {
  const { text, html } = body.read(root);
  const empty = (text ?? '').trim() === '' && (html ?? '').trim() === '';
  return { text: (empty ? body.wrapped.text : text) ?? '', html: (empty ? body.wrapped.html : html) ?? '' };
}

/** Only what reading the reply needs. Throws MailRefused. */
export function readBodies(raw: Buffer): Promise<Bodies> {
  return new Promise((resolve) => resolve(parseMime(raw)));
}

/** Removes what PostgreSQL can't hold: NUL, and halves of characters. */
export function safeText(text: string): string {
  return text.replaceAll('\0', '').replace(/\p{Surrogate}/gu, '\uFFFD');
}

/**
 * The mailboxes in an address header; groups are members of their own, without an address. Not for telling who sent
 * it: see sender.ts.
 */
export function mailboxesIn(value: string): { readonly name: string; readonly address: string | undefined }[] {
  return addressparser(value).map((each) => ({
    name: decodeWords(each.name),
    address: 'address' in each ? each.address : undefined,
  }));
}

/** A header's first value, not decoded yet. Bytes that are no UTF-8 are taken for what the rest is written in. */
function fieldText(fields: readonly HeaderField[], name: string, hint: string | undefined): string {
  const field = fields.find((each) => each.name.trim().toLowerCase() === name);
  return field?.bytes ? decodeText(Buffer.from(field.value, 'latin1'), undefined, hint) : (field?.value ?? '');
}

function hintOf(fields: readonly HeaderField[]): string | undefined {
  const named = ['subject', 'from', 'to'].map((name) => wordCharset(valuesOf(fields, name)[0] ?? ''));
  return named.find((each) => each !== undefined) ?? undefined;
}

// Each link costs whoever shows it; nobody wrote five thousand.
function fewLinks(html: string): { html: string; count: number } {
  let count = 0;
  const shown = html.replace(/<a(?=[\s/])[^<>]*/gi, (tag) => (++count > MOST_LINKS ? '<a' : tag));
  return { html: shown, count };
}
