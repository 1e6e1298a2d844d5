import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fieldsOf, press, textOf } from '../support/forms.js';
import { draftInvoice, harbor, type Harbor, sentDocument, sentInvoice } from '../support/harbor.js';
import { type Browser, openPortal, type Portal } from '../support/portal.js';

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
  const more = await press(olivia, url, { ...typed, add_line: '1' }).expect(200);
  assert.equal(fieldsOf(more.text)['line_description[]']?.length, 4);
  assert.deepEqual(fieldsOf(more.text)['line_tax[]'], ['8', '8', '8', '8']);
  const less = await press(olivia, url, { ...typed, remove_line: '1' }).expect(200);
  assert.deepEqual(fieldsOf(less.text)['line_description[]'], ['Tresen', 'Montage']);

  const wrong = await press(olivia, url, { ...typed, due_on: '2026-10-01', preview: '1' }).expect(422);
  const returned = fieldsOf(wrong.text);
  assert.deepEqual(returned['line_price[]'], ['8.400,00', '145', 'zu viel']);
  assert.deepEqual(returned['recipient[]']?.toSorted(), [home.maya.id, home.noah.id].toSorted());
  assert.match(wrong.text, /line-price-error-2/);
  const odd = {
    ...typed,
    issued_on: '0000-01-01',
    'line_price[]': ['1', '1', '1'],
    'line_quantity[]': ['1', '12', '6,50005'],
  };
  assert.match(
    textOf((await press(olivia, url, odd).expect(422)).text),
    /Geben Sie ein Datum an\..*Verwenden Sie höchstens 4 Nachkommastellen\./,
  );
  await press(olivia, url, { ...typed, currency: 'XX' }).expect(422);
  await press(olivia, url, {
    ...odd,
    issued_on: '2026-11-01',
    'line_quantity[]': ['1000000000', '-1000000000', '1'],
    'line_price[]': ['1e11', '99999999999', '1'],
  }).expect(422);
  // Control characters are spaces; it fails by the price alone.
  const nul = { ...odd, issued_on: '2026-11-01', 'line_quantity[]': '1', title: '\u0000', 'line_price[]': 'x' };
  await press(olivia, url, nul).expect(422);
  assert.deepEqual(await drafts(), [], 'nothing is saved yet');

  const made = await press(olivia, url, {
    ...typed,
    'line_price[]': ['8.400,00', '145', '72,50'],
    preview: '1',
  }).expect(303);
  const preview = String(made.headers['location']);
  assert.match(preview, /\/documents\/[0-9a-f-]{36}\/preview$/);
  const looked = await olivia.get(preview).expect(200);
  // 8400.00 + 12 × 145 less 10 % + 6.5 × 72.50 = 10,437.25, and 8 % of it.
  assert.match(
    textOf(looked.text),
    /10,437\.25.*834\.98.*\$11,272\.23.*11\.272,23.\$/,
    'the sheet as its reader will see it',
  );
  assert.match(textOf(looked.text), /Maya Chen.*Noah Weiss/);
  const email = await olivia.get(`${preview}/email`).expect(200);
  assert.match(
    textOf(email.text),
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
  const sent = await press(olivia, `${draft}/send`, {
    seen: fieldsOf(looked.text)['seen']?.[0],
    message: 'Wie besprochen.',
  }).expect(303);
  const page = String(sent.headers['location']).replace(/\?.*/, '');
  assert.match(page, /\/documents\/INV-\d{4}$/);
  const received = await portal.post.to(home.noah.email, ({ text = '' }) => text.includes('Wie besprochen.'));
  assert.match(received.text ?? '', /11,272\.23/);
  await olivia.get(preview).expect(303).expect('Location', page);
  await press(olivia, `${draft}/send`, {}).expect(409);

  const form = fieldsOf((await olivia.get(`${page}/edit`).expect(200)).text);
  assert.deepEqual(form['line_quantity[]']?.slice(0, 3), ['1', '12', '6,5']);
  const revised = {
    ...typed,
    'line_price[]': ['8.400,00', '145', '80'],
    seen: form['seen']?.[0],
    message: 'Neue Version.',
  };
  await press(olivia, `${page}/revise`, { ...revised, 'line_price[]': ['8.400,00', 'x', '80'] }).expect(
    422,
    /Neue Version/,
  );
  await press(olivia, `${page}/revise`, revised).expect(303).expect('Location', `${page}?done=sent`);
  assert.match(textOf((await olivia.get(page)).text), /11\.324,88/);
  const stale = await press(tom, `${page}/revise`, { ...revised, message: 'Zu spät.' }).expect(409);
  assert.match(stale.text, /Zu spät\./);
  await portal.look(home.organization_id, (db) =>
    db('people').where({ id: home.olivia.id }).update({ locale: 'en-US' }),
  );

  function drafts() {
    return portal.look(home.organization_id, (db) => db('documents').where({ title: 'Empfang' }).select('id'));
  }
});

