import { readCalendar } from '../formats/calendar.js';
import type { CalendarEvent } from '../formats/calendar.js';
import { decodeText } from '../charset.js';
import { armored, encryptedKind, isSignature, NOTICES } from '../formats/crypto.js';
import { unflow } from './flowed.js';
import { valuesOf } from '../headers.js';
import type { MimeFile } from '../mime_file.js';
import { parameterized } from './parameters.js';
import type { Part } from './structure.js';
import { isTnef, readTnef } from '../formats/tnef.js';
import { decodeTransfer } from './transfer.js';
import { textToHtml, unenriched } from './texts.js';
import { uudecode, withoutFiles } from '../formats/uuencode.js';
import { decodeWords } from './encoded_words.js';

/** A piece of the body in the order of the message; null in the kind that it does not have. */
export interface Piece {
  readonly text: string | null;
  readonly html: string | null;
}

const TEXTS = new Set(['text/plain', 'text/html', 'text/enriched', 'text/richtext', 'text/markdown', 'text']);
// Of a text that is longer only the beginning is shown: the rest needs no decoding, unless files stand in it.
const MOST_BYTES = 6_000_000;
// Copies for programs that nobody here has, and forks that only old Macs need.
const USELESS = new Set(['text/x-amp-html', 'text/watch-html', 'application/applefile', 'application/pgp-encrypted']);

