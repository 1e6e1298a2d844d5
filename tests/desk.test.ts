import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { draftInvoice, harbor, type Harbor, sentInvoice } from './support/harbor.js';
import { type Browser, openPortal, type Portal } from './support/portal.js';

let portal: Portal;
let home: Harbor;
let olivia: Browser;
let tom: Browser;

before(async () => {
  portal = await openPortal();
  home = await harbor(portal);
  olivia = await portal.signIn(home.olivia.email);
  tom = await portal.signIn(home.tom.email);
});
after(() => portal?.close());

/** Presses a form's button. */
const post = (browser: Browser, url: string, fields: object) => browser.post(url).type('form').send(fields);

/** The values of a form's fields by name, as a browser would send them. */
function fieldsOf(html: string): Record<string, string[]> {
  const fields: Record<string, string[]> = {};
  const add = (name: string, value: string) => (fields[name] = [...(fields[name] ?? []), decoded(value)]);
  for (const [tag] of html.matchAll(/<input\b[^>]*>/g)) {
    const name = /\bname="([^"]*)"/.exec(tag)?.[1];
    const box = /type="(checkbox|radio)"/.test(tag);
    if (name && (!box || /\schecked/.test(tag))) add(name, /\bvalue="([^"]*)"/.exec(tag)?.[1] ?? '');
  }
  for (const [, tag = '', text = ''] of html.matchAll(/<textarea\b([^>]*)>([^<]*)<\/textarea>/g))
    add(/\bname="([^"]*)"/.exec(tag)?.[1] ?? '', text);
  for (const [, name = '', options = ''] of html.matchAll(/<select\b[^>]*\bname="([^"]*)"[^>]*>(.*?)<\/select>/gs)) {
    add(name, /value="([^"]*)" selected/.exec(options)?.[1] ?? '');
  }
  return fields;
}

const decoded = (text: string) =>
  text.replace(/&#34;/g, '"').replace(/&#39;/g, "'").replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&amp;/g, '&');
const words = (html: string) => decoded(html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' '));

test('A partner and its contact are made; what can’t be used comes back as it was typed, with the reason beside the field', async () => {
  const url = `/${home.slug}/partners`;
  const typed = {
    name: '',
    kind: 'customer',
    email: 'not an address',
    address: 'Am Markt 3\nBremen',
    tax_number: 'DE 1',
    currency: 'EUR',
    locale: 'de-DE',
    terms_days: '900',
  };
  const refused = await post(olivia, url, typed).expect(422);
  const back = fieldsOf(refused.text);
  assert.deepEqual(
    [back['email'], back['address'], back['currency'], back['terms_days']],
    [['not an address'], ['Am Markt 3\nBremen'], ['EUR'], ['900']],
  );
  assert.match(words(refused.text), /Fill this in\..*This is not an email address\..*from 0 to 365/);
  assert.match(refused.text, /id="field-name-error"/);

  const made = await post(olivia, url, { ...typed, name: 'Café Aurora', email: '', terms_days: '10' }).expect(303);
  const page = String(made.headers['location']).replace(/\?.*/, '');
  const shown = await olivia.get(page).expect(200);
  assert.match(
    words(shown.text),
    /Café Aurora.*Nothing has been sent.*Without a contact nothing can be sent.*Am Markt 3.*DE 1.*EUR.*10 days.*Olivia Grant added Café Aurora/,
  );

  const contact = {
    name: 'Lena Vogt',
    email: 'LENA@aurora.example',
    title: 'Owner',
    locale: 'de-DE',
    time_zone: 'Europe/Berlin',
  };
  await post(olivia, `${page}/contacts`, { ...contact, email: 'lena', time_zone: 'Europe/Nowhere' }).expect(
    422,
    /Choose a time zone/,
  );
  await post(olivia, `${page}/contacts`, contact).expect(303);
  const twice = await post(olivia, `${page}/contacts`, contact).expect(422);
  assert.match(words(twice.text), /This address is a contact already/);
  const withContact = await olivia.get(page).expect(200);
  assert.match(withContact.text, /lena@aurora\.example/);

  const edit = /partners\/[\w-]+\/contacts\/[0-9a-f-]{36}(?=\/edit)/.exec(withContact.text)?.[0] ?? '';
  assert.deepEqual(fieldsOf((await olivia.get(`/${home.slug}/${edit}/edit`).expect(200)).text)['time_zone'], [
    'Europe/Berlin',
  ]);
  await post(olivia, `/${home.slug}/${edit}`, { ...contact, name: 'Lena Voigt' }).expect(303);
  assert.match((await olivia.get(page)).text, /Lena Voigt/);
  await post(olivia, `/${home.slug}/${edit}/remove`, {}).expect(303);
  assert.doesNotMatch((await olivia.get(page)).text, /lena@aurora/);
  await olivia.get(`/${home.slug}/${edit}/edit`).expect(404);
  await post(olivia, page, { ...typed, name: 'Café Aurora GmbH', email: '', terms_days: '10' }).expect(303);
  assert.match(
    words((await olivia.get(page)).text),
    /Café Aurora GmbH.*Olivia Grant changed the details of Café Aurora GmbH/,
  );
});

