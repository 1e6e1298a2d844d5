import { exchangersOf, type Lookup, namesAt, textsAt } from './dns.js';
import { type KeyRow, recordOf, isPublished } from './dkim_keys.js';

/** The state of one DNS record that mail needs. `says` explains to staff what it means and what to do. */
export interface Finding {
  kind: 'mx' | 'spf' | 'dkim' | 'next_dkim' | 'dmarc' | 'ptr';
  state: 'found' | 'missing' | 'wrong' | 'unknown';
  /** The record: name, type, what is published now, and what should be. */
  name: string;
  type: 'MX' | 'TXT' | 'PTR';
  found: string[];
  publish: string;
  says: string;
}

/** The hosts that send and receive our mail. */
export interface MailSetup {
  mail_domain: string;
  /** The host of the site, which also receives mail. */
  host: string;
  /** The host that outgoing mail is sent through; null if there is none. */
  smtp_host: string | null;
}

type Verdict = Pick<Finding, 'state' | 'found' | 'says'>;
type Check = () => Promise<Verdict>;
type RecordCheck = [Omit<Finding, keyof Verdict>, Check];

const missing = (says: string): Verdict => ({ state: 'missing', found: [], says });
const wrong = (found: string[], says: string): Verdict => ({ state: 'wrong', found, says });
const published = (found: string[], says: string): Verdict => ({ state: 'found', found, says });

/** Checks every DNS record that mail needs: published, missing or wrong. */
export async function findingsOf(lookup: Lookup, setup: MailSetup, keys: KeyRow[]): Promise<Finding[]> {
  const { mail_domain, host } = setup;
  const checks: RecordCheck[] = [
    [{ kind: 'mx', type: 'MX', name: mail_domain, publish: `10 ${host}` }, () => mx(lookup, mail_domain)],
    [{ kind: 'spf', type: 'TXT', name: mail_domain, publish: spfFor(setup) }, () => spf(lookup, mail_domain)],
    ...keys
      .filter(({ state }) => state !== 'old')
      .toSorted(currentFirst)
      .map((key) => dkimCheck(lookup, mail_domain, key)),
    [
      { kind: 'dmarc', type: 'TXT', name: `_dmarc.${mail_domain}`, publish: 'v=DMARC1; p=quarantine' },
      () => dmarc(lookup, mail_domain),
    ],
    ...(await ptrCheck(lookup, setup)),
  ];
  return Promise.all(
    checks.map(async ([record, check]) => ({ ...record, ...(await check().catch(() => UNANSWERED)) })),
  );
}

const currentFirst = (a: KeyRow, b: KeyRow) => a.state.localeCompare(b.state);

const UNANSWERED: Verdict = { state: 'unknown', found: [], says: 'DNS did not answer. Look again in a moment.' };

async function mx(lookup: Lookup, domain: string): Promise<Verdict> {
  const hosts = await exchangersOf(lookup, domain);
  const [first] = hosts;
  if (!first)
    return missing(
      'No server takes mail for this domain: answers to your emails are lost. Publish where Parley takes mail in.',
    );
  const addresses = await Promise.all([namesAt(lookup, first, 'A'), namesAt(lookup, first, 'AAAA')]);
  if (addresses.flat().length === 0)
    return wrong(hosts, 'It names a server that has no address. Correct the name, or give it an address.');
  return published(hosts, 'Answers to your emails have a server to go to.');
}

/** RFC 7208: a single record, and one that doesn't allow everyone to send. */
async function spf(lookup: Lookup, domain: string): Promise<Verdict> {
  const records = (await textsAt(lookup, domain)).filter((text) => /^v=spf1(\s|$)/i.test(text));
  const [record] = records;
  if (!record)
    return missing(
      'Nobody is named who may send for this domain. Publish it with the server that you send through; if a provider sends for you, with the “include” that they name.',
    );
  if (records.length > 1) return wrong(records, 'There are several. Only one may stand: put them together.');
  if (!/\s([-~]all|redirect=\S+)\b/i.test(record))
    return wrong(records, 'It lets everybody send for this domain. End it with “~all” or “-all”.');
  return published(records, 'It is said who may send for this domain.');
}

