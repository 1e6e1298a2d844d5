import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { after, before, test } from 'node:test';
import type { Knex } from 'knex';
import { openDatabase } from '../../src/db/database.js';
import { newId } from '../../src/db/ids.js';
import { isOutage } from '../../src/db/outage.js';
import { actingAs, queryPrepared, systemActor, withActor } from '../../src/db/scope.js';
import { connectionOf } from '../../src/db/writing/knex_connection.js';
import { send } from '../../src/db/writing/transaction.js';
import { connectionTo } from '../support/database.js';
import { harbor, type Harbor } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';

let portal: Portal;
let home: Harbor;
before(async () => {
  portal = await openPortal();
  home = await harbor(portal);
});
after(() => portal.close());

const savedView = (path: string) => ({
  organization_id: home.organization_id,
  id: newId(),
  person_id: home.olivia.id,
  name: path,
  path,
});
const paths = () => withActor(portal.knex, home.staff, (db) => db('saved_views').orderBy('id').pluck('path'));
const TWICE = { code: '23505' };

test('what is sent is done in order, and stored with the commit', async () => {
  await withActor(portal.knex, home.staff, async (db) => {
    await send(db, db('saved_views').insert(savedView('/a')));
    await send(db, db('saved_views').where({ path: '/a' }).update({ path: '/b' }));
    assert.deepEqual(await db('saved_views').pluck('path'), ['/b']);
  });
  assert.deepEqual(await paths(), ['/b']);
});

test('if what was sent last fails, nothing is stored, and the transaction fails with its error', async () => {
  const failing = withActor(portal.knex, home.staff, async (db) => {
    await send(db, db('saved_views').insert(savedView('/c')));
    await send(db, db('saved_views').insert(savedView('/b')));
    await send(db, db('saved_views').insert(savedView('/d')));
    await send(db, db('saved_views').insert(savedView('/e')));
  });
  await assert.rejects(failing, TWICE);
  assert.deepEqual(await paths(), ['/b']);
});

test('what is asked after a failure is told of the failure, not of its consequence', async () => {
  const failing = withActor(portal.knex, home.staff, async (db) => {
    await send(db, db('saved_views').insert(savedView('/b')));
    await db('saved_views').select('id', 'name');
  });
  await assert.rejects(failing, TWICE);
  const refused = withActor(portal.knex, home.staff, async (db) => {
    await send(db, db('saved_views').insert(savedView('/f')));
    throw new Error('No.');
  });
  await assert.rejects(refused, /No\./);
  assert.deepEqual(await paths(), ['/b']);
});

test('a transaction within another fails alone', async () => {
  await withActor(portal.knex, home.staff, async (outer) => {
    await send(outer, outer('saved_views').insert(savedView('/g')));
    const inner = withActor(outer, systemActor(home.organization_id, home.olivia.id), (db) =>
      send(db, db('saved_views').insert(savedView('/b'))),
    );
    await assert.rejects(inner, TWICE);
    await send(outer, outer('saved_views').insert(savedView('/h')));
  });
  assert.deepEqual(await paths(), ['/b', '/g', '/h']);
});

test('what goes on after its transaction has ended does nothing in the next one on that connection', async () => {
  const one = openDatabase(connectionTo(portal.database), 1);
  const system = systemActor(home.organization_id);
  const gone: Knex.Transaction[] = [];
  const failing = withActor(one.knex, system, async (db) => {
    gone.push(db);
    throw new Error('No.');
  });
  await assert.rejects(failing, /No\./);
  await withActor(one.knex, home.staff, async (db) => {
    const [before] = gone;
    assert.ok(before);
    await assert.rejects(queryPrepared(before, 'select 1', []), /has ended/);
    await assert.rejects(
      actingAs(before, system, async () => {}),
      /has ended/,
    );
    const { rows } = await db.raw<{ rows: { side: string }[] }>(`select current_setting('app.side') as side`);
    assert.deepEqual(rows, [{ side: 'staff' }]);
  });
  await one.close();
});

test('a connection that ends without a word, while its commit is under way, is an outage', async () => {
  const failing = withActor(portal.knex, home.staff, async (db) => {
    await db.raw('select 1');
    const client = (await connectionOf(db)) as unknown as { connection: { stream: Socket } };
    client.connection.stream.destroy();
  });
  await assert.rejects(failing, { message: 'COMMIT; - Connection terminated unexpectedly' });
  await assert.rejects(failing, isOutage);
});

test('a statement that a pooler or a migration lost is sent again with its text', async () => {
  const one = openDatabase(connectionTo(portal.database), 1);
  let tries = 0;
  const read = () =>
    withActor(one.knex, home.staff, async (db) => {
      tries++;
      return db('saved_views').where({ path: '/b' }).pluck('path');
    });
  await read();
  await one.knex.raw('deallocate all');
  assert.deepEqual(await read(), ['/b']);
  await read();
  assert.equal(tries, 4);
  await one.close();
});