test('Two people edit one draft: the second gets a conflict, sees the current text, and loses nothing typed', async () => {
  const url = `/${home.slug}/documents/${await draftInvoice(portal, home, { title: 'Shelves' })}`;
  const [hers, his] = [fieldsOf((await olivia.get(`${url}/edit`)).text), fieldsOf((await tom.get(`${url}/edit`)).text)];
  await press(olivia, `${url}/edit`, { ...hers, title: 'Oak shelves', save: '1' })
    .expect(303)
    .expect('Location', `${url}?done=saved`);
  const late = await press(tom, `${url}/edit`, {
    ...his,
    title: 'Ash shelves',
    note: 'As agreed <today>',
    save: '1',
  }).expect(409);
  const form = fieldsOf(late.text);
  assert.deepEqual([form['title'], form['note']], [['Ash shelves'], ['As agreed <today>']]);
  assert.match(late.text, /As it is now[\s\S]*Oak shelves/);
  await press(tom, `${url}/edit`, { ...form, preview: '1' })
    .expect(303)
    .expect('Location', `${url}/preview`);
  assert.match((await tom.get(`${url}/preview`)).text, /Ash shelves/);

  await press(olivia, `${url}/send`, { seen: hers['seen']?.[0], message: 'Here it is.' }).expect(409, /Here it is\./);
  await press(tom, `${url}/edit`, { ...form, seen: '', 'recipient[]': [], recipient: [] }).expect(303);
  const nobody = await press(tom, `${url}/send`, {}).expect(422);
  assert.match(textOf(nobody.text), /Choose at least one recipient/);
  const maya = await portal.signIn(home.maya.email);
  await maya.get(`${url}/edit`).expect(404);
  await press(maya, `${url}/edit`, form).expect(404);
  const { url: sent } = await sentInvoice(portal, home);
  await maya.get(`${sent}/edit`).expect(403);
  await press(maya, `${sent}/revise`, form).expect(403);
  await press(maya, `${sent}/send`, {}).expect(403);
});

test('a new version that comes too late keeps what was written, in its editor', async () => {
  const { url } = await sentInvoice(portal, home);
  const form = fieldsOf((await tom.get(`${url}/edit`)).text);
  await press(olivia, `${url}/void`, { reason: 'Priced wrong' }).expect(303);
  const written = { ...form, title: 'Ash shelves', note: 'Two coats of oil', message: 'As discussed.' };
  const late = await press(tom, `${url}/revise`, written).expect(409);
  const kept = fieldsOf(late.text);
  assert.deepEqual([kept['title'], kept['note']], [['Ash shelves'], ['Two coats of oil']]);
  assert.match(textOf(late.text), /is “Voided”: this can’t be done to it now\./);
});

