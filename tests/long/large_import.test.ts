import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { leadImport, startImport } from '../../src/imports/import_store.js';
import type { ImportSettings } from '../../src/imports/import_kinds.js';
import { harbor } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';

const ROWS = process.env['TEST_LONG'] ? 50_000 : 1000;

let portal: Portal;
before(async () => (portal = await openPortal()));
after(() => portal.close());

test('a table of 50,000 rows with a hundred bad ones is checked whole, and all others are imported', async () => {
  const home = await harbor(portal);
  const bad = ROWS / (ROWS === 50_000 ? 500 : 10);
  const rows = Array.from({ length: ROWS }, (_, n) => {
    const wrong = n % (ROWS / bad) === 0;
    return `Item ${n};I-${n};pc;${wrong ? 'on request' : `${(n % 900) + 1},50`}`;
  });
  const bytes = Buffer.from(`Bezeichnung;Artikelnummer;Einheit;Preis\n${rows.join('\n')}\n`);
  const { sha256 } = await portal.services.storage.put(bytes, 'items.csv', 'text/csv');
  const id = await startImport(portal.knex, home.staff, { kind: 'items', name: 'items.csv', sha256 });
  const found = async () => {
    await portal.idle();
    return portal.look(home.organization_id, (db) => db('imports').where({ id }).first());
  };
  const { settings } = (await found()) as { settings: ImportSettings };
  assert.equal(settings.numbers, 'comma');
  await leadImport(portal.knex, home.staff, id, 'match', settings);
  assert.deepEqual((await found()).counts, { new: ROWS - bad, refused: bad });
  await leadImport(portal.knex, home.staff, id, 'run');
  const { state, counts } = await found();
  assert.deepEqual([state, counts], ['done', { made: ROWS - bad, refused: bad }]);
});
