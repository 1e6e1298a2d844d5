import type { Knex } from 'knex';
import { actingAs, queryPrepared, systemActor } from '../../db/scope.js';
import type { Sender } from '../reading/sender/from_header.js';

interface Bearer {
  name: string;
  addresses: string[];
  /** Any address of the same domain is theirs, too. */
  company: boolean;
}

// Staff, the contacts of the conversation's partner, who else has this name or address; and companies.
const BEARERS = `
  with bearer as (
    select id, name, email from people where organization_id = $1 and partner_id is null and removed_at is null
    union select id, name, email from people where organization_id = $1 and removed_at is null
      and partner_id = (select partner_id from people where organization_id = $1 and id = $2)
    union select id, name, email from people where organization_id = $1 and removed_at is null and name = any($3::text[])
    union select id, name, email from people where organization_id = $1 and removed_at is null and email = any($4::text[]))
  select name, false as company, array(
      select email from person_addresses a where a.organization_id = $1 and a.person_id = bearer.id) || email as addresses
    from bearer
  union all select name, true, array[email] from organizations where id = $1
  union all select name, true, array(
      select email from people p where p.organization_id = $1 and p.partner_id = n.id and p.removed_at is null) || n.email
    from partners n where n.organization_id = $1 and n.name_key = any($5::text[])`;

/**
 * Whose name a sender bears without writing from an address of theirs: that of a member of the staff, a contact, the
 * organization or a partner; '' if nobody's. Names may be written in another order, with more words, in capitals or with
 * letters that look alike.
 */
export async function impersonatedBy(
  db: Knex.Transaction,
  organization_id: string,
  person_id: string | null,
  { address, name }: Sender,
): Promise<string> {
  if (!name) return '';
  const [shown, spellings] = [addressesIn(name), spellingsOf(name)];
  const values = [organization_id, person_id, spellings, shown, spellings.map((one) => one.toLowerCase())];
  const bearers = await actingAs(db, systemActor(organization_id), () => queryPrepared<Bearer>(db, BEARERS, values));
  const alike = bearers.filter(
    (one) => bears(name, one.name) || one.addresses.some((theirs) => shown.includes(theirs)),
  );
  return alike.some((one) => isTheirs(address, one)) ? '' : (alike[0]?.name ?? '');
}

const isTheirs = (address: string, { addresses, company }: Bearer) =>
  addresses.includes(address) || (company && addresses.some((theirs) => domainOf(theirs) === domainOf(address)));

const domainOf = (address: string) => address.slice(address.lastIndexOf('@') + 1).toLowerCase();

/** Whether it is the same name, or all words of one that has several. */
function bears(name: string, whose: string): boolean {
  const [words, wanted] = [wordsIn(name), wordsIn(whose)];
  const all = wanted.length > 0 && wanted.every((word) => words.includes(word));
  return all && (wanted.length > 1 || words.length === 1);
}

const addressesIn = (name: string) =>
  [...name.toLowerCase().matchAll(/[^\s<>"'(),;]+@[^\s<>"'(),;]+/g)].map(([found]) => found).slice(0, 5);

/** As it may stand in our list: as it is, turned round at a comma, in usual capitals. */
function spellingsOf(name: string): string[] {
  const plain = name
    .normalize('NFKC')
    .replace(/\s*\([^()]*\)/g, '')
    .replace(/\s+/g, ' ')
    .trim();
  const latin = withLatinLetters(plain);
  const turned = latin.replace(/^([^,]+), ?(.+)$/, '$2 $1');
  const usual = turned.toLowerCase().replace(/(?<=^|[\s'-])\p{L}/gu, (letter) => letter.toUpperCase());
  return [...new Set([name, plain, latin, turned, usual])];
}

/** The same for names that look the same to a person. */
const wordsIn = (name: string) =>
  withLatinLetters(name.normalize('NFKD').toLowerCase())
    .replace(/\p{M}|\p{Cf}/gu, '')
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);

/** Cyrillic and Greek letters that look like Latin ones. */
const LOOKALIKES: Readonly<Record<string, string>> = Object.fromEntries(
  Array.from('аеорсухіјѕһԁԛԝοαεικνρτυχАВЕКМНОРСТХІЈЅΑΒΕΖΗΙΚΜΝΟΡΤΥΧ', (letter, i) => [
    letter,
    'aeopcyxijshdqwoaeikvptuxABEKMHOPCTXIJSABEZHIKMNOPTYX'.charAt(i),
  ]),
);

const withLatinLetters = (text: string) => Array.from(text, (letter) => LOOKALIKES[letter] ?? letter).join('');
