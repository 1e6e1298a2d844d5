import type { Headers, MimeNode } from '@zone-eu/mailsplit';
import { escapeHtml } from '../../reply/html/tags.js';
import { isUuencode, uudecode } from '../formats/uuencode.js';
import { actualCharset, decodeText, WIDE } from '../repairs/charset_label.js';
import { isFalseBase64 } from '../repairs/false_base64.js';
import { unflow } from '../repairs/flowed_quotes.js';
import { withoutSpaceRuns } from '../repairs/space_runs.js';

/** A part without parts, repaired, as it is written for mailparser. */
export interface WrittenPart {
  readonly header: Buffer;
  readonly body: Buffer;
}

const TEXTS = new Set(['text/plain', 'text/html', 'text/markdown', 'text']);
// Of a text that is longer only the beginning is shown: the rest needs no decoding, unless files stand in it.
const MOST_BYTES = 6_000_000;
const MARK = Buffer.from('efbbbf', 'hex');

/** Whether a part is text of the body. Some programs give names to bodies, too. */
export function isBodyText(node: MimeNode, isFirst: boolean): boolean {
  const isAlternative = node.parentNode && node.parentNode.contentType === 'multipart/alternative';
  const named = Boolean(node.filename) && !isFirst && !isAlternative;
  return TEXTS.has(typeOf(node)) && node.disposition !== 'attachment' && !named;
}

/**
 * A text of the body, labelled as what it is. Beside HTML it is needed as HTML, too, which mailparser's option
 * skipTextToHtml leaves out. `hint`: see actualCharset.
 */
export async function writtenText(node: MimeNode, body: Buffer, hint: string | undefined): Promise<WrittenPart[]> {
  const isHtml = typeOf(node) === 'text/html';
  const bytes = await decoded(node, isHtml || body.includes('\nbegin ') ? body : body.subarray(0, MOST_BYTES));
  const charset = actualCharset(bytes, node.charset || (isHtml ? metaCharset(bytes) : undefined), hint);
  // In UTF-16 no lines are found; of Japanese mailparser's decoder swallows the letters beside a broken byte.
  const wide = WIDE.test(charset);
  const marked = wide ? Buffer.from(decodeText(bytes, charset)) : bytes;
  const text = marked.subarray(0, 3).equals(MARK) ? marked.subarray(3) : marked;
  const written = (type: string, content: Buffer | string): WrittenPart => ({
    header: Buffer.from(`Content-Type: text/${type}; charset=${wide ? 'utf-8' : charset}\r\n\r\n`),
    body: typeof content === 'string' ? Buffer.from(content, 'latin1') : content,
  });
  if (isHtml) return [written('html', text)];
  const plain = node.flowed ? unflow(text.toString('latin1'), node.delSp) : text.toString('latin1');
  return [written('plain', plain), ...(isAlone(node) ? [written('html', textToHtml(plain))] : [])];
}

// Neither the whole message nor one of several ways to say the same.
const isAlone = ({ parentNode }: MimeNode) => parentNode && parentNode.contentType !== 'multipart/alternative';

const textToHtml = (text: string) => `<p>${escapeHtml(text).replace(/\r?\n/g, '<br>')}</p>`;

/** A file, under a disposition for which mailparser never takes a text for part of the body. */
export function writtenFile(node: MimeNode, travelled: Buffer): WrittenPart {
  const { encoding, body } = transfer(node, travelled, false);
  if (!node.headers) return { header: node.getHeaders(), body };
  const disposition = node.headers.getFirst('content-disposition');
  if (node.disposition !== 'attachment')
    set(node.headers, 'content-disposition', disposition.replace(/^[^;]*/, 'file'));
  set(node.headers, 'content-transfer-encoding', encoding);
  return { header: node.getHeaders(), body };
}

// mailsplit's own way to set a header folds it, which makes one space of two.
function set(headers: Headers, name: string, value: string): void {
  headers.remove(name);
  headers.addFormatted(name, Buffer.from(`${name}: ${value}`));
}

// What a multipart without parts holds is shown as it is, so that nothing is lost (sample "a boundary that is missing").
function typeOf({ contentType }: MimeNode): string {
  return !contentType || contentType.startsWith('multipart/') ? 'text/plain' : contentType;
}

// In an encoding that mailsplit and mailparser can undo.
function transfer({ encoding }: MimeNode, body: Buffer, isText: boolean): { encoding: string; body: Buffer } {
  if (encoding === 'quoted-printable') return { encoding, body: withoutSpaceRuns(body) };
  if (encoding === 'base64' && !(isText && isFalseBase64(body))) return { encoding, body };
  const file = isUuencode(encoding || '') ? uudecode(body.toString('latin1'))[0] : undefined;
  return { encoding: 'binary', body: file?.content ?? body };
}

async function decoded(node: MimeNode, travelled: Buffer): Promise<Buffer> {
  const { encoding, body } = transfer(node, travelled, true);
  node.encoding = encoding;
  const decoder = node.getDecoder();
  decoder.end(body);
  return Buffer.concat(await decoder.toArray());
}

const metaCharset = (bytes: Buffer) =>
  /<meta[^<>]{0,200}charset\s*=\s*["']?([\w.:-]{2,40})/i.exec(bytes.toString('latin1', 0, 2048))?.[1];
