import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { newKey, program, tokenFor } from '../support/api.js';
import { day } from '../support/days.js';
import { type Harbor, harbor, sentDocument, sentInvoice } from '../support/harbor.js';
import { lifecycleOf } from '../../src/subjects/lifecycles.js';
import { openPortal, type Portal } from '../support/portal.js';

let portal: Portal;
let home: Harbor;
let olivia: ReturnType<typeof program>;
before(async () => {
  portal = await openPortal();
  home = await harbor(portal);
  olivia = program(portal, await tokenFor(portal, home, home.olivia.id));
});
after(() => portal.close());

const content = () => ({
  title: 'Shelves',
  issued_on: day(0),
  due_on: day(14),
  recipients: [home.maya.id],
  lines: [{ description: 'Oak shelf', quantity: '2', unit_price: '120.50' }],
});

test('a draft is made, sent and found by a program, as by a person', async () => {
  const made = await olivia('invoices', { body: { partner: home.partner_id, currency: 'USD', content: content() } });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  assert.equal(made.headers.get('Location'), `/api/v1/invoices/${made.body.id}`);
  assert.deepEqual([made.body.total, made.body.currency, made.body.state], [24_100, 'USD', 'draft']);
  const tag = String(made.headers.get('ETag'));
  const sent = await olivia(`invoices/${made.body.id}/send`, { body: {}, headers: { 'If-Match': tag } });
  assert.equal(sent.status, 200, JSON.stringify(sent.body));
  assert.match(sent.body.number, /^INV-/);
  const email = await portal.post.to(home.maya.email, sent.body.number);
  assert.ok(email);
  const shown = await olivia(`invoices/${sent.body.number}`);
  assert.equal(shown.body.open, 24_100);
  assert.equal(shown.body.lines[0].unit_price, '120.500000');
  assert.ok(shown.body.actions.includes('record_payment'));
  assert.equal(shown.headers.get('ETag'), sent.headers.get('ETag'));
});

const draft = async () =>
  (await olivia('invoices', { body: { partner: home.partner_id, currency: 'USD', content: content() } })).body
    .id as string;

test('what binds is decided on what was seen: 428 without If-Match, 412 with an older one', async () => {
  const { number } = await sentInvoice(portal, home);
  const shown = await olivia(`invoices/${number}`);
  const pay = { amount: 4000, method: 'check', paid_on: day(0) };
  const blind = await olivia(`invoices/${number}/record_payment`, { body: pay });
  assert.equal(blind.status, 428, JSON.stringify(blind.body));
  const headers = { 'If-Match': String(shown.headers.get('ETag')) };
  assert.equal((await olivia(`invoices/${number}/record_payment`, { body: pay, headers })).status, 200);
  const stale = await olivia(`invoices/${number}/record_payment`, { body: pay, headers });
  assert.deepEqual([stale.status, stale.body.status], [412, 412]);
  assert.equal((await olivia(`invoices/${number}`)).body.open, 6800);
  // What only says something is decided on nothing.
  assert.equal((await olivia(`invoices/${number}/comment`, { body: { text: 'Thank you' } })).status, 200);
});

test('a request with an Idempotency-Key is done once, also when it comes twice at the same time', async () => {
  const { number } = await sentInvoice(portal, home);
  const path = `invoices/${number}/comment`;
  const key = newKey();
  const send = (text: string) => olivia(path, { body: { text }, headers: { 'Idempotency-Key': key } });
  const [one, two] = await Promise.all([send('Once'), send('Once')]);
  assert.deepEqual([one.status, two.status, one.body], [200, 200, two.body]);
  const again = await send('Once');
  assert.equal(again.headers.get('Idempotency-Replayed'), 'true');
  assert.deepEqual(again.body, one.body);
  assert.equal((await send('Another')).status, 422);
  const { body } = await olivia(`invoices/${number}/comments`);
  assert.deepEqual(
    body.data.map((comment: { body: string }) => comment.body),
    ['Once'],
  );
  assert.equal((await olivia(path, { body: { text: 'x' }, headers: { 'Idempotency-Key': 'short' } })).status, 422);
  const made = () =>
    olivia('invoices', {
      body: { partner: home.partner_id, currency: 'USD', content: content() },
      headers: { 'Idempotency-Key': key },
    });
  assert.equal((await made()).body.id, (await made()).body.id);
});

