import type { Attachment } from 'mailparser';
import { readCalendar } from '../formats/calendar.js';
import type { CalendarEvent } from '../formats/calendar.js';
import { armored, encryptedKind, isSignature, NOTICES } from '../formats/crypto.js';
import { isTnef, readTnef } from '../formats/tnef.js';
import { uudecode, withoutFiles } from '../formats/uuencode.js';
import type { MimeFile } from '../mime_file.js';
import { decodeText } from '../repairs/charset_label.js';

// Copies for other programs, and resource forks of old Macs.
const IGNORED = new Set([
  'text/vnd.google.email-reaction+json',
  'text/x-amp-html',
  'text/watch-html',
  'application/applefile',
  'application/pgp-encrypted',
]);
const MAX_IMAGES = 100;
const DATA_IMAGE = /(\ssrc\s{0,5}=\s{0,5}["']?)data:(image\/[a-z0-9.+-]{1,40});base64,([a-z0-9+/=\s]*)/gi;

/** Collects a message's body, files and notices from mailparser's output. */
export class Body {
  readonly files: MimeFile[] = [];
  readonly notices = new Set<string>();
  event: CalendarEvent | null = null;
  #text: string;
  #html: string;
  /** The bodies in winmail.dat. */
  #tnef: { readonly text: string | null; readonly html: string | null } = { text: null, html: null };

  constructor(text: string, html: string) {
    this.#html = this.#withoutImages(html);
    this.#text = this.#withoutFiles(text.replaceAll('\r', '\n'));
  }

  /** Returns the message's own body; that of winmail.dat only if its own is empty. */
  shown(): { text: string; html: string } {
    if (this.#text.trim() !== '' || this.#html.trim() !== '') return { text: this.#text, html: this.#html };
    return { text: this.#tnef.text ?? '', html: this.#tnef.html ?? '' };
  }

  add({ headers, filename, cid, contentDisposition, content }: Attachment): void {
    const { type, charset } = declared(headers);
    if (type === 'application/pgp-encrypted') this.notices.add(NOTICES.encrypted);
    if (IGNORED.has(type) || isSignature(type)) return;
    if (type === 'text/calendar') this.event ??= readCalendar(decodeText(content, charset));
    // What it answers is said in words.
    if (type === 'text/calendar' && this.event?.method === 'REPLY') return;
    if (isTnef(type, filename) && this.#unpackTnef(content)) return;
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

  // Replaces winmail.dat by its content.
  #unpackTnef(content: Buffer): boolean {
    const inner = readTnef(content);
    if (inner === null) return false;
    this.files.push(...inner.files);
    this.#tnef = inner;
    return true;
  }

  // Turns images embedded in the HTML as data into files, like other inline images.
  #withoutImages(html: string): string {
    let count = 0;
    return html.replace(DATA_IMAGE, (_, before: string, content_type: string, data: string) => {
      if (++count > MAX_IMAGES) return before;
      const cid = `${this.files.length + 1}@in-html.invalid`;
      const content = Buffer.from(data, 'base64');
      this.files.push({ filename: undefined, content_type: content_type.toLowerCase(), cid, attached: false, content });
      return `${before}cid:${cid}`;
    });
  }

  // Some programs still write files and signatures into the text itself.
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
