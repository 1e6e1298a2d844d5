import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { strToU8, zipSync } from 'fflate';
import writeXlsxFile from 'write-excel-file/node';
import { leadImport } from '../../src/imports/import_store.js';
import { workImport } from '../../src/imports/work_import.js';
import { addPartner } from '../../src/people/partner.js';
import { faultsOf } from '../support/axe.js';
import { fitOut } from '../support/events.js';
import { pressFilled, textOf } from '../support/forms.js';
import { type Harbor, harbor, sentInvoice } from '../support/harbor.js';
import { type Browser, openPortal, type Portal } from '../support/portal.js';
import { openWindow, signInAt } from '../support/window.js';

let portal: Portal;
let home: Harbor;
let olivia: Browser;
before(async () => {
  portal = await openPortal();
  home = await harbor(portal);
  olivia = await portal.signIn(home.olivia.email);
});
after(() => portal.close());

const list = () => `/${home.slug}/settings/organization/imports`;

/** Uploads a table, and waits until it is read. Returns the page of the import. */
async function upload(kind: string, bytes: Buffer | string, name = 'table.csv'): Promise<string> {
  const form = olivia.post(list()).field('kind', kind).attach('files', Buffer.from(bytes), name);
  const { headers } = await form.expect(303);
  await portal.idle();
  return String(headers['location']);
}

async function lead(page: string, step: 'match' | 'run' | 'undo', fields: Record<string, string> = {}) {
  if (step === 'match') assert.equal((await filled(page, fields)).status, 303);
  else await olivia.post(`${page}/${step}`).type('form').send({}).expect(303);
  await portal.idle();
  return textOf((await olivia.get(page).expect(200)).text);
}

/** The form of columns as it is proposed, but for these fields. */
const filled = (page: string, fields: Record<string, string>) => pressFilled(olivia, page, fields, `${page}/match`);

const partners = () =>
  portal.look(home.organization_id, (db) =>
    db('partners as p')
      .leftJoin('people as c', { 'c.partner_id': 'p.id' })
      .orderBy('p.name')
      .orderBy('c.email')
      .select('p.name', 'p.address', 'p.is_vendor', 'p.currency', 'p.archived_at', 'c.email'),
  );

test('a German list in Windows-1252: recognized, checked, imported row by row, and taken back', async () => {
  const table = [
    'Firma;Straße;PLZ;Ort;E-Mail;Ansprechpartner;Zahlungsziel;Währung',
    'Müller & Söhne;Hafen 1;24103;Kiel;ida@mueller.example;Ida Müller;14 Tage;EUR',
    'Müller & Söhne;Hafen 1;24103;Kiel;bo@mueller.example;Bo Müller;14 Tage;EUR',
    'Ohne Ort;;;;kein-adresse;X;30;EUR',
    ';Leer;;;;;;',
    'Zu lang;;;;;;999;EUR',
    'Maple Street Clinic;;;;;;;',
  ].join('\r\n');
  const page = await upload('partners', Buffer.from(table, 'latin1'), 'kunden.csv');
  const read = (await olivia.get(page).expect(200)).text;
  assert.match(textOf(read), /Windows-1252, with semicolons/);
  assert.match(textOf(read), /For example Müller & Söhne/);
  const checked = await lead(page, 'match');
  assert.match(checked, /New 2 Already here 1 Can’t be imported 3/);
  assert.match(checked, /4 Contact’s email address kein-adresse This is not an email address/);
  assert.match(checked, /6 Days to pay 999 Give a number of days/);
  assert.equal(
    (await partners()).some(({ name }) => name === 'Müller & Söhne'),
    false,
    'nothing yet',
  );

  const csv = await olivia.get(`${page}/refused.csv`).expect(200);
  assert.match(csv.text, /Reason\r\nOhne Ort,.*This is not an email address/);

  const done = await lead(page, 'run');
  assert.match(done, /Imported 2/);
  const made = (await partners()).filter(({ name }) => name === 'Müller & Söhne');
  assert.deepEqual(
    made.map(({ email }) => email),
    ['bo@mueller.example', 'ida@mueller.example'],
  );
  assert.deepEqual([made[0]?.address, made[0]?.currency], ['Hafen 1\n24103 Kiel', 'EUR']);
  await olivia.post(`${page}/run`).type('form').send({}).expect(409);

  // The same again: all of it is here.
  const again = await upload('partners', Buffer.from(table, 'latin1'));
  assert.match(await lead(again, 'match'), /Already here 3/);

  assert.match(await lead(page, 'undo'), /Undone 2/);
  const [archived] = (await partners()).filter(({ name }) => name === 'Müller & Söhne');
  assert.ok(archived?.archived_at);
});

