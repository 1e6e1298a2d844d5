import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../src/act.js';
import { CHANNEL } from '../../src/activity/record.js';
import { changeContact, removeContact } from '../../src/people/partner.js';
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

test('the open page of a contact who is removed, or has another address, hears nothing more', async () => {
  const home = await harbor(portal);
  const invoice = await sentInvoice(portal, home, { recipients: [home.maya.id, home.noah.id] });
  const mayas = await portal.open(await portal.post.to(home.maya.email, invoice.number));
  const noahs = await portal.open(await portal.post.to(home.noah.email, invoice.number));
  const url = `${portal.base_url}${invoice.url}/live`;
  const [hers, his] = [listenTo(url, mayas.cookie), listenTo(url, noahs.cookie)];
  await Promise.all([hers.open, his.open]);
  await removeContact(portal.knex, home.staff, home.partner_id, home.maya.id);
  assert.match(await hers.first, /^event: ended/m, 'her page asks anew for itself');
  await hers.ended;
  await act(portal.knex, home.staff, invoice.id, 'comment', { text: 'Hello', audience: 'shared' });
  assert.match(await his.first, /event: changed/);
  // His old mailbox is somebody else's now.
  const email = home.noah.email.replace('noah', 'noah.weiss');
  await changeContact(portal.knex, home.staff, home.partner_id, home.noah.id, { name: home.noah.name, email });
  await his.ended;
  await mayas.get(`${invoice.url}/live`).expect(303);
});

test('once the database has cut us off, open pages come again: what happened meanwhile was not heard', async () => {
  const home = await harbor(portal);
  const invoice = await sentInvoice(portal, home);
  const { cookie } = await portal.open(await portal.post.to(home.maya.email));
  const url = `${portal.base_url}${invoice.url}/live`;
  const rendered = await portal.look(home.organization_id, (db) => db('activities').orderBy('id', 'desc').first('id'));
  const stream = listenTo(url, cookie);
  await stream.open;
  const { rowCount } = await portal.knex.raw(
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query = ?`,
    [`listen ${CHANNEL}`],
  );
  assert.equal(rowCount, 1);
  await act(portal.knex, home.staff, invoice.id, 'comment', { text: 'Hello', audience: 'shared' });
  await stream.ended;
  const again = listenTo(`${url}?after=${rendered.id}`, cookie);
  assert.match(await again.first, /event: changed/);
  again.stop();
});
