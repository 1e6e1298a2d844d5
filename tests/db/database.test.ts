import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openDatabase, refuseUnboundRole } from '../../src/db/database.js';
import { isId, newId } from '../../src/db/ids.js';
import { migrate } from '../../src/db/migrate.js';
import { connectionTo } from '../support/database.js';
import { harbor, sentInvoice } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';

let portal: Portal;
before(async () => (portal = await openPortal()));
after(() => portal.close());

test('a killed migration does not block the next start, and concurrent starts take turns', async () => {
  const applied = () => portal.knex('migrations').orderBy('id').pluck<string[]>('name');
  const all = await applied();
  assert.ok(all.length > 5);
  await portal.knex('migrations_lock').update({ is_locked: 1 });
  await Promise.all([migrate(portal.knex), migrate(portal.knex), migrate(portal.knex)]);
  assert.deepEqual(await applied(), all);
  assert.deepEqual(await portal.knex('migrations_lock').pluck('is_locked'), [0]);
});

test('ids sort in the order they were made, however many in a millisecond', () => {
  const ids = Array.from({ length: 20_000 }, newId);
  assert.ok(ids.every(isId));
  assert.deepEqual(ids, [...new Set(ids)].sort());
});

test('activities, versions and ledger entries are append-only', async () => {
  const home = await harbor(portal);
  const { id } = await sentInvoice(portal, home);
  for (const [table, column] of [
    ['activities', 'subject_id'],
    ['versions', 'document_id'],
    ['ledger_entries', 'document_id'],
  ] as const) {
    const change = (work: (rows: ReturnType<Portal['knex']>) => Promise<unknown>) =>
      portal.look(home.organization_id, (db) => work(db(table).where({ [column]: id })));
    await assert.rejects(
      change(async (rows) => rows.update({ created_at: new Date() })),
      /append-only/,
    );
    await assert.rejects(
      change(async (rows) => rows.delete()),
      /append-only/,
    );
  }
});

test('a role that bypasses row security is refused', async () => {
  const superuser = openDatabase({ ...connectionTo('postgres'), user: 'postgres' });
  await assert.rejects(refuseUnboundRole(superuser.knex), /row security/);
  await superuser.close();
  await refuseUnboundRole(portal.knex);
});