const MOST_IMAGES = 100;
const DATA_IMAGE = /(\ssrc\s{0,5}=\s{0,5}["']?)data:(image\/[a-z0-9.+-]{1,40});base64,([a-z0-9+/=\s]*)/gi;
const NOTHING: Piece = { text: null, html: null };

/** Walks the parts of a message and collects its body and its files, decoded. */
export class Body {
  readonly files: MimeFile[] = [];
  readonly notices = new Set<string>();
  event: CalendarEvent | null = null;
  /** What stood in winmail.dat. */
  wrapped: Piece = NOTHING;
  #texts = 0;

  constructor(
    readonly raw: Buffer,
    /** The encoding that the rest of the message is written in, for parts that don't say. */
    readonly hint: string | undefined,
  ) {}

  read(part: Part): Piece {
    if (part.children.length === 0) return this.#leaf(part);
    if (part.type.value === 'multipart/encrypted') this.notices.add(NOTICES.encrypted);
    const pieces = part.children.map((child) => this.read(child));
    return part.type.value === 'multipart/alternative' ? this.#chosen(pieces) : inOrder(pieces);
  }

  // Of several ways to say the same, the last is the best (RFC 2046 section 5.1.4); both kinds are kept.
  #chosen(pieces: readonly Piece[]): Piece {
    const html = pieces.findLast((piece) => (piece.html ?? '').trim() !== '')?.html ?? null;
    const texts = pieces.filter((piece) => piece.text !== null && piece.html === null);
    const text =
      texts.findLast((piece) => (piece.text ?? '').trim() !== '')?.text ??
      pieces.find((piece) => piece.text)?.text ??
      null;
    return { text, html };
  }

  #leaf(part: Part): Piece {
    const type = typeOf(part);
    const { value: disposition, parameters } = parameterized(this.#header(part, 'content-disposition'));
    const given =
      parameters.get('filename') ?? parameterized(this.#header(part, 'content-type')).parameters.get('name');
    const filename = given === undefined ? undefined : decodeWords(given);
    if (USELESS.has(type) || isSignature(type)) return NOTHING;
    if (
      TEXTS.has(type) &&
      disposition !== 'attachment' &&
      (filename === undefined || this.#texts === 0 || isBody(part))
    )
      return this.#text(part, type);
    const content = this.#bytes(part, false);
    if (type === 'text/calendar') this.event ??= readCalendar(decodeText(content, part.type.parameters.get('charset')));
    if (isTnef(type, filename) && this.#unwrap(content)) return NOTHING;
    const kind = encryptedKind(type, content);
    if (kind !== null) this.notices.add(NOTICES[kind]);
    const cid = /<?\s*([^<>\s]{1,500})/.exec(first(part, 'content-id'))?.[1];
    this.files.push({ filename, content_type: type, cid, attached: disposition === 'attachment', content });
    return NOTHING;
  }

  // Outlook's own wrapping: what is inside takes its place.
  #unwrap(content: Buffer): boolean {
    const inner = readTnef(content);
    if (inner === null) return false;
    this.files.push(...inner.files);
    this.wrapped = { text: inner.text, html: inner.html };
    return true;
  }

  #text(part: Part, type: string): Piece {
    this.#texts += 1;
    const bytes = this.#bytes(part, true, type === 'text/html');
    const charset = part.type.parameters.get('charset');
    if (type === 'text/html')
      return { text: null, html: this.#withoutImages(decodeText(bytes, charset ?? metaCharset(bytes), this.hint)) };
    const text = decodeText(bytes, charset, this.hint).replace(/\r\n?/g, '\n');
    const plain = type === 'text/enriched' || type === 'text/richtext' ? unenriched(text) : this.#withoutFiles(text);
    const flowed = part.type.parameters.get('format')?.toLowerCase() === 'flowed';
    return {
      text: flowed ? unflow(plain, part.type.parameters.get('delsp')?.toLowerCase() === 'yes') : plain,
      html: null,
    };
  }

  // Images inside the HTML itself become files like others that are shown in place.
  #withoutImages(html: string): string {
    let count = 0;
    return html.replace(DATA_IMAGE, (_, before: string, content_type: string, data: string) => {
      if (++count > MOST_IMAGES) return before;
      const cid = `${this.files.length + 1}@in-html.invalid`;
      this.files.push({
        filename: undefined,
        content_type: content_type.toLowerCase(),
        cid,
        attached: false,
        content: Buffer.from(data, 'base64'),
      });
      return `${before}cid:${cid}`;
    });
  }

  // What some programs still write into the text itself: files, and signatures around it.
  #withoutFiles(text: string): string {
    const files = uudecode(text);
    for (const { name, content } of files)
      this.files.push({
        filename: name,
        content_type: 'application/octet-stream',
        cid: undefined,
        attached: true,
        content,
      });
    const inner = armored(withoutFiles(text, files));
    if (inner.encrypted) this.notices.add(NOTICES.encrypted_text);
    return inner.text;
  }

  // Bytes that are no UTF-8 are taken for what the rest is written in.
  #header(part: Part, name: string): string {
    const field = part.fields.find((each) => each.name.trim().toLowerCase() === name);
    return field?.bytes ? decodeText(Buffer.from(field.value, 'latin1'), undefined, this.hint) : (field?.value ?? '');
  }

  #bytes(part: Part, isText: boolean, whole = !isText): Buffer {
    const encoding = first(part, 'content-transfer-encoding').trim().toLowerCase().split(/[\s;]/, 1)[0] ?? '';
    const bytes = this.raw.subarray(part.from, part.to);
    const cut = !whole && bytes.length > MOST_BYTES && !bytes.includes('\nbegin ');
    return decodeTransfer(cut ? bytes.subarray(0, MOST_BYTES) : bytes, encoding, isText);
  }
}

const first = (part: Part, name: string) => valuesOf(part.fields, name)[0] ?? '';

// A multipart without parts has lost its boundary: what it holds is shown as it is, so that nothing is lost.
function typeOf({ type: { value }, parent }: Part): string {
  if (value === '') return parent?.type.value === 'multipart/digest' ? 'message/rfc822' : 'text/plain';
  if (value.startsWith('multipart/')) return 'text/plain';
  return value.slice(0, 200);
}

// Some programs give names to bodies, too.
const isBody = ({ parent }: Part) => parent?.type.value === 'multipart/alternative';

function inOrder(pieces: readonly Piece[]): Piece {
  const shown = pieces.filter((piece) => piece.text !== null || piece.html !== null);
  const texts = shown.flatMap(({ text }) => (text === null ? [] : [text]));
  const text = texts.length > 0 ? texts.join('\n') : null;
  if (!shown.some(({ html }) => html !== null)) return { text, html: null };
  return { text, html: shown.map(({ html, text }) => html ?? textToHtml(text ?? '')).join('<br>\n') };
}

function metaCharset(bytes: Buffer): string | undefined {
  return /<meta[^<>]{0,200}charset\s*=\s*["']?([\w.:-]{2,40})/i.exec(bytes.toString('latin1', 0, 2048))?.[1];
}
