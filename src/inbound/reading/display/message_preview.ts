import type { CalendarEvent } from '../formats/calendar.js';
import { displayHtml, displayText } from './display.js';
import { attachmentsOf } from '../attachments/received_files.js';
import { valuesOf } from '../headers.js';
import type { HeaderField } from '../headers.js';
import type { Limits } from '../limits.js';
import { parseMime, safeText } from '../mime/mime.js';
import { decodeWords } from '../repairs/encoded_word_label.js';

/**
 * A message as staff look at it before they decide. All of it can be shown: HTML is sanitised, the rest is plain text
 * to be escaped.
 */
export interface MailPreview {
  /**
   * A whole document, always there (made of the text where a message has no HTML): for an iframe with `sandbox`, see
   * display.ts.
   */
  readonly html: string;
  /** The text part as it was written; '' if there is none. */
  readonly text: string;
  /** How many images would have been asked of other hosts. */
  readonly blocked_images: number;
  readonly attachments: readonly { readonly filename: string; readonly content_type: string; readonly size: number }[];
  /** From, Reply-To, To, Cc, Date and Subject, decoded, each as often as it stands there (but at most ten times). */
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  /** An invitation that came with it, as plain facts. */
  readonly event: CalendarEvent | null;
  /** What staff should know, in plain words: that it is encrypted, that something was left out. */
  readonly notices: readonly string[];
}

const SHOWN = ['From', 'Reply-To', 'To', 'Cc', 'Date', 'Subject'];
const MOST_TEXT = 500_000;

/** Reads a message for showing it. Throws MailRefused. To be called where a hang or a crash does no harm. */
export async function readForDisplay(raw: Buffer, limits: Limits): Promise<MailPreview> {
  const { text, html, files, fields, event, notices } = await parseMime(raw, limits);
  const images = new Map(files.flatMap(({ cid, content }) => (cid === undefined ? [] : [[cid, content] as const])));
  const { attachments, notice } = attachmentsOf(files, new Set());
  return {
    ...(html.trim() === '' ? displayText(text) : displayHtml(html, images)),
    text: text.slice(0, MOST_TEXT),
    attachments: attachments.map(({ filename, content_type, content }) => ({
      filename,
      content_type,
      size: content.length,
    })),
    headers: shownHeaders(fields),
    event,
    notices: notice === null ? notices : [...notices, notice],
  };
}

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