test('Partners are for staff, and another organization’s are not there', async () => {
  const other = await harbor(portal);
  const stranger = await portal.signIn(other.olivia.email);
  const maya = await portal.signIn(home.maya.email);
  const one = `/partners/${home.partner_id}`;
  for (const path of [
    '/desk',
    '/partners',
    '/partners/new',
    one,
    `${one}/edit`,
    `${one}/contacts/new`,
    '/invoices/new',
    `/invoices/new?partner=${home.partner_id}`,
  ]) {
    await stranger.get(`/${home.slug}${path}`).expect(404);
    await maya.get(`/${home.slug}${path}`).expect(404);
    await portal.browser().get(`/${home.slug}${path}`).expect(303);
  }
  await stranger.get(`/${other.slug}${one}`).expect(404);
  await stranger.get(`/${other.slug}/invoices/new?partner=${home.partner_id}`).expect(404);
  await post(stranger, `/${other.slug}${one}`, {
    name: 'Mine',
    kind: 'customer',
    currency: 'USD',
    locale: 'en-US',
    terms_days: '1',
  }).expect(404);
  for (const bad of [
    '/partners/1',
    '/partners/%00',
    '/partners?after=x&q=%25_%5C&kind=z',
    '/invoices/new?partner=1',
    '/invoices?before=1&state=none&q=%00',
  ]) {
    const { status } = await olivia.get(`/${home.slug}${bad}`);
    assert.ok([200, 400, 404].includes(status), `${bad}: ${status}`);
  }
});

