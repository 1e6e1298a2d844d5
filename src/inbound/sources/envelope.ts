import { addressesIn, type HeaderField, headerFields, valuesOf } from '../reading/headers.js';
import { type MailIntake, ownRecipients } from './recipients.js';

/** Where the last server on the way notes whom the message was for: the surest first. Then to whom its sender wrote. */
const PLACES = [
  ['delivered-to'],
  ['x-original-to'],
  ['envelope-to'],
  ['x-envelope-to'],
  ['to', 'cc', 'resent-to', 'resent-cc'],
];

/** The start of a message, in which its header is. */
const HEADER_BYTES = 262_144;

export const headerOf = (raw: Buffer): HeaderField[] => headerFields(raw.subarray(0, HEADER_BYTES));

/** The recipients of ours that a message's own header names, for one that came without its envelope. */
export async function recipientsIn(header: readonly HeaderField[], door: MailIntake): Promise<string[]> {
  for (const names of PLACES) {
    const named = names.flatMap((name) => valuesOf(header, name)).flatMap(addressesIn);
    const ours = await ownRecipients(named.slice(0, 200), door);
    if (ours.length > 0) return ours;
  }
  return [];
}

/**
 * The envelope's sender: where the last server noted it (RFC 5321 §4.4), '' for the null path; or else From, which is
 * the best guess.
 */
export function senderIn(header: readonly HeaderField[]): string {
  const [noted] = valuesOf(header, 'return-path');
  const [sender = ''] = noted === undefined ? valuesOf(header, 'from').flatMap(addressesIn) : addressesIn(noted);
  return sender.replace(/\p{Cc}/gu, '');
}

/** RFC 5321 §6.3 asks for at least 100 before a message is taken to go round in circles. */
const HOPS = 100;

export const isLooped = (header: readonly HeaderField[]): boolean => valuesOf(header, 'received').length > HOPS;

/**
 * With CRLF at the end of each line, as on the wire: what came by a pipe or in JSON often has the line ends of a
 * file.
 */
export function withCrlf(raw: Buffer): Buffer {
  if (raw.includes('\r\n')) return raw;
  return Buffer.from(raw.toString('latin1').replaceAll('\n', '\r\n'), 'latin1');
}
