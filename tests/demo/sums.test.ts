import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { checkSums } from '../../src/jobs/check_sums.js';
import { openDemo } from '../support/demo.js';
import type { Portal } from '../support/portal.js';

let portal: Portal;
before(async () => (portal = await openDemo()));
after(() => portal.close());

test('after the whole story, what is kept as sums is what its ledger adds up to', async () => {
  const { id } = await portal.knex('organizations').where({ slug: 'harbor' }).first('id');
  const kept = await portal.look(id, async (db) => ({
    balances: await db('balances').whereNot({ amount: 0 }),
    items: await db('open_items').select('amount'),
  }));
  assert.ok(kept.balances.length > 2 && kept.items.length > 2);
  await checkSums(portal.knex);
});
