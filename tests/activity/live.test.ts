import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../src/act.js';
import { harbor, sentInvoice } from '../support/harbor.js';
import { listenTo } from '../support/live.js';
import { openPortal, type Portal } from '../support/portal.js';

let portal: Portal;

before(async () => (portal = await openPortal()));

after(() => portal.close());

test('an open page gets an event when a comment is added', async () => {
  const home = await harbor(portal);
  const invoice = await sentInvoice(portal, home);
  const received = await portal.post.to(home.maya.email);
  const mayas = await portal.open(received);
  const stream = listenTo(`${portal.base_url}${invoice.url}/live`, mayas.cookie);
  await stream.open;
  await act(portal.knex, home.staff, invoice.id, 'comment', { text: 'Hello', audience: 'shared' });
  assert.match(await stream.first, /event: changed/);
  stream.stop();
});
