import type { MxRecord } from 'node:dns';
import { Resolver } from 'node:dns/promises';
import { authenticate } from 'mailauth';
import type { AuthenticateResult, DKIMResult, DNSResolver } from 'mailauth';
import { headerFields } from './headers.js';
import type { Authentication, ReadingContext, Zone } from './message.js';
import { NOBODY, sealerFound, serverFound } from './sender/trusted.js';

/** Looks up DNS records, as `dns.promises.resolve` does; throws errors with a `code`. */
export type Resolve = (name: string, type: string) => Promise<string[] | string[][] | MxRecord[]>;

// What the library's types leave out.
interface Signature extends DKIMResult {
  readonly signingHeaders?: { readonly keys?: string };
  readonly canonBodyLengthLimited?: boolean;
}

const DNS_TIMEOUT = 2000;
const WHOLE_TIMEOUT = 6000;
const OUR_NAME = 'parley';

/**
 * Finds out by SPF (RFC 7208), DKIM (RFC 6376) and DMARC (RFC 7489) whether the domain of `from` sent the message, or
 * by the word of those whom the configuration trusts (RFC 8601, RFC 8617). Verified is only what passes; no result, a
 * neutral result or a signature over part of the body (l=) is not. Never throws.
 */
export async function authenticateMail(
  raw: Buffer,
  from: string | null,
  context: ReadingContext,
  resolve = resolverFor(context.dns),
): Promise<Authentication> {
  if (from === null) return unproven('From is malformed');
  const domain = from.slice(from.lastIndexOf('@') + 1);
  const word = serverFound(headerFields(raw), domain, context.trust ?? NOBODY);
  if (word) return { verified: true, temporary: false, forged: false, evidence: word };
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((done) => {
    timer = setTimeout(() => done(null), WHOLE_TIMEOUT);
  });
  const dns = watched(resolve);
  try {
    const result = await Promise.race([ask(raw, context, dns.resolve), late]);
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

/** DNS of the system with short timeouts, or a zone of ours. */
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

/** Answers for the domains of a zone: they send from their addresses alone, and ask that all else be rejected. */
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

// Answers that say that there is nothing; any other error is a failure of DNS, and says nothing of the sender.
const ABSENT = new Set(['ENOTFOUND', 'ENODATA', 'EBADNAME']);

function watched(resolve: Resolve): { readonly resolve: Resolve; readonly failed: () => boolean } {
  let failed = false;
  const watching: Resolve = async (name, type) => {
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
  return { resolve: watching, failed: () => failed };
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

// The library's type leaves out the records of MX, which it asks for nonetheless.
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
  // Its domain asks for such mail to be turned away. Without the sender's address SPF could not pass, so nothing is
  // known then.
  const forged =
    !verified &&
    !temporary &&
    remote_ip !== null &&
    policy === 'fail' &&
    ['reject', 'quarantine'].includes(dmarc?.policy ?? '');
  return { verified, temporary, forged, evidence: passed_on ?? evidence(result) };
}

// An aligned signature over the whole body and over what people see of the header. Of To and Content-Type the large
// providers sign one or the other.
function covers(signature: Signature): boolean {
  const keys = signature.signingHeaders?.keys?.toLowerCase().split(/\s*:\s*/) ?? [];
  const whole = !signature.status.underSized && signature.canonBodyLengthLimited !== true;
  const seen =
    ['from', 'subject', 'date'].every((key) => keys.includes(key)) &&
    (keys.includes('to') || keys.includes('content-type'));
  return signature.status.result === 'pass' && Boolean(signature.status.aligned) && whole && seen;
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
