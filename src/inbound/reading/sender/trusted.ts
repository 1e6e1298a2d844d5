import type { AuthenticateResult } from 'mailauth';
import { type HeaderField, valuesOf } from '../headers.js';

/** Whose word is taken besides our own checks; nobody's unless configured. */
export interface Trust {
  /**
   * The name under which the server that takes mail in for us writes Authentication-Results; it must strip those that
   * come from outside.
   */
  readonly authserv_id: string | null;
  /** Domains of forwarders and lists whose ARC seal is believed. */
  readonly sealers: readonly string[];
}

export const NOBODY: Trust = { authserv_id: null, sealers: [] };

/**
 * What the configured server found (RFC 8601): the topmost of its headers alone, since whatever stands below may have
 * come with the message. Returns its words if they prove `domain` (dmarc=pass for it, or an aligned dkim or spf
 * pass), else null.
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

// Comments are free text of whoever wrote the message as much as of the server.
const withoutComments = (value: string) => value.slice(0, 10_000).replace(/\([^()]*\)/g, ' ');

/** The domain that a finding is about: "header.from=example.com", "smtp.mailfrom=ann@example.com". */
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
 * What a trusted forwarder had found before it changed the message (RFC 8617 section 9): its words if its seal holds
 * and it saw dmarc=pass for `domain`.
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
