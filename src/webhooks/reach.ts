import { lookup as systemLookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { Invalid } from '../errors.js';
import { isLoopback, isPublicAddress } from '../input/internet/public_address.js';

/** Where webhooks may be sent to. */
export interface Reach {
  /** Nothing is sent unencrypted. */
  https_only: boolean;
  /** Receivers on this machine: for tests and development. */
  loopback: boolean;
  /** Resolves names as `dns.lookup` does with `all`. */
  lookup?: typeof systemLookup;
}

/** A connection was refused because of where it would have led. */
export class NotPublic extends Error {}

const isAllowed = ({ loopback }: Reach, ip: string): boolean => isPublicAddress(ip) || (loopback && isLoopback(ip));

const hostOf = ({ hostname }: URL) => hostname.replace(/^\[(.*)\]$/, '$1');

/** What is wrong with an address, as a sentence; null: nothing that is seen from outside. Names are not resolved. */
function faultOf(reach: Reach, typed: string): string | null {
  if (!URL.canParse(typed)) return 'Enter an address like https://example.com/hooks.';
  const url = new URL(typed);
  if (url.protocol !== 'https:' && (reach.https_only || url.protocol !== 'http:'))
    return 'Enter an address that begins with https://.';
  if (url.username || url.password) return 'Leave out name and password: our signature proves who sends.';
  const port = Number(url.port || 443);
  if (port < 1024 && port !== 443) return 'Use port 443, or one from 1024 on.';
  const host = hostOf(url);
  if (isIP(host) && !isAllowed(reach, host)) return 'This address is inside a network. Enter one that is public.';
  return null;
}

/** The address in the form in which it is kept. @throws Invalid */
export function webhookUrl(reach: Reach, typed: string): string {
  const fault = faultOf(reach, typed);
  if (fault) throw new Invalid({ url: fault });
  const url = new URL(typed);
  url.hash = '';
  return url.href;
}

/** @throws NotPublic if the address itself says that it leads inside */
export function requireAllowed(reach: Reach, url: URL): void {
  if (faultOf(reach, url.href)) throw new NotPublic();
}

/**
 * Resolves a name for the very connection that is opened then, so that what it leads to can't have changed since it
 * was checked. One address inside is enough to refuse all.
 */
export const guardedLookup =
  (reach: Reach): LookupFunction =>
  (hostname, options, answer) => {
    const { lookup = systemLookup } = reach;
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error) return answer(error, []);
      if (!found.length || found.some(({ address }) => !isAllowed(reach, address))) return answer(new NotPublic(), []);
      const [first] = found;
      return options.all ? answer(null, found) : answer(null, first?.address ?? '', first?.family);
    });
  };
