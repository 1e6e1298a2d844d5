import { exchangersOf, type Lookup, namesAt, textsAt } from './dns.js';
import { type KeyRow, recordOf, isPublished } from './dkim_keys.js';

/** What DNS says about one thing that mail needs. `says`, in plain words, is what it means and what to do. */
export interface Finding {
  kind: 'mx' | 'spf' | 'dkim' | 'next_dkim' | 'dmarc' | 'ptr';
  state: 'found' | 'missing' | 'wrong' | 'unknown';
  /** The record: its name, its type, what stands there now, and what should. */
  name: string;
  type: 'MX' | 'TXT' | 'PTR';
  found: string[];
  publish: string;
  says: string;
}

/** Where mail comes from, and where it is taken in. */
export interface MailSetup {
  mail_domain: string;
  /** The host of the site, which takes mail in. */
  host: string;
  /** The host that mail is handed to; null if there is none. */
  smtp_host: string | null;
}

type Judged = Pick<Finding, 'state' | 'found' | 'says'>;
type Ask = () => Promise<Judged>;

const missing = (says: string): Judged => ({ state: 'missing', found: [], says });
const wrong = (found: string[], says: string): Judged => ({ state: 'wrong', found, says });
const well = (found: string[], says: string): Judged => ({ state: 'found', found, says });

/** All that DNS says about mail of this place: what is found, missing or wrong. */
export async function findingsOf(lookup: Lookup, place: MailSetup, keys: KeyRow[]): Promise<Finding[]> {
  const { mail_domain, host } = place;
  const asked: [Omit<Finding, keyof Judged>, Ask][] = [
    [{ kind: 'mx', type: 'MX', name: mail_domain, publish: `10 ${host}` }, () => mx(lookup, mail_domain)],
    [{ kind: 'spf', type: 'TXT', name: mail_domain, publish: spfFor(place) }, () => spf(lookup, mail_domain)],
    ...keys
      .filter(({ state }) => state !== 'old')
      .toSorted(currentFirst)
      .map((key) => dkimOf(lookup, mail_domain, key)),
    [
      { kind: 'dmarc', type: 'TXT', name: `_dmarc.${mail_domain}`, publish: 'v=DMARC1; p=quarantine' },
      () => dmarc(lookup, mail_domain),
    ],
    ...(await ptrOf(lookup, place)),
  ];
  return Promise.all(asked.map(async ([record, ask]) => ({ ...record, ...(await ask().catch(() => SILENT)) })));
}

const currentFirst = (a: KeyRow, b: KeyRow) => a.state.localeCompare(b.state);

const SILENT: Judged = { state: 'unknown', found: [], says: 'DNS did not answer. Look again in a moment.' };

async function mx(lookup: Lookup, domain: string): Promise<Judged> {
  const hosts = await exchangersOf(lookup, domain);
  const [first] = hosts;
  if (!first)
    return missing(
      'No server takes mail for this domain: answers to your emails are lost. Publish where Parley takes mail in.',
    );
  const known = await Promise.all([namesAt(lookup, first, 'A'), namesAt(lookup, first, 'AAAA')]);
  if (known.flat().length === 0)
    return wrong(hosts, 'It names a server that has no address. Correct the name, or give it an address.');
  return well(hosts, 'Answers to your emails have a server to go to.');
}

/** RFC 7208: one record, and one that doesn't let everybody send. */
async function spf(lookup: Lookup, domain: string): Promise<Judged> {
  const records = (await textsAt(lookup, domain)).filter((text) => /^v=spf1(\s|$)/i.test(text));
  const [record] = records;
  if (!record)
    return missing(
      'Nobody is named who may send for this domain. Publish it with the server that you send through; if a provider sends for you, with the “include” that they name.',
    );
  if (records.length > 1) return wrong(records, 'There are several. Only one may stand: put them together.');
  if (!/\s([-~]all|redirect=\S+)\b/i.test(record))
    return wrong(records, 'It lets everybody send for this domain. End it with “~all” or “-all”.');
  return well(records, 'It is said who may send for this domain.');
}