test('a list goes on where its page ended, whatever came meanwhile, until it is over', async () => {
  const ours = await harbor(portal);
  const program_ = program(portal, await tokenFor(portal, ours, ours.tom.id));
  const sent = [];
  for (let i = 0; i < 5; i++) sent.push(await sentInvoice(portal, ours));
  const first = await program_('invoices?limit=2');
  assert.match(String(first.headers.get('Link')), /^<[^>]+>; rel="next"$/);
  await sentInvoice(portal, ours);
  const second = await program_(first.body.next);
  const third = await program_(second.body.next);
  const numbers = [first, second, third].flatMap(({ body }) => body.data.map((row: { number: string }) => row.number));
  assert.deepEqual(numbers, sent.map(({ number }) => number).toReversed());
  assert.deepEqual([third.body.next, third.headers.get('Link')], [null, null]);
  assert.equal((await program_(`invoices?q=nothing-like-it`)).body.data.length, 0);
  assert.equal((await program_(`invoices?partner=${ours.partner_id}&state=sent&from=2020-01-01`)).status, 200);
  for (const wrong of [
    'limit=0',
    'limit=x',
    'cursor=zzz',
    'partner=me',
    'from=yesterday',
    'unknown=1',
    'limit=1&limit=2',
  ])
    assert.equal((await program_(`invoices?${wrong}`)).status, 422, wrong);
});

test('a token does what its scopes say, and nothing else', async () => {
  const reader = program(portal, await tokenFor(portal, home, home.olivia.id, ['invoices:read']));
  const id = await draft();
  const estimate = await sentDocument(portal, home, 'estimate', { recipients: [home.maya.id] });
  const { number } = await sentInvoice(portal, home);
  assert.equal((await reader(`invoices/${number}`)).status, 200);
  const refusals: [string, unknown][] = [
    [`invoices/${id}/send`, {}],
    [`invoices/${number}/comment`, { text: 'No' }],
    ['invoices', { partner: home.partner_id, currency: 'USD', content: content() }],
    ['partners', undefined],
    ['estimates', undefined],
    [`estimates/${estimate.number}`, undefined],
    ['projects', undefined],
  ];
  for (const [path, body] of refusals) {
    const answer = await reader(path, body === undefined ? {} : { body });
    assert.deepEqual([answer.status, answer.body.status], [403, 403], path);
  }
  // Nor by the path of another kind.
  assert.equal((await reader(`invoices/${estimate.number}`)).status, 404);
  const accepts = program(portal, await tokenFor(portal, home, home.olivia.id, ['quotes:write']));
  const shown = await accepts(`estimates/${estimate.number}`);
  const headers = { 'If-Match': String(shown.headers.get('ETag')) };
  const [creating = ''] =
    Object.entries(lifecycleOf('estimate').actions).find(([, one]) => one.creates === 'invoice') ?? [];
  const invoiced = await accepts(`estimates/${estimate.number}/${creating}`, { body: {}, headers });
  assert.deepEqual([invoiced.status, invoiced.body.status], [403, 403]);
});

test('a token is never more than its person: roles, sides and other organizations', async () => {
  const rival = await harbor(portal);
  const theirs = program(portal, await tokenFor(portal, rival, rival.olivia.id));
  const { number } = await sentInvoice(portal, home);
  const id = await draft();
  for (const path of [`invoices/${number}x`, `invoices/${id}`, `partners/${home.partner_id}`])
    assert.equal((await theirs(path)).status, 404, path);
  await portal.look(home.organization_id, (db) => db('organizations').update({ partner_tokens: true }));
  const maya = program(portal, await tokenFor(portal, home, home.maya.id));
  const shown = await maya(`invoices/${number}`);
  assert.equal(shown.status, 200);
  assert.ok(!shown.body.actions.includes('record_payment'));
  const headers = { 'If-Match': String(shown.headers.get('ETag')) };
  const pay = { amount: 100, method: 'check', paid_on: day(0) };
  assert.equal((await maya(`invoices/${number}/record_payment`, { body: pay, headers })).status, 403);
  assert.equal((await maya(`invoices/${id}`)).status, 404);
  assert.equal((await maya('partners')).status, 404);
  assert.equal((await maya('invoices', { body: { currency: 'USD', content: content() } })).status, 403);
  await portal.look(home.organization_id, (db) => db('people').where({ id: home.tom.id }).update({ role: 'viewer' }));
  const viewer = program(portal, await tokenFor(portal, home, home.tom.id));
  assert.equal((await viewer(`invoices/${number}`)).status, 200);
  assert.equal((await viewer(`invoices/${id}/send`, { body: {} })).status, 403);
});

