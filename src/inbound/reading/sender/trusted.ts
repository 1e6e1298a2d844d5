import type { AuthenticateResult } from 'mailauth';
import { type HeaderField, valuesOf } from '../headers.js';

/** Servers whose results count besides our own checks; none unless configured. */
export interface Trust {
  /** Our receiving server's name in Authentication-Results; it must remove headers with its name from incoming mail. */
  readonly authserv_id: string | null;
  /** Domains of forwarders and mailing lists whose ARC seals are trusted. */
  readonly sealers: readonly string[];
}

/** The default: no server is trusted. */
export const NOBODY: Trust = { authserv_id: null, sealers: [] };

/**
 * Returns the configured server's result (RFC 8601) if it proves `domain` (dmarc=pass, or an aligned dkim or spf pass),
 * else null. Only its topmost header counts: those below may have been forged by the sender.
 */
export function serverFound(fields: readonly HeaderField[], domain: string, { authserv_id }: Trust): string | null {
  if (!authserv_id) return null;
  const own = valuesOf(fields, 'authentication-results')
    .map(withoutComments)
    .find((value) => serverOf(value) === authserv_id);
  const findings =
    own
      ?.split(';')
      .slice(1)
      .map((finding) => finding.trim().toLowerCase()) ?? [];
  const proof = findings.find(
    (finding) =>
      (/^dmarc=pass\b/.test(finding) && property(finding, 'header.from') === domain) ||
      (/^dkim=pass\b/.test(finding) && (property(finding, 'header.d') ?? property(finding, 'header.i')) === domain) ||
      (/^spf=pass\b/.test(finding) && property(finding, 'smtp.mailfrom') === domain),
  );
  return proof ? `${authserv_id} found ${proof}` : null;
}

const serverOf = (value: string) => value.split(';', 1)[0]?.trim().split(/\s/, 1)[0]?.toLowerCase();

// Comments may contain text chosen by the sender.
const withoutComments = (value: string) => value.slice(0, 10_000).replace(/\([^()]*\)/g, ' ');

/** The domain in a result's property: "header.from=example.com", "smtp.mailfrom=ann@example.com". */
function property(finding: string, name: string): string | null {
  const found = finding.split(/\s+/).find((part) => part.startsWith(`${name}=`));
  return (
    found
      ?.slice(name.length + 1)
      .replace(/^"|"$/g, '')
      .split('@')
      .at(-1) ?? null
  );
}

/**
 * Returns a trusted forwarder's result from before it changed the message (RFC 8617 section 9), if its ARC seal is
 * valid and it recorded dmarc=pass for `domain`; else null.
 */
export function sealerFound({ arc }: AuthenticateResult, domain: string, { sealers }: Trust): string | null {
  if (arc === false || arc?.status.result !== 'pass') return null;
  const sealer = arc.signature === false ? undefined : arc.signature?.signingDomain?.toLowerCase();
  if (!sealer || !sealers.includes(sealer)) return null;
  const { dmarc }: { dmarc?: { result?: string; header?: { from?: string } } } = arc.authenticationResults ?? {};
  return dmarc?.result === 'pass' && dmarc.header?.from?.toLowerCase() === domain
    ? `${sealer} saw dmarc=pass before it passed it on`
    : null;
}
