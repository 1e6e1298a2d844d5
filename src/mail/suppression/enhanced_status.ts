/** A hard bounce is permanent and about the address; a soft one is temporary, or about this one message. */
export type Severity = 'hard' | 'soft';

// About the address: unknown (1.x), disabled (2.1), host not found (4.x). 1.7 and 1.8 are about the sender's address.
const HARD = /^5\.(0\.0|1\.(?![78]$)\d+|2\.1|4\.\d+)$/;

/**
 * How severe a failure is by its enhanced code (RFC 3463; RFC 5248 and RFC 7505 add codes of the same classes). Mailbox
 * full, too large or policy (5.2.2, 5.3.x, 5.6.x, 5.7.x) may pass. A failure without a code counts as hard.
 */
export const severityOf = (status: string | null): Severity => (status === null || HARD.test(status) ? 'hard' : 'soft');

// The most likely meaning of a reply without an enhanced code (RFC 5321 §4.2.3).
const BY_REPLY_CODE: Record<string, string> = {
  550: '5.1.1',
  551: '5.1.6',
  552: '5.2.2',
  553: '5.1.3',
  554: '5.7.0',
  556: '5.1.10',
  521: '5.3.2',
};

/** The enhanced code in a server's response, or the one its three-digit code implies; null if it has neither. */
export function statusIn(response: string): string | null {
  const enhanced = /(?:^|[-\s#(])([245]\.\d{1,3}\.\d{1,3})(?=$|[\s),:;-])/.exec(response)?.[1];
  if (enhanced) return enhanced;
  const [code = ''] = /\b[245]\d\d\b/.exec(response) ?? [];
  return BY_REPLY_CODE[code] ?? (code ? `${code[0]}.0.0` : null);
}
