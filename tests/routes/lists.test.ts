import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { inflateRawSync } from 'node:zlib';
import { act } from '../../src/act.js';
import { textOf } from '../support/forms.js';
import { addVendor, DESK, draftInvoice, harbor, type Harbor, sentDocument } from '../support/harbor.js';
import { type Browser, openPortal, type Portal } from '../support/portal.js';

let portal: Portal;
let home: Harbor;
let olivia: Browser;
let maya: Browser;

before(async () => {
  portal = await openPortal();
  home = await harbor(portal);
  olivia = await portal.signIn(home.olivia.email);
  maya = await portal.signIn(home.maya.email);
  await portal.close_worker(); // nobody reads the emails about them
  for (let n = 0; n < 120; n++) await invoice(n);
});

after(() => portal.close());

/** 120 of them: amounts in threes, due dates in fours (some without), so that every order has ties. */
async function invoice(n: number): Promise<void> {
  const fields = {
    title: n === 7 ? '=HYPERLINK("http://evil.example")' : `Batch ${Math.floor(n / 10)}`,
    issued_on: `2026-0${1 + (n % 3)}-10`,
    due_on: n % 5 === 0 ? null : `2026-1${n % 3}-0${1 + (n % 4)}`,
    lines: [{ ...DESK, unit_price: `${100 + Math.floor(n / 3)}.00`, tax_rate: '0' }],
  };
  const id = await draftInvoice(portal, home, fields);
  if (n % 10) await act(portal.knex, home.staff, id, 'send');
}

const linksIn = (text: string) =>
  [...text.matchAll(/class="row-link" href="\/[^/]+\/documents\/([^"]+)"/g)].map(([, key = '']) => key);

const nextOf = (text: string) =>
  /<p class="next"><a class="button" href="([^"]+)"/.exec(text)?.[1]?.replaceAll('&amp;', '&');

/** Every row of a list, page after page. */
async function all(agent: Browser, path: string): Promise<string[]> {
  const keys: string[] = [];
  for (let url: string | undefined = path; url;) {
    const { text } = await agent.get(url).expect(200);
    keys.push(...linksIn(text));
    url = nextOf(text);
  }
  return keys;
}

test('paging through a list, in every order and direction, shows each document once', async () => {
  const whole = (await all(olivia, `/${home.slug}/invoices`)).toSorted((a, b) => a.localeCompare(b));
  assert.equal(whole.length, 120);
  assert.equal(new Set(whole).size, 120);
  for (const sort of ['newest', 'number', 'date', 'due', 'total'])
    for (const turned of ['', '&turned=1']) {
      const keys = await all(olivia, `/${home.slug}/invoices?sort=${sort}${turned}`);
      assert.deepEqual(
        keys.toSorted((a, b) => a.localeCompare(b)),
        whole,
        `${sort}${turned}`,
      );
    }
  const dearest = await all(olivia, `/${home.slug}/invoices?sort=total`);
  const cheapest = await all(olivia, `/${home.slug}/invoices?sort=total&turned=1`);
  assert.deepEqual(dearest.toReversed(), cheapest);
  await olivia.get(`/${home.slug}/invoices?sort=total`).expect(/aria-sort="descending"/);
});

test('filters combine; a wrong value is an error beside it, and the others still apply', async () => {
  const count = async (query: string, agent = olivia) => (await all(agent, `/${home.slug}/invoices?${query}`)).length;
  assert.equal(await count('state=draft'), 12);
  assert.equal(await count('from=2026-03-01&to=2026-03-31'), 40);
  assert.equal(await count('least=110&most=111.99'), 6);
  assert.equal(await count('q=batch+3'), 10);
  assert.equal(await count('q=BATCH+3&state=draft'), 1);
  assert.equal(await count('q=inv-0005'), 1);
  assert.equal(await count('q=0005'), 1);
  assert.equal(await count('q=maple+clin'), 120);
  assert.equal(await count('q=clinic+nobody'), 0);
  assert.equal(await count(`partner=${home.partner_id}`), 120);
  const wrong = await olivia.get(`/${home.slug}/invoices?from=yesterday&least=many&state=draft`).expect(200);
  assert.match(wrong.text, /Give a date[\s\S]*Give a number/);
  assert.equal(linksIn(wrong.text).length, 12);
  assert.equal(await count(`q=${encodeURIComponent("'; drop table documents; --")}`), 0);
  assert.equal(await count('before=1&sort=__proto__&show=constructor'), 120);
});

