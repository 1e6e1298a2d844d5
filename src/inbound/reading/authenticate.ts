import type { MxRecord } from 'node:dns';
import { Resolver } from 'node:dns/promises';
import { authenticate } from 'mailauth';
import type { AuthenticateResult, DKIMResult, DNSResolver } from 'mailauth';
import { headerFields } from './headers.js';
import type { Authentication, ReadingContext, Zone } from './message.js';
import { NOBODY, sealerFound, serverFound } from './sender/trusted.js';

/** Looks up DNS records, as `dns.promises.resolve` does; throws errors with a `code`. */
export type Resolve = (name: string, type: string) => Promise<string[] | string[][] | MxRecord[]>;

// Fields missing from the library's types.
interface Signature extends DKIMResult {
  readonly signingHeaders?: { readonly keys?: string };
  readonly canonBodyLengthLimited?: boolean;
}

const DNS_TIMEOUT = 2000;
const TOTAL_TIMEOUT = 6000;
const OUR_NAME = 'parley';

/**
 * Checks with SPF (RFC 7208), DKIM (RFC 6376) and DMARC (RFC 7489) whether the domain of `from` sent the message;
 * results of configured servers (RFC 8601) and ARC sealers (RFC 8617) count too. Only a pass verifies: no result, a
 * neutral result or a signature over part of the body (l=) does not. Never throws.
 */
export async function authenticateMail(
  raw: Buffer,
  from: string | null,
  context: ReadingContext,
  resolve = resolverFor(context.dns),
): Promise<Authentication> {
  if (from === null) return unproven('From is malformed');
  const domain = from.slice(from.lastIndexOf('@') + 1);
  const finding = serverFound(headerFields(raw), domain, context.trust ?? NOBODY);
  if (finding) return { verified: true, temporary: false, forged: false, evidence: finding };
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<null>((done) => {
    timer = setTimeout(() => done(null), TOTAL_TIMEOUT);
  });
  const dns = trackFailures(resolve);
  try {
    const result = await Promise.race([ask(raw, context, dns.resolve), timeout]);
    return result === null
      ? { ...unproven('DNS did not answer in time'), temporary: true }
      : judge(result, domain, dns.failed(), context);
  } catch {
    return unproven('The checks failed on this message');
  } finally {
    clearTimeout(timer);
  }
}

const unproven = (evidence: string): Authentication => ({ verified: false, temporary: false, forged: false, evidence });

/** Uses the system's DNS with short timeouts, or a configured zone. */
function resolverFor(dns: 'system' | Zone): Resolve {
  if (dns !== 'system') return zoneResolver(dns);
  const resolver = new Resolver({ timeout: DNS_TIMEOUT, tries: 2 });
  return async (name, type) => {
    if (type === 'TXT') return await resolver.resolveTxt(name);
    if (type === 'A') return await resolver.resolve4(name);
    if (type === 'MX') return await resolver.resolveMx(name);
    if (type === 'AAAA') return await resolver.resolve6(name);
    return await resolver.resolvePtr(name);
  };
}

/** Returns a resolver for a zone's domains: SPF allows only their listed addresses, and DMARC says p=reject. */
export function zoneResolver(zone: Zone): Resolve {
  return (name, type) => {
    const domain = name.toLowerCase().replace(/^_dmarc\./, '');
    const entry = Object.hasOwn(zone, domain) ? zone[domain] : undefined;
    if (!entry || type !== 'TXT')
      return Promise.reject(
        Object.assign(new Error(`No ${type} record for ${name}`), { code: entry ? 'ENODATA' : 'ENOTFOUND' }),
      );
    const ips = entry.ips.map((ip) => (ip.includes(':') ? `ip6:${ip}` : `ip4:${ip}`)).join(' ');
    return Promise.resolve([[name.startsWith('_dmarc.') ? 'v=DMARC1; p=reject' : `v=spf1 ${ips} -all`]]);
  };
}

// Codes for "no such record". Any other error is a DNS failure and proves nothing about the sender.
const ABSENT = new Set(['ENOTFOUND', 'ENODATA', 'EBADNAME']);

function trackFailures(resolve: Resolve): { readonly resolve: Resolve; readonly failed: () => boolean } {
  let failed = false;
  const tracked: Resolve = async (name, type) => {
    try {
      return await resolve(name, type);
    } catch (error) {
      failed ||= !(
        error instanceof Error &&
        'code' in error &&
        typeof error.code === 'string' &&
        ABSENT.has(error.code)
      );
      throw error;
    }
  };
  return { resolve: tracked, failed: () => failed };
}

async function ask(raw: Buffer, context: ReadingContext, resolver: Resolve): Promise<AuthenticateResult> {
  return await authenticate(raw, {
    ...(context.remote_ip !== null && { ip: context.remote_ip }),
    helo: context.helo ?? 'unknown',
    sender: context.mail_from ?? '',
    mta: OUR_NAME,
    resolver: plain(resolver),
    disableArc: (context.trust ?? NOBODY).sealers.length === 0,
    disableBimi: true,
    minBitLength: 1024,
  });
}

// The library queries MX records, but its type omits them.
function plain(resolve: Resolve): DNSResolver {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
  return resolve as DNSResolver;
}

function judge(
  result: AuthenticateResult,
  domain: string,
  failed: boolean,
  { trust = NOBODY, remote_ip }: ReadingContext,
): Authentication {
  const dmarc = result.dmarc === false ? undefined : result.dmarc;
  const spf = result.spf === false ? undefined : result.spf;
  const signatures = result.dkim.results ?? [];
  const signed = signatures.some((each) => covers(each));
  const sent = spf?.status.result === 'pass' && (spf.domain === domain || Boolean(dmarc?.alignment?.spf?.result));
  const policy = dmarc?.status.result ?? 'none';
  const passed = (policy === 'pass' || policy === 'none') && result.dkim.headerFrom?.length === 1 && (signed || sent);
  const passed_on = passed ? null : sealerFound(result, domain, trust);
  const verified = passed || passed_on !== null;
  const findings = [spf?.status.result, ...signatures.map((each) => each.status.result), policy];
  const temporary = !verified && (failed || findings.includes('temperror'));
  // The domain's policy rejects such mail. Without the client's IP address SPF could not have passed, so don't judge.
  const forged =
    !verified &&
    !temporary &&
    remote_ip !== null &&
    policy === 'fail' &&
    ['reject', 'quarantine'].includes(dmarc?.policy ?? '');
  return { verified, temporary, forged, evidence: passed_on ?? evidence(result) };
}

// Requires an aligned signature over the coversBody body and the visible headers. Large providers sign either To or
// Content-Type, so one of them is enough.
function covers(signature: Signature): boolean {
  const keys = signature.signingHeaders?.keys?.toLowerCase().split(/\s*:\s*/) ?? [];
  const coversBody = !signature.status.underSized && signature.canonBodyLengthLimited !== true;
  const coversHeader =
    ['from', 'subject', 'date'].every((key) => keys.includes(key)) &&
    (keys.includes('to') || keys.includes('content-type'));
  return signature.status.result === 'pass' && Boolean(signature.status.aligned) && coversBody && coversHeader;
}

function evidence(result: AuthenticateResult): string {
  const infos = [
    result.dmarc === false ? undefined : result.dmarc?.info,
    ...(result.dkim.results ?? []).map((each) => each.info),
    result.spf === false ? undefined : result.spf?.info,
  ];
  const text = infos.filter((info) => info !== undefined).join('; ');
  return text
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .replace(/\p{Surrogate}/gu, '')
    .slice(0, 1000);
}
