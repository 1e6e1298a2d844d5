import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import request from 'supertest';
import { act } from '../../src/act.js';
import { type Database, openDatabase } from '../../src/db/database.js';
import { openSession } from '../../src/people/sessions.js';
import { startWeb } from '../../src/start/roles.js';
import { openWire, type Wire } from '../bench/wire.js';
import { connectionTo } from '../support/database.js';
import { draftInvoice, harbor, type Harbor, partnerActor, sentDocument, sentInvoice } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';

// What acts ask of the database, counted by a relay before it.

let portal: Portal;
let home: Harbor;
let wire: Wire;
let db: Database;
before(async () => {
  portal = await openPortal();
  home = await harbor(portal);
  wire = await openWire(connectionTo(portal.database));
  db = openDatabase({ ...connectionTo(portal.database), host: wire.host });
});
after(async () => {
  await db.close();
  await wire.close();
  await portal.close();
});

/** Does `work` once its connections are open and its statements prepared, and counts what it asks. */
async function atMost(round_trips: number, statements: number, work: () => Promise<unknown>): Promise<void> {
  for (let i = 0; i < 3; i++) await work();
  const before = { ...wire };
  await work();
  const asked = [wire.round_trips - before.round_trips, wire.statements - before.statements] as const;
  assert.ok(asked[0] <= round_trips && asked[1] <= statements, `${asked[0]} round trips, ${asked[1]} statements`);
}

test('a comment by form takes a round trip to know who asks, one to find the document, and two to act', async () => {
  const { url } = await sentInvoice(portal, home, { recipients: [home.maya.id, home.noah.id] });
  const web = await startWeb({ ...portal.services, config: { ...portal.config, port: 0 }, db });
  const user = await portal.knex('users').where({ email: home.maya.email }).first('id');
  const cookie = `parley_session=${await openSession(portal.knex, user.id, 'test')}`;
  const comment = () =>
    request(`http://127.0.0.1:${web.port}`)
      .post(`${url}/comment`)
      .set('Cookie', cookie)
      .type('form')
      .send({ text: 'Could it come in the second week?', audience: 'shared' })
      .expect(303);
  await atMost(4, 26, comment);
  await web.stop();
});

test('an act reads in one round trip, and doesn’t wait for what it writes', async () => {
  const maya = partnerActor(home, home.maya);
  const said = await sentInvoice(portal, home);
  await atMost(2, 17, () => act(db.knex, maya, said.id, 'comment', { text: 'Hello' }));
  const [drafts, paid, estimates] = [[] as string[], [] as string[], [] as string[]];
  for (let i = 0; i < 4; i++) {
    drafts.push(await draftInvoice(portal, home));
    paid.push((await sentInvoice(portal, home)).id);
    estimates.push((await sentDocument(portal, home, 'estimate')).id);
  }
  const payment = { amount: 4000, paid_on: '2026-11-20', method: 'Cash' };
  await atMost(10, 30, () => act(db.knex, home.staff, drafts.pop() ?? '', 'send'));
  await atMost(5, 17, () => act(db.knex, maya, estimates.pop() ?? '', 'accept'));
  await atMost(6, 19, () => act(db.knex, home.staff, paid.pop() ?? '', 'record_payment', payment));
});