test('a tab shows what is past due; drafts and others’ documents are no partner’s to find', async () => {
  const late = await all(olivia, `/${home.slug}/invoices?show=outstanding`);
  const today = new Date().toISOString().slice(0, 10);
  const rows = await portal.look(home.organization_id, (db) =>
    db('documents').where({ state: 'sent' }).where('due_on', '<', today).pluck('number'),
  );
  assert.deepEqual(
    late.toSorted((a, b) => a.localeCompare(b)),
    rows.toSorted((a: string, b: string) => a.localeCompare(b)),
  );
  assert.equal((await all(maya, `/${home.slug}/invoices`)).length, 108);
  assert.equal((await all(maya, `/${home.slug}/documents?q=batch`)).length, 107);
  const rival = await harbor(portal);
  const mine = await draftInvoice(portal, rival);
  await act(portal.knex, rival.staff, mine, 'send');
  assert.equal((await all(olivia, `/${home.slug}/documents`)).length, 120);
  assert.deepEqual(await all(maya, `/${home.slug}/requests`), []);
});

test('a list of orders shows what is left to invoice', async () => {
  const chairs = { lines: [{ description: 'Chairs', quantity: '10', unit_price: '50', tax_rate: '10' }] };
  const order = await sentDocument(portal, home, 'sales_order', chairs);
  const { text } = await olivia.get(`/${home.slug}/orders?show=not_invoiced`).expect(200);
  // What is left is before tax, as its lines are.
  assert.match(textOf(text), new RegExp(`${order.number} .*\\$550\\.00.*\\$500\\.00`));
});

test('a view is saved, renamed and removed; nobody else has it', async () => {
  const view = `/${home.slug}/invoices?state=draft&sort=total`;
  const page = await olivia.get(view).expect(200);
  const path = /name="path" value="([^"]+)"/.exec(page.text)?.[1]?.replaceAll('&amp;', '&') ?? '';
  const post = (agent: Browser, url: string, fields: object) =>
    agent.post(`/${home.slug}/settings/saved-views${url}`).type('form').send(fields);
  await post(olivia, '', { name: '', path })
    .expect(422)
    .expect(/Give it a name/);
  await post(olivia, '', { name: 'Elsewhere', path: '//evil.example' }).expect(422);
  await post(olivia, '', { name: 'Dear drafts', path }).expect(303).expect('Location', view);
  await olivia.get(view).expect(/Dear drafts/);
  const edit = await olivia.get(`/${home.slug}/settings/saved-views`).expect(200);
  const kept = { id: /saved-views\/([0-9a-f-]{36})\/remove"/.exec(edit.text)?.[1] ?? '' };
  await post(maya, `/${kept.id}`, { name: 'Mine' }).expect(404);
  await post(maya, `/${kept.id}/remove`, {}).expect(404);
  await post(olivia, `/${kept.id}`, { name: 'Costly drafts' }).expect(303);
  await olivia.get(`/${home.slug}/settings/saved-views`).expect(/Costly drafts/);
  await maya.get(`/${home.slug}/settings/saved-views`).expect(/No saved views yet/);
  await post(olivia, `/${kept.id}/remove`, {}).expect(303);
  await olivia.get(`/${home.slug}/settings/saved-views`).expect(/No saved views yet/);
});

/** The text of a sheet in an XLSX, which is a ZIP: entries by their local headers. */
function unzip(bytes: Buffer): string {
  const texts: string[] = [];
  for (
    let at = bytes.indexOf('PK\u0003\u0004', 0, 'latin1');
    at >= 0;
    at = bytes.indexOf('PK\u0003\u0004', at + 4, 'latin1')
  ) {
    const start = at + 30 + bytes.readUInt16LE(at + 26) + bytes.readUInt16LE(at + 28);
    const end = bytes.indexOf('PK', start + 1, 'latin1');
    try {
      texts.push(
        bytes.readUInt16LE(at + 8)
          ? inflateRawSync(bytes.subarray(start), { finishFlush: 2 }).toString()
          : bytes.subarray(start, end).toString(),
      );
    } catch {
      continue; // a folder, or bytes that only look like a header
    }
  }
  return texts.join('\n');
}