test('An invoice of three lines in German numbers: rows without script, preview, send, a new version', async () => {
  await portal.look(home.organization_id, (db) =>
    db('people').where({ id: home.olivia.id }).update({ locale: 'de-DE' }),
  );
  const list = await olivia.get(`/${home.slug}/invoices/new`).expect(200);
  assert.match(list.text, new RegExp(`/${home.slug}/invoices/new\\?partner=${home.partner_id}`));
  const url = `/${home.slug}/invoices/new?partner=${home.partner_id}`;
  const blank = fieldsOf((await olivia.get(url).expect(200)).text);
  const days = (Date.parse(blank['due_on']?.[0] ?? '') - Date.parse(blank['issued_on']?.[0] ?? '')) / 86_400_000;
  assert.equal(days, 14, 'due by the terms of the partner');
  assert.deepEqual(blank['recipient[]'], [home.maya.id]);

  const typed = {
    title: 'Empfang',
    issued_on: '2026-11-01',
    due_on: '2026-11-15',
    currency: 'USD',
    terms: '14 Tage',
    note: '',
    partial_payments: 'on',
    'recipient[]': [home.maya.id, home.noah.id],
    'line_description[]': ['Tresen', 'Platten', 'Montage'],
    'line_quantity[]': ['1', '12', '6,5'],
    'line_unit[]': ['St.', 'St.', 'h'],
    'line_price[]': ['8.400,00', '145', 'zu viel'],
    'line_discount[]': ['', '10', ''],
    'line_tax[]': ['8', '8', '8'],
  };
  const more = await post(olivia, url, { ...typed, add_line: '1' }).expect(200);
  assert.equal(fieldsOf(more.text)['line_description[]']?.length, 4);
  assert.deepEqual(fieldsOf(more.text)['line_tax[]'], ['8', '8', '8', '8']);
  const less = await post(olivia, url, { ...typed, remove_line: '1' }).expect(200);
  assert.deepEqual(fieldsOf(less.text)['line_description[]'], ['Tresen', 'Montage']);

  const wrong = await post(olivia, url, { ...typed, due_on: '2026-10-01', preview: '1' }).expect(422);
  const kept = fieldsOf(wrong.text);
  assert.deepEqual(kept['line_price[]'], ['8.400,00', '145', 'zu viel']);
  assert.deepEqual(kept['recipient[]']?.toSorted(), [home.maya.id, home.noah.id].toSorted());
  assert.match(wrong.text, /line-price-error-2/);
  const odd = {
    ...typed,
    issued_on: '0000-01-01',
    'line_price[]': ['1', '1', '1'],
    'line_quantity[]': ['1', '12', '6,50005'],
  };
  assert.match(
    words((await post(olivia, url, odd).expect(422)).text),
    /Geben Sie ein Datum an\..*Verwenden Sie höchstens 4 Nachkommastellen\./,
  );
  await post(olivia, url, { ...typed, currency: 'XX' }).expect(422);
  await post(olivia, url, {
    ...odd,
    issued_on: '2026-11-01',
    'line_quantity[]': ['1000000000', '-1000000000', '1'],
    'line_price[]': ['1e11', '99999999999', '1'],
  }).expect(422);
  await post(olivia, url, { ...odd, issued_on: '2026-11-01', 'line_quantity[]': '1', title: '\u0000' }).expect(400);
  assert.deepEqual(await drafts(), [], 'nothing is saved yet');

  const made = await post(olivia, url, { ...typed, 'line_price[]': ['8.400,00', '145', '72,50'], preview: '1' }).expect(
    303,
  );
  const preview = String(made.headers['location']);
  assert.match(preview, /\/documents\/[0-9a-f-]{36}\/preview$/);
  const looked = await olivia.get(preview).expect(200);
  // 8400.00 + 12 × 145 less 10 % + 6.5 × 72.50 = 10,437.25, and 8 % of it.
  assert.match(
    words(looked.text),
    /10,437\.25.*834\.98.*\$11,272\.23.*11\.272,23.\$/,
    'the sheet as its reader will see it',
  );
  assert.match(words(looked.text), /Maya Chen.*Noah Weiss/);
  const email = await olivia.get(`${preview}/email`).expect(200);
  assert.match(
    words(email.text),
    /Olivia Grant sent you invoice.*\$11,272\.23.*View invoice/,
    'in the language of the reader',
  );
  assert.match(String(email.headers['content-security-policy']), /sandbox/);
  assert.equal(email.headers['x-frame-options'], 'SAMEORIGIN');

  const draft = preview.replace('/preview', '');
  assert.deepEqual(fieldsOf((await olivia.get(`${draft}/edit`).expect(200)).text)['line_price[]']?.slice(0, 3), [
    '8400',
    '145',
    '72,5',
  ]);
  const sent = await post(olivia, `${draft}/send`, {
    seen: fieldsOf(looked.text)['seen']?.[0],
    message: 'Wie besprochen.',
  }).expect(303);
  const page = String(sent.headers['location']).replace(/\?.*/, '');
  assert.match(page, /\/documents\/INV-\d{4}$/);
  const received = await portal.post.to(home.noah.email, ({ text = '' }) => text.includes('Wie besprochen.'));
  assert.match(received.text ?? '', /11,272\.23/);
  await olivia.get(preview).expect(303).expect('Location', page);
  await post(olivia, `${draft}/send`, {}).expect(409);

  const form = fieldsOf((await olivia.get(`${page}/edit`).expect(200)).text);
  assert.deepEqual(form['line_quantity[]']?.slice(0, 3), ['1', '12', '6,5']);
  const revised = {
    ...typed,
    'line_price[]': ['8.400,00', '145', '80'],
    seen: form['seen']?.[0],
    message: 'Neue Version.',
  };
  await post(olivia, `${page}/revise`, { ...revised, 'line_price[]': ['8.400,00', 'x', '80'] }).expect(
    422,
    /Neue Version/,
  );
  await post(olivia, `${page}/revise`, revised).expect(303).expect('Location', `${page}?done=sent`);
  assert.match(words((await olivia.get(page)).text), /11\.324,88/);
  const stale = await post(tom, `${page}/revise`, { ...revised, message: 'Zu spät.' }).expect(409);
  assert.match(stale.text, /Zu spät\./);
  await portal.look(home.organization_id, (db) =>
    db('people').where({ id: home.olivia.id }).update({ locale: 'en-US' }),
  );

  function drafts() {
    return portal.look(home.organization_id, (db) => db('documents').where({ title: 'Empfang' }).select('id'));
  }
});

