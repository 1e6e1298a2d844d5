/** For good and about the address; for now, or about this one message; or nothing against either. */
export type Severity = 'hard' | 'soft';

// About the address: who it is (1.x), disabled (2.1), a host that is not there (4.x). A sender's address (1.7, 1.8)
// is ours, not theirs.
const HARD = /^5\.(0\.0|1\.(?![78]$)\d+|2\.1|4\.\d+)$/;

/**
 * Whether a failure speaks against the address itself, by its enhanced code (RFC 3463; those added by RFC 5248, RFC
 * 7505 are of the same classes). Full, too large, disliked (5.2.2, 5.3.x, 5.6.x, 5.7.x) may be otherwise tomorrow.
 * Without a code a final "no" is believed.
 */
export const severityOf = (status: string | null): Severity => (status === null || HARD.test(status) ? 'hard' : 'soft');

// What a reply without an enhanced code most probably means (RFC 5321 §4.2.3).
const PLAIN: Record<string, string> = {
  550: '5.1.1',
  551: '5.1.6',
  552: '5.2.2',
  553: '5.1.3',
  554: '5.7.0',
  556: '5.1.10',
  521: '5.3.2',
};

/** The enhanced code in what a server answered, or the one that its three digits stand for; null if it says neither. */
export function statusIn(answer: string): string | null {
  const enhanced = /(?:^|[-\s#(])([245]\.\d{1,3}\.\d{1,3})(?=$|[\s),:;-])/.exec(answer)?.[1];
  if (enhanced) return enhanced;
  const [plain = ''] = /\b[245]\d\d\b/.exec(answer) ?? [];
  return PLAIN[plain] ?? (plain ? `${plain[0]}.0.0` : null);
}
