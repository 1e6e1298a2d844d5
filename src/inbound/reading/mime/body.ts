import { readCalendar } from '../formats/calendar.js';
import type { CalendarEvent } from '../formats/calendar.js';
import { armored, encryptedKind, isSignature, NOTICES } from '../formats/crypto.js';
import { isTnef, readTnef } from '../formats/tnef.js';
import { uudecode, withoutFiles } from '../formats/uuencode.js';
import type { MimeFile } from '../mime_file.js';
import { decodeText } from '../repairs/charset_label.js';
import type { ParsedFile, ParsedPart } from './mail_parser.js';
import { textToHtml } from './texts.js';

/** A piece of the body in the order of the message; null in the kind that it does not have. */
interface Piece {
  readonly text: string | null;
  readonly html: string | null;
}

// Copies for programs that nobody here has, and forks that only old Macs need.
const USELESS = new Set(['text/x-amp-html', 'text/watch-html', 'application/applefile', 'application/pgp-encrypted']);
const MOST_IMAGES = 100;
const DATA_IMAGE = /(\ssrc\s{0,5}=\s{0,5}["']?)data:(image\/[a-z0-9.+-]{1,40});base64,([a-z0-9+/=\s]*)/gi;
const NOTHING: Piece = { text: null, html: null };

/** Walks the parts that mailparser read and collects the body of the message and its files. */
export class Body {
  readonly files: MimeFile[] = [];
  readonly notices = new Set<string>();
  event: CalendarEvent | null = null;
  /** What stood in winmail.dat. */
  #wrapped: Piece = NOTHING;
  readonly #parsed: Iterator<ParsedFile>;

  /** `files` are those of the parts that are read, in the same order. */
  constructor(files: readonly ParsedFile[]) {
    this.#parsed = files.values();
  }

  /** The whole body. What winmail.dat says counts only if the message says nothing itself. */
  read(root: ParsedPart): { text: string; html: string } {
    const { text, html } = this.#read(root);
    const empty = (text ?? '').trim() === '' && (html ?? '').trim() === '';
    return { text: (empty ? this.#wrapped.text : text) ?? '', html: (empty ? this.#wrapped.html : html) ?? '' };
  }

  #read({ contentType, isAttachment, textContent = '', children }: ParsedPart): Piece {
    if (isAttachment) return this.#file(this.#parsed.next().value);
    if (contentType === 'text/html') return { text: null, html: this.#withoutImages(textContent) };
    if (contentType === 'text/plain') return { text: this.#withoutFiles(textContent), html: null };
    if (contentType === 'multipart/encrypted') this.notices.add(NOTICES.encrypted);
    const pieces = children.map((child) => this.#read(child));
    return contentType === 'multipart/alternative' ? chosen(pieces) : inOrder(pieces);
  }

  #file(file: ParsedFile | undefined): Piece {
    if (!file || USELESS.has(file.content_type) || isSignature(file.content_type)) return NOTHING;
    const { content, content_type, filename, charset } = file;
    if (content_type === 'text/calendar') this.event ??= readCalendar(decodeText(content, charset));
    if (isTnef(content_type, filename) && this.#unwrap(content)) return NOTHING;
    const kind = encryptedKind(content_type, content);
    if (kind !== null) this.notices.add(NOTICES[kind]);
    this.files.push(file);
    return NOTHING;
  }

  // Outlook's own wrapping: what is inside takes its place.
  #unwrap(content: Buffer): boolean {
    const inner = readTnef(content);
    if (inner === null) return false;
    this.files.push(...inner.files);
    this.#wrapped = { text: inner.text, html: inner.html };
    return true;
  }

  // Images inside the HTML itself become files like others that are shown in place.
  #withoutImages(html: string): string {
    let count = 0;
    return html.replace(DATA_IMAGE, (_, before: string, content_type: string, data: string) => {
      if (++count > MOST_IMAGES) return before;
      const cid = `${this.files.length + 1}@in-html.invalid`;
      const content = Buffer.from(data, 'base64');
      this.files.push({ filename: undefined, content_type: content_type.toLowerCase(), cid, attached: false, content });
      return `${before}cid:${cid}`;
    });
  }

  // What some programs still write into the text itself: files, and signatures around it.
  #withoutFiles(written: string): string {
    const text = written.replaceAll('\r', '\n');
    const files = uudecode(text);
    const content_type = 'application/octet-stream';
    for (const { name, content } of files)
      this.files.push({ filename: name, content_type, cid: undefined, attached: true, content });
    const inner = armored(withoutFiles(text, files));
    if (inner.encrypted) this.notices.add(NOTICES.encrypted_text);
    return inner.text;
  }
}

// Of several ways to say the same, the last is the best (RFC 2046 section 5.1.4); both kinds are kept.
function chosen(pieces: readonly Piece[]): Piece {
  const html = pieces.findLast((piece) => (piece.html ?? '').trim() !== '')?.html ?? null;
  const texts = pieces.filter((piece) => piece.text !== null && piece.html === null);
  const text =
    texts.findLast((piece) => (piece.text ?? '').trim() !== '')?.text ??
    pieces.find((piece) => piece.text)?.text ??
    null;
  return { text, html };
}

function inOrder(pieces: readonly Piece[]): Piece {
  const shown = pieces.filter((piece) => piece.text !== null || piece.html !== null);
  const texts = shown.flatMap(({ text }) => (text === null ? [] : [text]));
  const text = texts.length > 0 ? texts.join('\n') : null;
  if (!shown.some(({ html }) => html !== null)) return { text, html: null };
  return { text, html: shown.map(({ html, text }) => html ?? textToHtml(text ?? '')).join('<br>\n') };
}