const spfFor = ({ smtp_host }: MailSetup) => `v=spf1 ${smtp_host ? mechanism(smtp_host) : 'mx'} ~all`;
const mechanism = (host: string) =>
  /^[\d.]+$/.test(host) ? `ip4:${host}` : host.includes(':') ? `ip6:${host}` : `a:${host}`;

function dkimOf(lookup: Lookup, domain: string, key: KeyRow): [Omit<Finding, keyof Judged>, Ask] {
  const { name, value } = recordOf(domain, key);
  const next = key.state === 'next';
  const ask = async (): Promise<Judged> => {
    const records = await textsAt(lookup, name);
    if (records.some((record) => isPublished(record, key.public_key)))
      return well(records, 'Your emails are signed, and everybody can check it.');
    if (records.length) return wrong(records, 'Another key stands there. Publish this one, in one record.');
    return missing(
      next
        ? 'The next key waits. Once it is published it takes over by itself; leave the old record for another week.'
        : 'Your emails are not signed yet: they are from the hour in which this record is seen.',
    );
  };
  return [{ kind: next ? 'next_dkim' : 'dkim', type: 'TXT', name, publish: value }, ask];
}

/** RFC 7489 §6.6.3: of the domain, or else of the one it belongs to. */
async function dmarc(lookup: Lookup, domain: string): Promise<Judged> {
  const labels = domain.split('.');
  for (let i = 0; i <= Math.max(0, labels.length - 2); i++) {
    const texts = await textsAt(lookup, `_dmarc.${labels.slice(i).join('.')}`);
    const records = texts.filter((text) => /^v=DMARC1\s*(;|$)/i.test(text));
    if (records.length) return judgedPolicy(records);
  }
  return missing(
    'It is not said what to do with mail that only pretends to come from you. The large mailboxes expect it.',
  );
}

function judgedPolicy(records: string[]): Judged {
  const policy = /;\s*p\s*=\s*(\w+)/i.exec(records[0] ?? '')?.[1]?.toLowerCase() ?? '';
  if (records.length > 1) return wrong(records, 'There are several. Only one may stand: put them together.');
  if (!['none', 'quarantine', 'reject'].includes(policy))
    return wrong(records, 'It names no policy that exists. Say p=quarantine or p=reject.');
  if (policy === 'none') return well(records, 'It only watches so far. Once SPF and DKIM are found, say p=quarantine.');
  return well(records, 'Mail that only pretends to come from you is turned away.');
}

const OWN = /^(127\.|10\.|192\.168\.|169\.254\.|172\.(1[6-9]|2\d|3[01])\.|0\.)|^(::1$|f[cd]|fe80)/i;

/**
 * The name of the address that mail comes from, if it is known: it is that of the server that mail is handed to. None
 * for one within.
 */
async function ptrOf(lookup: Lookup, { smtp_host }: MailSetup): Promise<[Omit<Finding, keyof Judged>, Ask][]> {
  const host = smtp_host ?? '';
  const literal = /^[\d.]+$/.test(host) || host.includes(':');
  const [ip = ''] = literal || !host ? [host] : await namesAt(lookup, host, 'A').catch(() => []);
  if (!ip || OWN.test(ip)) return [];
  const ask = async (): Promise<Judged> => {
    const names = await namesAt(lookup, ip, 'PTR');
    if (names.length === 0)
      return missing('The address that your mail comes from has no name. Whoever runs that server can give it one.');
    const back = await Promise.all(
      names.slice(0, 5).map((name) => namesAt(lookup, name, ip.includes(':') ? 'AAAA' : 'A')),
    );
    if (!back.flat().includes(ip))
      return wrong(names, 'Its name leads to another address. Whoever runs that server can correct it.');
    return well(names, 'The address that your mail comes from has a name, and the name leads back to it.');
  };
  return [[{ kind: 'ptr', type: 'PTR', name: ip, publish: literal ? '' : host }, ask]];
}
