import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { NoRoom } from '../../src/errors.js';
import { findOrphans, removeOrphans } from '../../src/files/orphans.js';
import { diskStorage } from '../../src/files/disk_storage.js';
import { harbor, sentInvoice } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';

let portal: Portal;
before(async () => (portal = await openPortal()));
after(() => portal.close());

const LONG_AGO = new Date(Date.now() - 3 * 86_400_000);

test('orphans are found and removed while everything runs; a kept PDF whose file is gone is printed again', async () => {
  const home = await harbor(portal);
  const { url } = await sentInvoice(portal, home);
  const maya = await portal.open(await portal.post.to(home.maya.email));
  await maya.get(`${url}/pdf`).expect(200);
  await portal.idle();
  const { storage } = portal.services;
  const folder = join(portal.folder, 'files');
  const [orphan, reborn, young] = await Promise.all(
    ['nobody’s', 'stored again', 'of a form that is being sent'].map((text) => storage.put(Buffer.from(text), 'x', '')),
  );
  const half = join(folder, 'incoming', 'half');
  await writeFile(half, 'cut off');
  const pathOf = (sha256 = '') => join(folder, sha256.slice(0, 2), sha256);
  const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  for (const { parentPath, name } of files)
    if (name !== young?.sha256) await utimes(join(parentPath, name), LONG_AGO, LONG_AGO);

  const found = await findOrphans(portal.knex, storage);
  const paths = [half, pathOf(orphan?.sha256), pathOf(reborn?.sha256)];
  assert.deepEqual(found.map(({ path }) => path).toSorted(), paths.toSorted());
  await storage.put(Buffer.from('stored again'), 'y', '');
  await removeOrphans(storage, found);
  assert.equal(await storage.find(orphan?.sha256 ?? ''), null);
  assert.equal(String(await storage.find(reborn?.sha256 ?? '')), 'stored again');
  assert.ok(await storage.find(young?.sha256 ?? ''));
  assert.deepEqual(await findOrphans(portal.knex, storage), []);

  const kept = () => portal.look(home.organization_id, (db) => db('files').whereNotNull('version').pluck('sha256'));
  for (const sha256 of await kept()) await rm(pathOf(String(sha256)));
  const { headers } = await maya.get(`${url}/pdf`).expect(200);
  assert.match(String(headers['content-type']), /pdf/);
  for (const sha256 of await kept()) assert.ok(await storage.find(String(sha256)), 'stored anew');
});

const isRoot = process.getuid?.() === 0;

test('a full disk says so, and keeps no half of a file', { skip: !isRoot && 'a small disk needs root' }, async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'parley-full-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder]);
  t.after(async () => {
    execFileSync('umount', [folder]);
    await rm(folder, { recursive: true });
  });
  const storage = diskStorage(folder);
  await assert.rejects(storage.put(Buffer.alloc(2 ** 21, 'x'), 'x', ''), NoRoom);
  async function* chunks() {
    for (let i = 0; i < 40; i++) yield Buffer.alloc(65_536, 'x');
  }
  await assert.rejects(storage.hold(chunks()), NoRoom);
  assert.deepEqual(await readdir(join(folder, 'incoming')), []);
  assert.equal((await storage.put(Buffer.from('small'), 'x', '')).size, 5);
});