test('what has been used since stays; whoever is no admin any more imports nothing', async () => {
  const page = await upload('partners', 'Name,Type,Email\nUsed Ltd,customer,u@used.example\nIdle Ltd,supplier,\n');
  await lead(page, 'match');
  await lead(page, 'run');
  const [used] = await portal.look(home.organization_id, (db) => db('partners').where({ name: 'Used Ltd' }));
  await fitOut(portal, { ...home, partner_id: used.id });
  const undone = await lead(page, 'undo');
  assert.match(undone, /Undone 1 Not undone 1/);
  assert.match(undone, /Used since the import/);

  const other = await upload('partners', 'Name\nNever Ltd\n');
  await lead(other, 'match');
  const become = (role: string) =>
    portal.look(home.organization_id, (db) => db('people').where({ id: home.olivia.id }).update({ role }));
  await become('member');
  await leadImport(portal.knex, home.staff, other.split('/').at(-1) ?? '', 'run');
  await portal.idle();
  await become('owner');
  const names = (await partners()).map(({ name }) => name);
  assert.equal(names.includes('Never Ltd'), false);
});

test('a contact of a partner that was here is removed again, unless it takes part in something', async () => {
  const table =
    'Name,Email,Contact\nMaple Street Clinic,zoe@maple.example,Zoe\nMaple Street Clinic,ned@maple.example,Ned\n';
  const page = await upload('partners', table);
  assert.match(await lead(page, 'match'), /New 2/);
  await lead(page, 'run');
  const emails = async () =>
    (await partners()).filter(({ name }) => /Maple/.test(name)).map(({ email }) => String(email));
  assert.ok((await emails()).includes('zoe@maple.example'));
  const ned = await portal.look(home.organization_id, (db) =>
    db('people').where({ email: 'ned@maple.example' }).first(),
  );
  await sentInvoice(portal, home, { recipients: [ned.id] });
  assert.match(await lead(page, 'undo'), /Undone 1 Not undone 1/);
  const removed = await portal.look(home.organization_id, (db) =>
    db('people').where({ email: 'zoe@maple.example' }).first(),
  );
  assert.ok(removed.removed_at);
  const done = await portal.look(home.organization_id, (db) =>
    db('activities').whereLike('action', '%_import').pluck('action'),
  );
  for (const action of ['start_import', 'match_import', 'run_import', 'undo_import']) assert.ok(done.includes(action));
});

test('items from a spreadsheet, with numbers and a code that is taken', async () => {
  const rows = [
    ['SKU', 'Name', 'Unit', 'Price', 'Cost'],
    ['D-1', 'Oak desk', 'pc', 1200.5, 800],
    ['D-1', 'Oak desk again', 'pc', 1, null],
    ['D-2', 'Ash desk', 'pc', 'ask us', null],
    ['', '=HYPERLINK("x")', 'h', 90, null],
  ];
  const bytes = await writeXlsxFile(
    rows.map((cells) =>
      cells.map((value) => (value === null ? null : { value, type: typeof value === 'number' ? Number : String })),
    ),
  ).toBuffer();
  const page = await upload('items', bytes, 'items.xlsx');
  assert.match(textOf((await olivia.get(page)).text), /XLSX/);
  const checked = await lead(page, 'match');
  assert.match(checked, /New 2 Already here 1 Can’t be imported 1/);
  assert.match(checked, /4 Price ask us Enter a price/);
  assert.match(await lead(page, 'run'), /Imported 2/);
  const items = await portal.look(home.organization_id, (db) =>
    db('items as i')
      .leftJoin('item_prices as p', { 'p.item_id': 'i.id' })
      .orderBy('i.name')
      .select('i.name', 'i.code', 'i.cost', 'p.price', 'p.currency'),
  );
  assert.deepEqual(
    items.map(({ name, price, currency }) => [name, Number(price), currency]),
    [
      ['=HYPERLINK("x")', 90, 'USD'],
      ['Oak desk', 1200.5, 'USD'],
    ],
  );
  assert.match(await lead(page, 'undo'), /Undone 2/);
});

