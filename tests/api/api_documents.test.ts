import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { newKey, program, tokenFor } from '../support/api.js';
import { day } from '../support/days.js';
import { type Harbor, harbor, sentInvoice } from '../support/harbor.js';
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