test('Two people edit one draft: the second is told, sees what it says now, and keeps every word', async () => {
  const url = `/${home.slug}/documents/${await draftInvoice(portal, home, { title: 'Shelves' })}`;
  const [hers, his] = [fieldsOf((await olivia.get(`${url}/edit`)).text), fieldsOf((await tom.get(`${url}/edit`)).text)];
  await post(olivia, `${url}/edit`, { ...hers, title: 'Oak shelves', save: '1' })
    .expect(303)
    .expect('Location', `${url}?done=saved`);
  const late = await post(tom, `${url}/edit`, {
    ...his,
    title: 'Ash shelves',
    note: 'As agreed <today>',
    save: '1',
  }).expect(409);
  const form = fieldsOf(late.text);
  assert.deepEqual([form['title'], form['note']], [['Ash shelves'], ['As agreed <today>']]);
  assert.match(late.text, /As it is now[\s\S]*Oak shelves/);
  await post(tom, `${url}/edit`, { ...form, preview: '1' })
    .expect(303)
    .expect('Location', `${url}/preview`);
  assert.match((await tom.get(`${url}/preview`)).text, /Ash shelves/);

  await post(olivia, `${url}/send`, { seen: hers['seen']?.[0], message: 'Here it is.' }).expect(409, /Here it is\./);
  await post(tom, `${url}/edit`, { ...form, seen: '', 'recipient[]': [], recipient: [] }).expect(303);
  const nobody = await post(tom, `${url}/send`, {}).expect(422);
  assert.match(words(nobody.text), /Choose at least one recipient/);
  const maya = await portal.signIn(home.maya.email);
  await maya.get(`${url}/edit`).expect(404);
  await post(maya, `${url}/edit`, form).expect(404);
  const { url: sent } = await sentInvoice(portal, home);
  await maya.get(`${sent}/edit`).expect(403);
  await post(maya, `${sent}/revise`, form).expect(403);
  await post(maya, `${sent}/send`, {}).expect(403);
});

test('Lists: both sides, tabs, filters, words, and pages that don’t repeat or lose anything', async () => {
  const shop = await harbor(portal);
  const [staff, maya] = [await portal.signIn(shop.olivia.email), await portal.signIn(shop.maya.email)];
  const keys: string[] = [];
  for (let n = 0; n < 49; n++)
    keys.push(await draftInvoice(portal, shop, { title: n === 7 ? 'A 100 % oak_table' : `Draft ${n}` }));
  for (let n = 0; n < 5; n++)
    keys.push((await sentInvoice(portal, shop, { due_on: n < 3 ? '2026-11-02' : '2099-01-01' })).number);
  const [sent, late] = [keys.slice(49), keys.slice(49, 52)];

  const first = await staff.get(`/${shop.slug}/invoices`).expect(200);
  const next = decoded(/<p class="next"><a[^>]*href="([^"]*)"/.exec(first.text)?.[1] ?? '');
  assert.match(next, /before=/);
  const second = await staff.get(next).expect(200);
  assert.deepEqual(
    [first, second].flatMap(({ text }) => rowsOf(text)),
    keys.toReversed(),
  );
  assert.equal(rowsOf(second.text).length, 4);
  assert.doesNotMatch(second.text, /class="next"/);

  const rows = async (browser: Browser, query: string) =>
    rowsOf((await browser.get(`/${shop.slug}/invoices?${query}`).expect(200)).text);
  assert.deepEqual(await rows(staff, `q=${encodeURIComponent('100 % oak_')}`), [keys[7]]);
  assert.deepEqual(await rows(staff, `q=${encodeURIComponent('o%k')}`), []);
  assert.deepEqual(await rows(staff, 'state=sent'), sent.toReversed());
  assert.deepEqual(await rows(staff, 'show=outstanding'), late.toReversed());
  assert.deepEqual(await rows(staff, `show=outstanding&partner=${shop.partner_id}&q=fit-out`), late.toReversed());
  assert.deepEqual(await rows(maya, 'show=outstanding'), late.toReversed());
  assert.deepEqual(await rows(maya, ''), sent.toReversed());
  assert.deepEqual(await rows(maya, 'state=draft'), []);
  assert.deepEqual(await rows(maya, `partner=${home.partner_id}`), sent.toReversed());
  assert.doesNotMatch((await maya.get(`/${shop.slug}/invoices`)).text, /invoices\/new/);

  const page = words((await maya.get(`/${shop.slug}`).expect(200)).text);
  assert.match(page, /Maple Street Clinic.*Open \$540\.00.*Overdue \$324\.00/);
  assert.match(page, /Olivia Grant sent you invoice INV-0005.*Whom to ask.*Olivia Grant/);
  await staff.get(`/${shop.slug}`).expect(303).expect('Location', `/${shop.slug}/desk`);
  await staff.get('/').expect(303).expect('Location', `/${shop.slug}`);
  const today = words((await staff.get(`/${shop.slug}/desk`).expect(200)).text);
  assert.match(
    today,
    /Invoice INV-0001 is overdue.*Draft for Maple Street Clinic.*Waiting for others.*Invoice INV-0004.*\$540\.00 (· )?\$324\.00 overdue.*0–30 days/,
  );
});

