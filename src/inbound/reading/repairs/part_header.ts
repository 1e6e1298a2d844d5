import type { MimeNode } from '@zone-eu/mailsplit';
import { fieldsIn, textIn } from '../headers.js';
import type { HeaderField } from '../headers.js';
import type { Limits } from '../limits.js';
import { partHeader } from '../mime/header_limits.js';
import { labelWords } from './encoded_word_label.js';
import { repairParameters } from './parameters.js';

// No honest header of a part is longer, and each of its parameters costs.
const LONGEST = 16_000;
const OTHERS = ['content-transfer-encoding', 'content-disposition', 'content-id'];

/**
 * Has mailsplit read a part's header again, repaired, and with nothing in it but what says how to read the part: the
 * first of each. Returns what stands below a header without a blank line (sample "a part without the blank line").
 * Throws MailRefused when it breaks the limits. `hint`: see textIn.
 */
export function repairHeader(node: MimeNode, limits: Limits, hint: string | undefined): Buffer {
  const bytes = node.getHeaders();
  const section = node.root ? bytes : partHeader(bytes, limits);
  const fields = fieldsIn(section);
  const value = (name: string) => repairParameters(labelWords(textIn(fields, name, hint).slice(0, LONGEST)));
  // A comment behind the type is no part of it.
  const type = (value('content-type') || usualType(node, fields)).replace(/^\s*([^;\s(]*)[^;]*/, '$1');
  // Only a multipart has a boundary; mailsplit and mailparser take that of a text for one, too.
  const lines = [`content-type: ${/^multipart\//i.test(type) ? type : type.replace(/boundary/gi, 'none')}`];
  for (const name of OTHERS) if (value(name) !== '') lines.push(`${name}: ${value(name)}`);
  Object.assign(node, { headers: false, _headersLines: [], _headerlen: 0 });
  // Where one character could not be read mailsplit takes all of a header for Latin 1.
  const cleaned = lines.map((line) => line.replace(/[\r\n\ufffd]/g, ' '));
  node.addHeaderChunk(Buffer.from(`${cleaned.join('\r\n')}\r\n\r\n`));
  node.parseHeaders();
  const rest = bytes.subarray(section.length);
  return rest[0] === 10 || rest[0] === 13 ? rest.subarray(rest.length) : rest;
}

// Where none is given; mailsplit guesses by the name.
function usualType({ parentNode, contentType }: MimeNode, fields: readonly HeaderField[]): string {
  if (parentNode && parentNode.contentType === 'multipart/digest') return 'message/rfc822';
  return (fields.length > 0 && contentType) || 'text/plain';
}