const spfFor = ({ smtp_host }: MailSetup) => `v=spf1 ${smtp_host ? mechanism(smtp_host) : 'mx'} ~all`;
const mechanism = (host: string) =>
  /^[\d.]+$/.test(host) ? `ip4:${host}` : host.includes(':') ? `ip6:${host}` : `a:${host}`;

function dkimCheck(lookup: Lookup, domain: string, key: KeyRow): RecordCheck {
  const { name, value } = recordOf(domain, key);
  const next = key.state === 'next';
  const check = async (): Promise<Verdict> => {
    const records = await textsAt(lookup, name);
    if (records.some((record) => isPublished(record, key.public_key)))
      return published(records, 'Your emails are signed, and everybody can check it.');
    if (records.length) return wrong(records, 'Another key stands there. Publish this one, in one record.');
    return missing(
      next
        ? 'The next key waits. Once it is published it takes over by itself; leave the old record for another week.'
        : 'Your emails are not signed yet: they are from the hour in which this record is seen.',
    );
  };
  return [{ kind: next ? 'next_dkim' : 'dkim', type: 'TXT', name, publish: value }, check];
}

/** RFC 7489 §6.6.3: the record of the domain, or else of its parent domain. */
async function dmarc(lookup: Lookup, domain: string): Promise<Verdict> {
  const labels = domain.split('.');
  for (let i = 0; i <= Math.max(0, labels.length - 2); i++) {
    const texts = await textsAt(lookup, `_dmarc.${labels.slice(i).join('.')}`);
    const records = texts.filter((text) => /^v=DMARC1\s*(;|$)/i.test(text));
    if (records.length) return policyVerdict(records);
  }
  return missing(
    'It is not said what to do with mail that only pretends to come from you. The large mailboxes expect it.',
  );
}

function policyVerdict(records: string[]): Verdict {
  const policy = /;\s*p\s*=\s*(\w+)/i.exec(records[0] ?? '')?.[1]?.toLowerCase() ?? '';
  if (records.length > 1) return wrong(records, 'There are several. Only one may stand: put them together.');
  if (!['none', 'quarantine', 'reject'].includes(policy))
    return wrong(records, 'It names no policy that exists. Say p=quarantine or p=reject.');
  if (policy === 'none')
    return published(records, 'It only watches so far. Once SPF and DKIM are found, say p=quarantine.');
  return published(records, 'Mail that only pretends to come from you is turned away.');
}

/** Loopback and private addresses. */
const PRIVATE_IP = /^(127\.|10\.|192\.168\.|169\.254\.|172\.(1[6-9]|2\d|3[01])\.|0\.)|^(::1$|f[cd]|fe80)/i;

/** The reverse name of the sending server, if we know its address and it is public. */
async function ptrCheck(lookup: Lookup, { smtp_host }: MailSetup): Promise<RecordCheck[]> {
  const host = smtp_host ?? '';
  const literal = /^[\d.]+$/.test(host) || host.includes(':');
  const [ip = ''] = literal || !host ? [host] : await namesAt(lookup, host, 'A').catch(() => []);
  if (!ip || PRIVATE_IP.test(ip)) return [];
  const check = async (): Promise<Verdict> => {
    const names = await namesAt(lookup, ip, 'PTR');
    if (names.length === 0)
      return missing('The address that your mail comes from has no name. Whoever runs that server can give it one.');
    const resolved = await Promise.all(
      names.slice(0, 5).map((name) => namesAt(lookup, name, ip.includes(':') ? 'AAAA' : 'A')),
    );
    if (!resolved.flat().includes(ip))
      return wrong(names, 'Its name leads to another address. Whoever runs that server can correct it.');
    return published(names, 'The address that your mail comes from has a name, and the name leads back to it.');
  };
  return [[{ kind: 'ptr', type: 'PTR', name: ip, publish: literal ? '' : host }, check]];
}