const rowsOf = (html: string) =>
  [...html.matchAll(/class="row-link" href="[^"]*\/documents\/([\w-]+)"/g)].map(([, key]) => key);

test('Today says whose move it is: a question waits until we answer it', async () => {
  const shop = await harbor(portal);
  const staff = await portal.signIn(shop.olivia.email);
  const { url, number } = await sentInvoice(portal, shop, { due_on: '2099-01-01' });
  await sentInvoice(portal, shop, { due_on: '' });
  const received = await portal.post.to(shop.maya.email, ({ subject }) => subject?.includes(number) ?? false);
  const maya = await portal.open(received);
  await post(maya, `${url}/comment`, { text: 'Does this include the panels?', audience: 'shared' }).expect(303);
  const asked = words((await staff.get(`/${shop.slug}/desk`)).text);
  assert.match(asked, new RegExp(`Maya Chen wrote about invoice ${number} Does this include the panels\\?.*Answer`));
  assert.match(
    words((await (await portal.signIn(shop.maya.email)).get(`/${shop.slug}`).expect(200)).text),
    /INV-0002 Reception fit-out Open –/,
  );
  await post(staff, `${url}/comment`, { text: 'It does.', audience: 'shared' }).expect(303);
  const answered = words((await staff.get(`/${shop.slug}/desk`)).text);
  assert.match(answered, /Our move 0 .*Latest Olivia Grant wrote about/);
  await portal.look(shop.organization_id, (db) =>
    db('people').where({ id: shop.maya.id }).update({ bounced_at: db.fn.now() }),
  );
  assert.match(words((await staff.get(`/${shop.slug}/desk`)).text), /An email to Maya Chen came back/);
});

test('A new installation is set up once; its owner is signed in and writes the first invoice', async (t) => {
  const empty = await openPortal();
  t.after(() => empty.close());
  const owner = empty.browser();
  await owner.get('/').expect(303).expect('Location', '/setup');
  await owner.get('/setup').expect(200);
  const typed = {
    organization: 'Mäder & Söhne',
    slug: '',
    name: 'Ida Mäder',
    email: 'ida@maeder.example',
    address: 'Hafen 1\nKiel',
    currency: 'EUR',
    locale: 'de-DE',
    time_zone: 'Europe/Berlin',
    accent: '',
  };
  const refused = await post(owner, '/setup', { ...typed, slug: 'sign-in', email: 'ida', accent: 'green' }).expect(422);
  assert.match(words(refused.text), /This is not an email address/);
  assert.deepEqual(fieldsOf(refused.text)['address'], ['Hafen 1\nKiel']);
  await post(owner, '/setup', { ...typed, slug: 'sign-in' }).expect(422, /Choose another/);

  const both = await Promise.all([
    post(owner, '/setup', typed),
    post(empty.browser(), '/setup', { ...typed, slug: 'other', email: 'eve@other.example' }),
  ]);
  assert.deepEqual(
    both.map(({ status }) => status).toSorted((a, b) => a - b),
    [303, 404],
    'two at once: one of them',
  );
  await owner.get('/setup').expect(404);
  await post(owner, '/setup', typed).expect(404);
  if (both[0]?.status !== 303) return;
  assert.equal(both[0].headers['location'], '/mader-sohne/invoices/new');
  const first = await owner.get('/mader-sohne/invoices/new').expect(200);
  assert.match(first.text, /partners\/new\?for=invoice/);
  const partner = await post(owner, '/mader-sohne/partners', {
    for: 'invoice',
    name: 'Maple',
    kind: 'customer',
    currency: 'EUR',
    locale: 'en-GB',
    terms_days: '14',
  }).expect(303);
  assert.match(String(partner.headers['location']), /\/contacts\/new\?for=invoice$/);
  const contact = { for: 'invoice', name: 'Maya', email: 'maya@maple.example', locale: 'en-GB', time_zone: 'UTC' };
  const made = await post(owner, String(partner.headers['location']).replace(/\/new.*/, ''), contact).expect(303);
  assert.match(String(made.headers['location']), /\/mader-sohne\/invoices\/new\?partner=/);
  const form = fieldsOf((await owner.get(String(made.headers['location'])).expect(200)).text);
  assert.deepEqual([form['currency'], form['recipient[]']?.length], [['EUR'], 1]);
});
