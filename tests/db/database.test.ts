import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { harbor, sentInvoice } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';

let portal: Portal;

before(async () => (portal = await openPortal()));

after(() => portal.close());

test('a migration that was killed does not lock the next start out, and several starts at once take turns', async () => {
  const { migrate } = await import('../../src/db/migrate.js');
  await portal.knex('migrations_lock').update({ is_locked: 1 });
  await Promise.all([migrate(portal.knex), migrate(portal.knex), migrate(portal.knex)]);
});

test('what happened can’t be changed afterwards', async () => {
  const home = await harbor(portal);
  const { id } = await sentInvoice(portal, home);
  for (const table of ['activities', 'versions', 'ledger_entries']) {
    await assert.rejects(
      portal.look(home.organization_id, (db) =>
        db(table).where({ document_id: id }).update({ created_at: new Date() }),
      ),
      /append-only/,
    );
    await assert.rejects(
      portal.look(home.organization_id, (db) => db(table).where({ document_id: id }).delete()),
      /append-only/,
    );
  }
});

test('a role that row security doesn’t bind is refused at the start', async () => {
  const { refuseUnboundRole, openDatabase } = await import('../../src/db/database.js');
  const { connectionTo } = await import('../support/database.js');
  const superuser = openDatabase({ ...connectionTo('postgres'), user: 'postgres' });
  await assert.rejects(refuseUnboundRole(superuser.knex), /row security/);
  await superuser.close();
  await refuseUnboundRole(portal.knex);
});
