import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import pg from 'pg';
import { act } from '../../src/act.js';
import { currencyDigits } from '../../src/documents/content/decimals.js';
import { foldedText } from '../../src/documents/queries/list_clauses.js';
import { addPartner } from '../../src/people/partner.js';
import { connectionTo } from '../support/database.js';
import { textOf } from '../support/forms.js';
import { addVendor, draftDocument, harbor, type Harbor, sentDocument } from '../support/harbor.js';
import { type Browser, openPortal, type Portal } from '../support/portal.js';

// Of more documents than a search looks up: its words are frequent, and are found from block to block.

const MANY = 1300;

let portal: Portal;
let home: Harbor;
let olivia: Browser;
let maya: Browser;
/** Their numbers, the newest first. */
let numbers: string[];

before(async () => {
  portal = await openPortal();
  home = await harbor(portal);
  olivia = await portal.signIn(home.olivia.email);
  maya = await portal.signIn(home.maya.email);
  numbers = await addMany();
});
after(() => portal.close());

/** Sent invoices and orders, one a minute; each tenth is for another customer. */
async function addMany(): Promise<string[]> {
  const elsewhere = await addPartner(portal.knex, home.staff, { ...home.customer, name: 'Aurora', email: '' });
  const admin = new pg.Client({ ...connectionTo(portal.database), user: 'postgres' });
  await admin.connect();
  const { rows } = await admin.query<{ number: string }>(
    `insert into documents (organization_id, id, type, number, state, started_by, partner_id, title, currency,
        issued_on, version, sha256, total)
      select $1, uuidv7(make_interval(mins => n - $2)), case when n % 3 = 0 then 'invoice' else 'sales_order' end,
        (case when n % 3 = 0 then 'INV-' else 'SO-' end) || n, 'sent', 'staff',
        case when n % 10 = 0 then $3::uuid else $4::uuid end,
        'Wardrobe ' || case when n < 40 then 'oak' else 'ash' end,
        (array['USD', 'JPY', 'KWD'])[1 + n % 3], '2026-11-01', 1, '', 1000 + n
      from generate_series(1, $2::int) n returning number`,
    [home.organization_id, MANY, elsewhere, home.partner_id],
  );
  await admin.end();
  return rows.map(({ number }) => number).toReversed();
}

const linksIn = (text: string) =>
  [...text.matchAll(/class="row-link" href="\/[^/]+\/documents\/([^"]+)"/g)].map(([, key = '']) => key);

/** Every row of a list, page after page. */
async function all(agent: Browser, query: string): Promise<string[]> {
  const keys: string[] = [];
  for (let url: string | undefined = `/${home.slug}/${query}`; url;) {
    const { text }: { text: string } = await agent.get(url).expect(200);
    keys.push(...linksIn(text));
    url = /<p class="next"><a class="button" href="([^"]+)"/.exec(text)?.[1]?.replaceAll('&amp;', '&');
  }
  return keys;
}

const numberOf = (number: string) => Number(number.replace(/\D+/, ''));

test('a frequent word is found in the order of the list, on every page of it, by both sides', async () => {
  const blocks = await portal.look(home.organization_id, (db) => db('subject_words').distinct('block_id'));
  assert.ok(blocks.length > 1, 'the words are in several blocks');
  assert.deepEqual(await all(olivia, 'documents?q=w'), numbers);
  assert.deepEqual(await all(olivia, 'documents?q=wardrobe&turned=1'), numbers.toReversed());
  const theirs = numbers.filter((number) => numberOf(number) % 10 > 0);
  assert.deepEqual(await all(maya, 'documents?q=wardr'), theirs);
});

test('a frequent word with a filter, a second word or another order finds the same', async () => {
  const invoices = numbers.filter((number) => number.startsWith('INV'));
  assert.deepEqual(await all(olivia, 'invoices?q=w'), invoices);
  assert.deepEqual(
    await all(olivia, 'documents?q=w+ash'),
    numbers.filter((number) => numberOf(number) >= 40),
  );
  assert.deepEqual(
    await all(olivia, 'documents?q=oak+w'),
    numbers.filter((number) => numberOf(number) < 40),
  );
  const byTotal = numbers.toSorted((a, b) => numberOf(b) - numberOf(a));
  assert.deepEqual(await all(olivia, 'documents?q=w&sort=total'), byTotal);
});