test('the columns that were chosen are remembered for the same headings', async () => {
  const table = 'Kundin,Wo\nAda GmbH,Bremen\n';
  const first = await upload('partners', table);
  const lacking = await filled(first, {});
  assert.equal(lacking.status, 422);
  assert.match(textOf(lacking.text), /Choose a column/);
  await lead(first, 'match', { 'column.name': '0', 'column.city': '1', numbers: 'comma' });
  const second = await upload('partners', table);
  assert.match(await lead(second, 'match'), /New 1/);
});

test('what is no table is refused in words: pictures, empty files, bombs, too many rows', async () => {
  const failed = async (bytes: Buffer | string) =>
    textOf((await olivia.get(await upload('items', bytes)).expect(200)).text);
  assert.match(await failed(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 1, 2])), /Choose a CSV or XLSX file/);
  assert.match(await failed('Name\n'), /no rows below its headings/);
  assert.match(await failed(`Name\n${'x\n'.repeat(50_001)}`), /too many rows/);
  assert.match(await failed(Buffer.from([0x50, 0x4b, 3, 4, 1, 2, 3])), /Choose a CSV or XLSX file/);
  // One that says how large it is, and one that lies.
  const sheet = { '[Content_Types].xml': strToU8('<Types/>'), 'xl/worksheets/sheet1.xml': new Uint8Array(2 ** 20) };
  const bomb = (declared: number) => {
    const bytes = Buffer.from(zipSync(sheet));
    for (let at = 0; at < bytes.length - 4; at++)
      if (bytes.readUInt32LE(at) === 2 ** 20) bytes.writeUInt32LE(declared, at);
    return bytes;
  };
  assert.match(await failed(bomb(2 ** 31)), /This file is too large/);
  assert.match(await failed(bomb(1000)), /could not be read/);
  await olivia.post(list()).field('kind', 'items').expect(422);
  await olivia.post(list()).field('kind', 'people').field('pasted', 'x').expect(422);
  const tom = await portal.signIn(`tom${home.slug.replace('harbor', '')}@harbor.example`);
  await tom.get(list()).expect(403);
  const maya = await portal.signIn(home.maya.email);
  await maya.get(list()).expect(404);
});

test('its pages have no fault that axe can see', async () => {
  const page = await upload('partners', 'Name,Email\nNew One,one@new.example\n,\nBad One,nobody\n');
  const { page: browser } = await openWindow();
  await signInAt(browser, portal.base_url, home.olivia.email, portal.codeFor(home.olivia.email));
  const faults: string[] = [];
  for (const step of [() => lead(page, 'match'), () => lead(page, 'run'), async () => ''] as const) {
    await browser.goto(portal.base_url + page);
    faults.push(...(await faultsOf(browser)));
    await browser.setViewport({ width: 390, height: 800 });
    assert.equal(await browser.evaluate('document.documentElement.scrollWidth <= 390'), true);
    await step();
  }
  assert.deepEqual(faults, []);
});

test('an import that is cut off and done again doubles nothing', async () => {
  const names = Array.from({ length: 40 }, (_, n) => `Twice ${n}`);
  const page = await upload('partners', `Name\n${names.join('\n')}\n`);
  await lead(page, 'match');
  const place = { organization_id: home.organization_id, import_id: page.split('/').at(-1) ?? '' };
  await addPartner(portal.knex, home.staff, { ...PLAIN, name: 'Twice 7' });
  await olivia.post(`${page}/run`).type('form').send({}).expect(303);
  const work = () => workImport(portal.knex, portal.services.storage, place);
  await Promise.all([work(), work()]);
  await portal.idle();
  const made = await portal.look(home.organization_id, (db) =>
    db('partners').whereLike('name', 'Twice %').pluck('name'),
  );
  assert.equal(made.length, new Set(made).size);
  assert.equal(made.length, 40);
});

const PLAIN = {
  is_customer: true,
  is_vendor: false,
  email: '',
  address: '',
  tax_number: '',
  currency: 'USD',
  locale: 'en-US',
  terms_days: 30,
};
