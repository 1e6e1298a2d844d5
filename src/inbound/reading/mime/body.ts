import type { Attachment } from 'mailparser';
import { readCalendar } from '../formats/calendar.js';
import type { CalendarEvent } from '../formats/calendar.js';
import { armored, encryptedKind, isSignature, NOTICES } from '../formats/crypto.js';
import { isTnef, readTnef } from '../formats/tnef.js';
import { uudecode, withoutFiles } from '../formats/uuencode.js';
import type { MimeFile } from '../mime_file.js';
import { decodeText } from '../repairs/charset_label.js';

// Copies for programs that nobody here has, and forks that only old Macs need.
const USELESS = new Set(['text/x-amp-html', 'text/watch-html', 'application/applefile', 'application/pgp-encrypted']);
const MOST_IMAGES = 100;
const DATA_IMAGE = /(\ssrc\s{0,5}=\s{0,5}["']?)data:(image\/[a-z0-9.+-]{1,40});base64,([a-z0-9+/=\s]*)/gi;

/** The body of a message, its files, and what people should know of it, from what mailparser read. */
export class Body {
  readonly files: MimeFile[] = [];
  readonly notices = new Set<string>();
  event: CalendarEvent | null = null;
  #text: string;
  #html: string;
  /** What stood in winmail.dat. */
  #wrapped: { readonly text: string | null; readonly html: string | null } = { text: null, html: null };

  constructor(text: string, html: string) {
    this.#html = this.#withoutImages(html);
    this.#text = this.#withoutFiles(text.replaceAll('\r', '\n'));
  }

  /** What winmail.dat says counts only if the message says nothing itself. */
  shown(): { text: string; html: string } {
    if (this.#text.trim() !== '' || this.#html.trim() !== '') return { text: this.#text, html: this.#html };
    return { text: this.#wrapped.text ?? '', html: this.#wrapped.html ?? '' };
  }

  add({ headers, filename, cid, contentDisposition, content }: Attachment): void {
    const { type, charset } = declared(headers);
    if (type === 'application/pgp-encrypted') this.notices.add(NOTICES.encrypted);
    if (USELESS.has(type) || isSignature(type)) return;
    if (type === 'text/calendar') this.event ??= readCalendar(decodeText(content, charset));
    if (isTnef(type, filename) && this.#unwrap(content)) return;
    const kind = encryptedKind(type, content);
    if (kind !== null) this.notices.add(NOTICES[kind]);
    const name = /<?\s*([^<>\s]{1,500})/.exec(cid ?? '')?.[1];
    this.files.push({
      filename,
      content_type: type,
      cid: name,
      attached: contentDisposition === 'attachment',
      content,
    });
  }

  // Outlook's own wrapping: what is inside takes its place.
  #unwrap(content: Buffer): boolean {
    const inner = readTnef(content);
    if (inner === null) return false;
    this.files.push(...inner.files);
    this.#wrapped = inner;
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
  #withoutFiles(text: string): string {
    const files = uudecode(text);
    const content_type = 'application/octet-stream';
    for (const { name, content } of files)
      this.files.push({ filename: name, content_type, cid: undefined, attached: true, content });
    const inner = armored(withoutFiles(text, files));
    if (inner.encrypted) this.notices.add(NOTICES.encrypted_text);
    return inner.text;
  }
}

function declared(headers: Attachment['headers']): { type: string; charset: string | undefined } {
  const header = headers.get('content-type');
  const { value, params } = typeof header === 'object' && 'params' in header ? header : { value: '', params: {} };
  return { type: value.toLowerCase().slice(0, 200), charset: params['charset'] };
}
