import type { CalendarEvent } from '../formats/calendar.js';
import { cleaned } from '../cleaned.js';
import { displayHtml, displayText } from './display.js';
import { attachmentsOf } from '../attachments/received_files.js';
import { valuesOf } from '../headers.js';
import type { HeaderField } from '../headers.js';
import type { Limits } from '../limits.js';
import { parseMime, safeText } from '../mime/mime.js';
import { decodeWords } from '../repairs/encoded_word_label.js';

/** A message as staff see it when deciding what to do with it. The HTML is sanitized; escape everything else. */
export interface MailPreview {
  /** A complete document, built from the text if the message has no HTML. Show it in a sandboxed iframe: display.ts. */
  readonly html: string;
  /** The text part, unchanged; '' if there is none. */
  readonly text: string;
  /** The number of remote images that were not loaded. */
  readonly blocked_images: number;
  readonly attachments: readonly { readonly filename: string; readonly content_type: string; readonly size: number }[];
  /** From, Reply-To, To, Cc, Date and Subject, decoded; repeated headers up to ten times each. */
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  /** The attached calendar invitation, if any. */
  readonly event: CalendarEvent | null;
  /** Sentences for staff, such as that the message is encrypted or that files were left out. */
  readonly notices: readonly string[];
}

const SHOWN = ['From', 'Reply-To', 'To', 'Cc', 'Date', 'Subject'];
const MAX_TEXT = 500_000;

/** Reads a message for display. Call it in a worker: hostile mail may hang or crash it. @throws MailRefused */
export async function readForDisplay(raw: Buffer, limits: Limits): Promise<MailPreview> {
  const { text, html, files, fields, event, notices } = await parseMime(raw, limits);
  const images = new Map(files.flatMap(({ cid, content }) => (cid === undefined ? [] : [[cid, content] as const])));
  const { attachments, notice } = attachmentsOf(files, new Set());
  const shown = html.trim() === '' ? displayText(text) : displayHtml(html, images);
  const said = cleaned({
    shown: textsOf(shown.html),
    text: text.slice(0, MAX_TEXT),
    event,
    headers: shownHeaders(fields),
  });
  return {
    blocked_images: shown.blocked_images,
    html: said.shown.join(''),
    text: said.text,
    headers: said.headers,
    event: said.event,
    attachments: attachments.map(({ filename, content_type, content }) => ({
      filename: cleaned(filename),
      content_type,
      size: content.length,
    })),
    notices: cleaned(notice === null ? notices : [...notices, notice]),
  };
}

/** A page in pieces, of which images are their own: their bytes may look like anything. */
const textsOf = (html: string) => html.split(/("data:image[^"]*")/);

function shownHeaders(fields: readonly HeaderField[]): MailPreview['headers'] {
  return SHOWN.flatMap((name) =>
    valuesOf(fields, name.toLowerCase())
      .slice(0, 10)
      .map((value) => ({ name, value: oneLine(decodeWords(value)).slice(0, 1000) })),
  );
}

const oneLine = (text: string) =>
  safeText(text)
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .replace(/[\u202a-\u202e\u2066-\u2069]/g, '')
    .trim();
