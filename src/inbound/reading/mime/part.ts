import type { MimeNode } from '@zone-eu/mailsplit';
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

/** A text of the body, labelled as what it is. `hint`: see actualCharset. */
export async function writtenText(node: MimeNode, body: Buffer, hint: string | undefined): Promise<WrittenPart> {
  const html = typeOf(node) === 'text/html';
  const bytes = await decoded(node, html || body.includes('\nbegin ') ? body : body.subarray(0, MOST_BYTES));
  const charset = actualCharset(bytes, node.charset || (html ? metaCharset(bytes) : undefined), hint);
  // In UTF-16 no lines are found; of Japanese mailparser's decoder swallows the letters beside a broken byte.
  const wide = WIDE.test(charset);
  const marked = wide ? Buffer.from(decodeText(bytes, charset)) : bytes;
  const text = marked.subarray(0, 3).equals(MARK) ? marked.subarray(3) : marked;
  return {
    header: Buffer.from(
      `Content-Type: ${html ? 'text/html' : 'text/plain'}; charset=${wide ? 'utf-8' : charset}\r\n\r\n`,
    ),
    body: node.flowed ? Buffer.from(unflow(text.toString('latin1'), node.delSp), 'latin1') : text,
  };
}

/** A file, under a disposition for which mailparser never takes a text for part of the body. */
export function writtenFile(node: MimeNode, travelled: Buffer): WrittenPart {
  const { encoding, body } = transfer(node, travelled, false);
  if (node.headers) {
    const disposition = node.headers.getFirst('content-disposition');
    if (node.disposition !== 'attachment')
      node.headers.update('content-disposition', disposition.replace(/^[^;]*/, 'file'));
    node.headers.update('content-transfer-encoding', encoding);
  }
  return { header: node.getHeaders(), body };
}

// What a multipart without parts holds is shown as it is, so that nothing is lost (sample "a boundary that is missing").
function typeOf({ contentType }: MimeNode): string {
  const type = (contentType || '').replace(/[\s(].*$/s, '');
  return type === '' || type.startsWith('multipart/') ? 'text/plain' : type;
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