test('what can’t be printed is said at its field, what shows nothing is no title, and what was typed stays', async () => {
  const url = `/${home.slug}/invoices/new?partner=${home.partner_id}`;
  const blank = fieldsOf((await olivia.get(url)).text);
  const typed = {
    ...blank,
    title: 'Desk 𓀀',
    'line_description[]': ['Shelf', 'Lamp 𒀀'],
    'line_price[]': ['1', '2'],
    save: '1',
  };
  const { text } = await press(olivia, url, typed).expect(422);
  assert.match(text, /id="field-title-error">These characters can’t be printed: 𓀀 \(U\+13000\), 𒀀 \(U\+12000\)/);
  assert.match(text, /id="line-description-error-1"/);
  assert.doesNotMatch(text, /id="line-description-error-0"/);
  assert.deepEqual(fieldsOf(text)['title'], ['Desk 𓀀']);
  const unseen = { ...typed, title: '\u200b\u2060\u2800', 'line_description[]': ['Shelf', '\u00ad'] };
  const { text: empty } = await press(olivia, url, unseen).expect(422);
  assert.match(empty, /id="line-description-error-1">Say what it is\./);
  const made = await press(olivia, url, { ...unseen, 'line_description[]': ['Shelf 🪑', 'தமிழ்'] }).expect(303);
  const id = /[0-9a-f-]{36}/.exec(String(made.headers['location']))?.[0];
  const { title } = await portal.look(home.organization_id, (db) => db('documents').where({ id }).first('title'));
  assert.equal(title, '');
});

test('a revision is looked at before it is sent, and its page and its email say what changed', async () => {
  const { url } = await sentDocument(portal, home, 'estimate', { terms: '14 days' });
  const form = fieldsOf((await olivia.get(`${url}/edit`).expect(200)).text);
  const typed = {
    ...form,
    title: 'Reception, second floor',
    'recipient[]': [home.maya.id, home.noah.id],
    'line_price[]': ['120', ''],
    message: 'With the larger desk.',
  };
  const wrong = await press(olivia, `${url}/preview`, { ...typed, 'line_price[]': ['x', ''] }).expect(422);
  assert.match(wrong.text, /line-price-error-0/);
  const { text } = await press(olivia, `${url}/preview`, typed).expect(200);
  assert.match(textOf(text), /What changed in this version.*Reception, second floor.*Desk: price.*100\.00.*120\.00/);
  assert.doesNotMatch(textOf(text), /Desk: (quantity|tax|discount)|Deposit/, 'only what changed');
  assert.match(textOf(text), /Olivia Grant sent you a new version.*Who gets it.*Maya Chen.*Noah Weiss/);
  assert.match((await olivia.get(url)).text, /100\.00/, 'nothing is sent yet');
  const carried = fieldsOf(text);
  assert.deepEqual(carried['line_price[]'], ['120', '']);
  const back = await press(olivia, `${url}/rows`, carried).expect(200);
  assert.deepEqual(fieldsOf(back.text)['title'], ['Reception, second floor']);
  await press(olivia, `${url}/revise`, { ...carried, message: 'With the larger desk.' }).expect(303);
  const received = await portal.post.to(home.noah.email, ({ text = '' }) => text.includes('With the larger desk.'));
  assert.match(received.text ?? '', /Title: Reception (→|->) Reception, second floor|Reception, second floor/);
  assert.match(received.text ?? '', /Desk: price/);
  assert.doesNotMatch(received.text ?? '', /Desk: \$100/, 'the amount of one piece is its price');
  const maya = await portal.signIn(home.maya.email);
  assert.match(textOf((await maya.get(url)).text), /What changed in this version.*Desk: price.*Total/);
  await press(maya, `${url}/preview`, typed).expect(404);
  await press(maya, `${url}/accept`, {}).expect(303);
  const late = await press(olivia, `${url}/revise`, { ...carried, message: 'Too late.' }).expect(409);
  assert.deepEqual(fieldsOf(late.text)['title'], ['Reception, second floor']);
});