test('what is wrong is said by the input’s paths, as problem details; what can’t be read is 4xx', async () => {
  const wrong = { partner: home.partner_id, currency: 'XXQ', content: { ...content(), lines: [{ quantity: 'two' }] } };
  const answer = await olivia('invoices', { body: wrong });
  assert.equal(answer.status, 422);
  assert.match(String(answer.headers.get('Content-Type')), /^application\/problem\+json/);
  assert.deepEqual(Object.keys(answer.body.errors).toSorted(), [
    'content.lines.0.description',
    'content.lines.0.quantity',
    'currency',
  ]);
  const json = { 'Content-Type': 'application/json' };
  const raw = (body: string, headers: Record<string, string> = json) =>
    fetch(`${portal.base_url}/api/v1/invoices`, {
      method: 'POST',
      body,
      headers: { ...headers, Authorization: bearer },
    });
  const bearer = `Bearer ${await tokenFor(portal, home, home.olivia.id)}`;
  assert.equal((await raw('{"a":')).status, 400);
  assert.equal((await raw('[]')).status, 422);
  assert.equal((await raw('a=b', { 'Content-Type': 'application/x-www-form-urlencoded' })).status, 415);
  assert.equal((await raw(JSON.stringify({ x: 'y'.repeat(1_100_000) }))).status, 413);
  assert.equal((await olivia('nothing')).status, 404);
  assert.equal((await olivia('/api/v2/me')).status, 404);
  assert.equal((await olivia(`invoices/${await draft()}/fly`, { body: {} })).status, 404);
});

test('files go up with an act and come down again, for whom the token reaches so far', async () => {
  const { number } = await sentInvoice(portal, home);
  const form = new FormData();
  form.set('input', JSON.stringify({ text: 'The plan' }));
  form.set('files', new File(['a plan'], 'plan.txt', { type: 'text/plain' }));
  const sent = await olivia(`invoices/${number}/comment`, { body: form });
  assert.equal(sent.status, 200, JSON.stringify(sent.body));
  const { body } = await olivia(`invoices/${number}/comments`);
  const [file] = body.data[0].files;
  assert.deepEqual([file.name, file.size], ['plan.txt', 6]);
  assert.equal((await olivia(`files/${file.id}`)).body, 'a plan');
  const [listed] = (await olivia(`invoices/${number}/files`)).body.data;
  assert.equal(listed.id, file.id);
  const planner = program(portal, await tokenFor(portal, home, home.olivia.id, ['projects:read']));
  assert.equal((await planner(`files/${file.id}`)).status, 404);
  const pdf = await olivia(`invoices/${number}/pdf`);
  assert.deepEqual([pdf.status, pdf.headers.get('Content-Type')], [200, 'application/pdf']);
});

test('signing takes a person', async () => {
  await portal.look(home.organization_id, (db) => db('organizations').update({ partner_tokens: true }));
  const maya = program(portal, await tokenFor(portal, home, home.maya.id));
  const { number } = await sentDocument(portal, home, 'estimate', { signature_required: true });
  const shown = await maya(`estimates/${number}`);
  const headers = { 'If-Match': String(shown.headers.get('ETag')) };
  const answer = await maya(`estimates/${number}/accept`, { body: { signature: 'Maya Chen' }, headers });
  assert.deepEqual([answer.status, answer.body.detail], [403, 'Signing takes a person: sign on the document’s page.']);
});
