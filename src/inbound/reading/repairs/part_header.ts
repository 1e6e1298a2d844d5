import type { MimeNode } from '@zone-eu/mailsplit';
import { fieldsIn, headerText } from '../headers.js';
import type { HeaderField } from '../headers.js';
import type { Limits } from '../limits.js';
import { partHeader } from '../mime/header_limits.js';
import { labelWords } from './encoded_word_label.js';
import { repairParameters } from './parameters.js';

// Longer values are never legitimate, and parsing takes time for every parameter.
const MAX_VALUE = 16_000;
const COPIED = ['content-transfer-encoding', 'content-disposition', 'content-id'];

/**
 * Makes mailsplit parse a part's header again, repaired and reduced to the first of each field needed to decode the
 * part. Returns the body text that follows a header without a blank line (sample "a part without the blank line").
 * `hint`: see headerText. @throws MailRefused if the header exceeds the limits.
 */
export function repairHeader(node: MimeNode, limits: Limits, hint: string | undefined): Buffer {
  const bytes = node.getHeaders();
  const section = node.root ? bytes : partHeader(bytes, limits);
  const fields = fieldsIn(section);
  const value = (name: string) => repairParameters(labelWords(headerText(fields, name, hint).slice(0, MAX_VALUE)));
  // Drops a comment after the type.
  const type = (value('content-type') || usualType(node, fields)).replace(/^\s*([^;\s(]*)[^;]*/, '$1');
  // Only a multipart may have a boundary, but mailsplit and mailparser also use one given for a text part.
  const lines = [`content-type: ${/^multipart\//i.test(type) ? type : type.replace(/boundary/gi, 'none')}`];
  for (const name of COPIED) if (value(name) !== '') lines.push(`${name}: ${value(name)}`);
  Object.assign(node, { headers: false, _headersLines: [], _headerlen: 0 });
  // A replacement character would make mailsplit read the whole header as Latin 1.
  const cleaned = lines.map((line) => line.replace(/[\r\n\ufffd]/g, ' '));
  node.addHeaderChunk(Buffer.from(`${cleaned.join('\r\n')}\r\n\r\n`));
  node.parseHeaders();
  const rest = bytes.subarray(section.length);
  return rest[0] === 10 || rest[0] === 13 ? rest.subarray(rest.length) : rest;
}

// The type of a part that declares none; mailsplit guesses it from the filename.
function usualType({ parentNode, contentType }: MimeNode, fields: readonly HeaderField[]): string {
  if (parentNode && parentNode.contentType === 'multipart/digest') return 'message/rfc822';
  return (fields.length > 0 && contentType) || 'text/plain';
}
