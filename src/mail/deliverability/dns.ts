import type { MxRecord } from 'node:dns';
import { Resolver } from 'node:dns/promises';

/** Looks up DNS records, as `dns.promises.resolve` does; throws errors with a `code`. */
export type Lookup = (name: string, type: string) => Promise<string[] | string[][] | MxRecord[]>;

/** DNS of the system, with short timeouts: somebody waits for the page. */
export function systemLookup(): Lookup {
  const resolver = new Resolver({ timeout: 2000, tries: 2 });
  return async (name, type) => {
    if (type === 'TXT') return resolver.resolveTxt(name);
    if (type === 'MX') return resolver.resolveMx(name);
    if (type === 'PTR') return resolver.reverse(name);
    return type === 'AAAA' ? resolver.resolve6(name) : resolver.resolve4(name);
  };
}

const ABSENT = new Set(['ENOTFOUND', 'ENODATA', 'EBADNAME']);

/** Whether DNS said that there is nothing, rather than nothing at all. */
const isAbsent = (error: unknown) => error instanceof Error && 'code' in error && ABSENT.has(String(error.code));

async function found(lookup: Lookup, name: string, type: string): Promise<unknown[]> {
  try {
    return await lookup(name, type);
  } catch (error) {
    if (isAbsent(error)) return [];
    throw error;
  }
}

/**
 * The TXT records of a name, each put together from its parts; [] if there are none. @throws what DNS throws if it
 * doesn't answer.
 */
export const textsAt = async (lookup: Lookup, name: string): Promise<string[]> =>
  (await found(lookup, name, 'TXT')).map((parts) => (Array.isArray(parts) ? parts.join('') : String(parts)));

/** The addresses of a host (`A`, `AAAA`), or the names of an address (`PTR`). */
export const namesAt = async (lookup: Lookup, name: string, type: 'A' | 'AAAA' | 'PTR'): Promise<string[]> =>
  (await found(lookup, name, type)).map(String);

/** The hosts that take mail for a domain, the first to try first. A null MX (RFC 7505) is none. */
export async function exchangersOf(lookup: Lookup, domain: string): Promise<string[]> {
  const records = (await found(lookup, domain, 'MX')).filter(
    (record): record is MxRecord => typeof record === 'object' && record !== null && 'exchange' in record,
  );
  return records
    .toSorted((a, b) => a.priority - b.priority)
    .map(({ exchange }) => exchange)
    .filter((host) => host !== '' && host !== '.');
}
