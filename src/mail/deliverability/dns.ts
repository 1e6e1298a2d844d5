import type { MxRecord } from 'node:dns';
import { Resolver } from 'node:dns/promises';

/** Looks up DNS records like `dns.promises.resolve`. @throws errors with a `code` */
export type Lookup = (name: string, type: string) => Promise<string[] | string[][] | MxRecord[]>;

/** The system's DNS with short timeouts, since a page waits for the answer. */
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

/** Whether DNS answered that there is no such record, as opposed to not answering. */
const isAbsent = (error: unknown) => error instanceof Error && 'code' in error && ABSENT.has(String(error.code));

async function recordsAt(lookup: Lookup, name: string, type: string): Promise<unknown[]> {
  try {
    return await lookup(name, type);
  } catch (error) {
    if (isAbsent(error)) return [];
    throw error;
  }
}

/** The TXT records of a name, each joined from its strings; [] if there are none. @throws if DNS doesn't answer */
export const textsAt = async (lookup: Lookup, name: string): Promise<string[]> =>
  (await recordsAt(lookup, name, 'TXT')).map((parts) => (Array.isArray(parts) ? parts.join('') : String(parts)));

/** The addresses of a host (`A`, `AAAA`), or the names of an address (`PTR`). */
export const namesAt = async (lookup: Lookup, name: string, type: 'A' | 'AAAA' | 'PTR'): Promise<string[]> =>
  (await recordsAt(lookup, name, type)).map(String);

/** The mail exchangers of a domain by preference. A null MX (RFC 7505) counts as none. */
export async function exchangersOf(lookup: Lookup, domain: string): Promise<string[]> {
  const records = (await recordsAt(lookup, domain, 'MX')).filter(
    (record): record is MxRecord => typeof record === 'object' && record !== null && 'exchange' in record,
  );
  return records
    .toSorted((a, b) => a.priority - b.priority)
    .map(({ exchange }) => exchange)
    .filter((host) => host !== '' && host !== '.');
}