test('a filtered list is exported as CSV and XLSX; nothing in it is a formula', async () => {
  const csv = await olivia.get(`/${home.slug}/invoices?q=hyperlink&format=csv`).expect(200);
  assert.match(String(csv.headers['content-disposition']), /^attachment; filename="?invoices-\d{4}-\d\d-\d\d\.csv"?$/);
  const [head, row, ...rest] = csv.text.split('\r\n');
  assert.equal(head?.charCodeAt(0), 0xfeff);
  assert.match(row ?? '', /,"'=HYPERLINK\(""http:\/\/evil\.example""\)",Maple Street Clinic,/);
  assert.deepEqual(rest, ['']);
  const whole = await olivia.get(`/${home.slug}/invoices?format=csv&sort=total`).expect(200);
  assert.equal(whole.text.trim().split('\r\n').length, 121);
  const theirs = await maya.get(`/${home.slug}/invoices?format=csv`).expect(200);
  assert.equal(theirs.text.trim().split('\r\n').length, 109);
  const text = await workbook(`/${home.slug}/invoices?q=hyperlink&format=xlsx`);
  assert.match(text, /'=HYPERLINK|&apos;=HYPERLINK/);
  assert.doesNotMatch(text, /<f>/);
});

const workbook = async (url: string) => {
  const { body } = await olivia
    .get(url)
    .buffer()
    .parse((res, done) => {
      const chunks: Buffer[] = [];
      res.on('data', (chunk: Buffer) => chunks.push(chunk));
      res.on('end', () => done(null, Buffer.concat(chunks)));
    });
  return unzip(body as Buffer);
};

test('a German opens both kinds in Excel as they are meant: numbers, days, and telephone numbers as text', async () => {
  await draftInvoice(portal, home, { title: 'Zett; Straße', reference: '+49 40 1234567', issued_on: '2026-03-02' });
  await draftInvoice(portal, home, { title: 'Zett', reference: '+49-40-1234567', issued_on: '2026-03-02' });
  const locale = (value: string) =>
    portal.look(home.organization_id, (db) => db('people').where({ id: home.olivia.id }).update({ locale: value }));
  await locale('de-DE');
  const csv = await olivia.get(`/${home.slug}/invoices?q=zett&format=csv`).expect(200);
  const [, second, first] = csv.text.split('\r\n');
  assert.match(first ?? '', /;"Zett; Straße";.*;2026-03-02;2026-12-01;USD;108,00;0,00;\+49 40 1234567;/);
  assert.match(second ?? '', /;'\+49-40-1234567;/, 'it would be computed');
  const text = await workbook(`/${home.slug}/invoices?q=zett&format=xlsx`);
  assert.match(text, /dd\.mm\.yyyy/);
  assert.match(text, /<v>46083<\/v>/, '2026-03-02');
  assert.match(text, /<v>108<\/v>/);
  assert.match(text, /\+49 40 1234567/);
  assert.doesNotMatch(text, /'\+49|&apos;\+49/);
  await locale('en-US');
});

test('the list of all filters by type and by the states’ own names, each once; partners are those that fit', async () => {
  const { vendor, erik } = await addVendor(portal, home);
  const credit = await sentDocument(portal, home, 'credit_note');
  const order = await sentDocument(portal, { ...home, partner_id: vendor }, 'purchase_order', { recipients: [erik] });
  const options = (html: string, name: string) =>
    [
      ...(new RegExp(`<select[^>]*name="${name}"[\\s\\S]*?</select>`).exec(html)?.[0] ?? '').matchAll(
        /<option[^>]*>([^<]*)</g,
      ),
    ].map(([, label = '']) => label.trim());
  const { text } = await olivia.get(`/${home.slug}/documents`).expect(200);
  const states = options(text, 'state');
  assert.equal(new Set(states).size, states.length);
  assert.ok(['Available', 'Sent', 'Open', 'Closed'].every((label) => states.includes(label)));
  assert.ok(!states.includes('Discarded'));
  assert.ok(options(text, 'type').includes('Credit note'));
  for (const sort of ['', '&sort=due', '&sort=total', '&sort=number', '&sort=date&turned=1'])
    assert.deepEqual(await all(olivia, `/${home.slug}/documents?state=Available${sort}`), [credit.number], sort);
  assert.deepEqual(await all(olivia, `/${home.slug}/documents?state=Sent&type=purchase_order`), [order.number]);
  assert.deepEqual(await all(olivia, `/${home.slug}/documents?type=credit_note`), [credit.number]);
  assert.deepEqual(await all(olivia, `/${home.slug}/documents?type=credit_note&state=Sent`), []);
  assert.deepEqual(await all(olivia, `/${home.slug}/documents?state=Available&q=reception`), [credit.number]);
  assert.deepEqual(await all(maya, `/${home.slug}/documents?state=Available`), [credit.number]);
  const fitting = async (list: string) => options((await olivia.get(`/${home.slug}/${list}`)).text, 'partner');
  assert.deepEqual(await fitting('purchase-orders'), ['Any', 'Northern Timber']);
  assert.deepEqual(await fitting('invoices'), ['Any', 'Maple Street Clinic']);
});
