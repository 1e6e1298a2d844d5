import { addressesIn, type HeaderField, headerFields, valuesOf } from '../reading/headers.js';
import { type MailIntake, ownRecipients } from './recipients.js';

/** Fields in which servers record the envelope's recipient, most reliable first; then the sender's own. */
const RECIPIENT_FIELDS = [
  ['delivered-to'],
  ['x-original-to'],
  ['envelope-to'],
  ['x-envelope-to'],
  ['to', 'cc', 'resent-to', 'resent-cc'],
];

/** The header must lie within the first bytes of a message. */
const HEADER_BYTES = 262_144;

export const headerOf = (raw: Buffer): HeaderField[] => headerFields(raw.subarray(0, HEADER_BYTES));

/** Those of our recipients that a message's header names, for one that arrived without its envelope. */
export async function recipientsIn(header: readonly HeaderField[], intake: MailIntake): Promise<string[]> {
  for (const names of RECIPIENT_FIELDS) {
    const addresses = names.flatMap((name) => valuesOf(header, name)).flatMap(addressesIn);
    const own = await ownRecipients(addresses.slice(0, 200), intake);
    if (own.length > 0) return own;
  }
  return [];
}

/** The envelope's sender: Return-Path (RFC 5321 §4.4), '' for the null path; without one, the best guess is From. */
export function senderIn(header: readonly HeaderField[]): string {
  const [return_path] = valuesOf(header, 'return-path');
  const [sender = ''] =
    return_path === undefined ? valuesOf(header, 'from').flatMap(addressesIn) : addressesIn(return_path);
  return sender.replace(/\p{Cc}/gu, '');
}

/** RFC 5321 §6.3: at least 100 before a message counts as looping. */
const MAX_HOPS = 100;

export const isLooped = (header: readonly HeaderField[]): boolean => valuesOf(header, 'received').length > MAX_HOPS;

/** With CRLF line ends as on the wire: messages from a pipe or in JSON often have LF. */
export function withCrlf(raw: Buffer): Buffer {
  if (raw.includes('\r\n')) return raw;
  return Buffer.from(raw.toString('latin1').replaceAll('\n', '\r\n'), 'latin1');
}