test('an amount is compared in each document’s own currency', async () => {
  // 1000 + n minor units: dollars and cents, yen, thousandths of a dinar.
  const digits = (number: string) => [2, 0, 3][numberOf(number) % 3] ?? 2;
  const amount = (number: string) => (1000 + numberOf(number)) / 10 ** digits(number);
  const found = async (query: string) => (await all(olivia, `documents?${query}`)).toSorted();
  const expected = (fits: (amount: number) => boolean) => numbers.filter((number) => fits(amount(number))).toSorted();
  assert.deepEqual(
    await found('least=21.5'),
    expected((amount) => amount >= 21.5),
  );
  assert.deepEqual(
    await found('most=2.105'),
    expected((amount) => amount <= 2.105),
  );
  assert.deepEqual(
    await found('least=1&most=1.5&sort=newest'),
    expected((amount) => amount >= 1 && amount <= 1.5),
  );
});

test('the database knows the digits of each currency as Node does', async () => {
  const currencies = Intl.supportedValuesOf('currency').filter((currency) => currencyDigits(currency) <= 3);
  const { rows } = await portal.knex.raw<{ rows: { currency: string; digits: number }[] }>(
    'select currency, currency_digits(currency) as digits from unnest(?::text[]) currency',
    [currencies],
  );
  assert.deepEqual(
    rows,
    currencies.map((currency) => ({ currency, digits: currencyDigits(currency) })),
  );
});

test('a text is folded alike by the database and for what is typed', async () => {
  const characters = Array.from({ length: 0x2600 }, (_, n) => String.fromCodePoint(0x20 + n));
  const texts = [...characters, 'Café', 'STRAẞE', 'Ærøskøbing', 'Łódź', 'ガレージ', '책상', 'İstanbul', 'ΟΔΟΣ'];
  const { rows } = await portal.knex.raw<{ rows: { text: string; small: string }[] }>(
    'select text, folded(text) as small from unnest(?::text[]) with ordinality t (text, n) order by n',
    [texts],
  );
  const different = rows.filter(({ text, small }) => foldedText(text) !== small).map(({ text }) => text);
  assert.deepEqual(different, []);
});

test('a search ignores accents and case, and finds lines, notes, contacts, numbers and the vendor’s own', async () => {
  const { vendor, erik } = await addVendor(portal, home);
  await portal.look(home.organization_id, (db) =>
    db('partners').where({ id: vendor }).update({ tax_number: 'DE 123 456 789', address: '5 Quay, +49 40 123-4567' }),
  );
  const fields = {
    title: 'Café Müller (Straße)',
    note: 'Lieferung über den Hof. Call +49 (30) 765-4321.',
    lines: [
      { description: 'Schrägbrett', unit_price: '5' },
      { description: 'Łukasz’s lamp', group_name: 'Beleuchtung', unit_price: '7' },
    ],
  };
  const invoice = await sentDocument(portal, home, 'invoice', fields);
  const order = await sentDocument(portal, { ...home, partner_id: vendor }, 'purchase_order', { recipients: [erik] });
  const found = async (agent: Browser, query: string) => all(agent, `documents?q=${encodeURIComponent(query)}`);
  const typed = ['cafe', 'CAFÉ', 'muller', 'strasse', 'STRAẞE', 'schragbr', 'uber', 'lukasz', 'beleuchtung'];
  for (const query of [...typed, '49307654321', '(Straße)', 'cafe muller', 'hof.'])
    for (const agent of [olivia, maya]) assert.deepEqual(await found(agent, query), [invoice.number], query);
  assert.deepEqual(await found(olivia, 'lund'), [order.number]);
  assert.deepEqual(await found(olivia, 'erik@northern.example'), [order.number]);
  assert.deepEqual(await found(olivia, 'de123456789'), [order.number]);
  assert.deepEqual(await found(maya, 'lund'), []);

  const bill = await draftDocument(portal, { ...home, partner_id: vendor }, 'bill', {
    ...{ title: 'Boards', issued_on: '2026-11-01', reference: 'NT-884/Ä', lines: [{ description: 'Oak' }] },
  });
  assert.deepEqual(await found(olivia, 'nt-884/a'), [bill]);
  const partners = async (query: string) =>
    textOf((await olivia.get(`/${home.slug}/partners?q=${encodeURIComponent(query)}`).expect(200)).text);
  for (const query of ['lund', 'northern.ex', 'DE123456789', '494012', 'quay'])
    assert.match(await partners(query), /Northern Timber/, query);
  // What a line says no longer is not found any more.
  await act(portal.knex, home.staff, bill, 'edit', {
    content: { title: 'Boards', issued_on: '2026-11-01', lines: [{ description: 'Ash' }] },
  });
  assert.deepEqual(await found(olivia, 'boards oak'), []);
  assert.deepEqual(await found(olivia, 'boards ash'), [bill]);
});
