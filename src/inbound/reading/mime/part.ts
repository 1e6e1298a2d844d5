import type { Headers, MimeNode } from '@zone-eu/mailsplit';
import { escapeHtml } from '../../reply/html/tags.js';
import { isUuencode, uudecode } from '../formats/uuencode.js';
import { actualCharset, decodeText, WIDE } from '../repairs/charset_label.js';
import { isFalseBase64 } from '../repairs/false_base64.js';
import { unflow } from '../repairs/flowed_quotes.js';
import { withoutSpaceRuns } from '../repairs/space_runs.js';

/** A repaired leaf part, ready for mailparser. */
export interface WrittenPart {
  readonly header: Buffer;
  readonly body: Buffer;
}

const TEXTS = new Set(['text/plain', 'text/html', 'text/markdown', 'text']);
// Only the beginning of a longer text is shown, so the rest is not decoded unless it contains files.
const MAX_BYTES = 6_000_000;
const BOM = Buffer.from('efbbbf', 'hex');

/** Whether a part is body text. Some programs give body parts a filename too. */
export function isBodyText(node: MimeNode, isFirst: boolean): boolean {
  const isAlternative = node.parentNode && node.parentNode.contentType === 'multipart/alternative';
  const named = Boolean(node.filename) && !isFirst && !isAlternative;
  return TEXTS.has(typeOf(node)) && node.disposition !== 'attachment' && !named;
}

/**
 * Returns a body text labeled with its actual charset. A plain text next to HTML parts is also returned as HTML, since
 * mailparser's option skipTextToHtml would drop it. `hint`: see actualCharset.
 */
export async function writtenText(node: MimeNode, body: Buffer, hint: string | undefined): Promise<WrittenPart[]> {
  const isHtml = typeOf(node) === 'text/html';
  const bytes = await decoded(node, isHtml || body.includes('\nbegin ') ? body : body.subarray(0, MAX_BYTES));
  const charset = actualCharset(bytes, node.charset || (isHtml ? metaCharset(bytes) : undefined), hint);
  // mailparser finds no lines in UTF-16, and in Japanese it loses the letters next to a broken byte.
  const wide = WIDE.test(charset);
  const unicode = wide ? Buffer.from(decodeText(bytes, charset)) : bytes;
  const text = unicode.subarray(0, 3).equals(BOM) ? unicode.subarray(3) : unicode;
  const written = (type: string, content: Buffer | string): WrittenPart => ({
    header: Buffer.from(`Content-Type: text/${type}; charset=${wide ? 'utf-8' : charset}\r\n\r\n`),
    body: typeof content === 'string' ? Buffer.from(content, 'latin1') : content,
  });
  if (isHtml) return [written('html', text)];
  const plain = node.flowed ? unflow(text.toString('latin1'), node.delSp) : text.toString('latin1');
  return [written('plain', plain), ...(isAlone(node) ? [written('html', textToHtml(plain))] : [])];
}

// Neither the only part nor one of several alternatives.
const isAlone = ({ parentNode }: MimeNode) => parentNode && parentNode.contentType !== 'multipart/alternative';

const textToHtml = (text: string) => `<p>${escapeHtml(text).replace(/\r?\n/g, '<br>')}</p>`;

/** Returns a file with a disposition that keeps mailparser from treating a text file as body text. */
export function writtenFile(node: MimeNode, encoded: Buffer): WrittenPart {
  const { encoding, body } = transfer(node, encoded, false);
  if (!node.headers) return { header: node.getHeaders(), body };
  const disposition = node.headers.getFirst('content-disposition');
  if (node.disposition !== 'attachment')
    set(node.headers, 'content-disposition', disposition.replace(/^[^;]*/, 'file'));
  set(node.headers, 'content-transfer-encoding', encoding);
  return { header: node.getHeaders(), body };
}

// mailsplit's own setter folds the header, which turns two spaces into one.
function set(headers: Headers, name: string, value: string): void {
  headers.remove(name);
  headers.addFormatted(name, Buffer.from(`${name}: ${value}`));
}

// A multipart without parts is shown as text, so that nothing is lost (sample "a boundary that is missing").
function typeOf({ contentType }: MimeNode): string {
  return !contentType || contentType.startsWith('multipart/') ? 'text/plain' : contentType;
}

// Converts the body to a transfer encoding that mailsplit and mailparser support.
function transfer({ encoding }: MimeNode, body: Buffer, isText: boolean): { encoding: string; body: Buffer } {
  if (encoding === 'quoted-printable') return { encoding, body: withoutSpaceRuns(body) };
  if (encoding === 'base64' && !(isText && isFalseBase64(body))) return { encoding, body };
  const file = isUuencode(encoding || '') ? uudecode(body.toString('latin1'))[0] : undefined;
  return { encoding: 'binary', body: file?.content ?? body };
}

async function decoded(node: MimeNode, encoded: Buffer): Promise<Buffer> {
  const { encoding, body } = transfer(node, encoded, true);
  node.encoding = encoding;
  const decoder = node.getDecoder();
  decoder.end(body);
  return Buffer.concat(await decoder.toArray());
}

const metaCharset = (bytes: Buffer) =>
  /<meta[^<>]{0,200}charset\s*=\s*["']?([\w.:-]{2,40})/i.exec(bytes.toString('latin1', 0, 2048))?.[1];
