import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { readConfig } from '../../src/config.js';
import { isOutage } from '../../src/db/outage.js';
import { Missing } from '../../src/errors.js';
import { diskStorage } from '../../src/files/disk_storage.js';
import { findOrphans, removeOrphans } from '../../src/files/orphans.js';
import type { Storage } from '../../src/files/storage.js';
import { moveFiles } from '../../src/start/stored/move_files.js';
import { openStorage } from '../../src/start/stored/open_storage.js';
import { openBucket } from '../support/bucket.js';
import { harbor, sentInvoice } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';

let bucket: Awaited<ReturnType<typeof openBucket>>;
let folder: string;
let storage: Storage;
before(async () => {
  bucket = await openBucket();
  folder = await mkdtemp(join(process.env['TEST_FOLDER'] ?? tmpdir(), 'held-'));
  storage = await openStorage(readConfig({ ...bucket.env, DATA_DIR: folder }));
});
after(async () => {
  await bucket.close();
  await rm(folder, { recursive: true, force: true });
});

const held = () => readdir(join(folder, 'files/incoming')).catch((): string[] => []);
const hashOf = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

test('what is kept is in the bucket, large files in parts; nothing stays on disk', async () => {
  const large = Buffer.alloc(12 * 2 ** 20, 'large');
  for (const bytes of [large, Buffer.from('small'), Buffer.alloc(0)]) {
    const one = await storage.hold([bytes]);
    assert.equal(await storage.find(one.sha256), null);
    await assert.rejects(storage.get(one.sha256), Missing);
    await assert.rejects(storage.read(one.sha256), Missing);
    assert.equal(await storage.sizeOf(one.sha256), null);
    const [kept, again] = [await storage.keep(one, '../x.txt', 'a/b'), await storage.put(bytes, 'x.txt', 'a/b')];
    assert.deepEqual([kept.name, kept.sha256, kept.size], ['x.txt', hashOf(bytes), bytes.length]);
    assert.deepEqual(again, kept);
    assert.ok((await storage.get(one.sha256)).equals(bytes));
    assert.equal(await storage.sizeOf(one.sha256), bytes.length);
    const { size, bytes: stream } = await storage.read(one.sha256);
    assert.ok(Buffer.concat(await stream.toArray()).equals(bytes));
    assert.equal(size, bytes.length);
    await storage.remove(one.sha256);
    await storage.remove(one.sha256);
    assert.equal(await storage.find(one.sha256), null);
  }
  await storage.discard(await storage.hold([large]));
  assert.deepEqual(await held(), []);
});

test('a bucket that isn’t there is named at the start; one that is away is waited for', async () => {
  const config = (more: object) => readConfig({ ...bucket.env, DATA_DIR: folder, ...more });
  await assert.rejects(
    openStorage(config({ S3_BUCKET: 'nobodys' })),
    /^Error: S3_BUCKET: there is no bucket nobodys\.$/,
  );
  await openStorage(config({ S3_ENDPOINT: 'http://127.0.0.1:9' }));
});

test('files move from disk to a bucket and back: what is there is skipped, what is damaged is named', async () => {
  const disk = diskStorage(join(folder, 'disk'));
  const texts = Array.from({ length: 30 }, (_, n) => Buffer.from(`file ${n}`));
  for (const text of texts) await disk.put(text, 'x', '');
  const broken = hashOf(Buffer.from('file 7'));
  const path = join(folder, 'disk', broken.slice(0, 2), broken);
  await writeFile(path, 'file 8');
  await storage.put(Buffer.from('file 3'), 'x', '');
  assert.deepEqual(await moveFiles(disk, storage), { files: 29, fresh: 28, faults: [broken] });
  assert.deepEqual(await moveFiles(disk, storage), { files: 29, fresh: 0, faults: [broken] });
  const back = diskStorage(join(folder, 'back'));
  assert.deepEqual(await moveFiles(storage, back), { files: 29, fresh: 29, faults: [] });
  assert.equal(String(await back.get(hashOf(Buffer.from('file 29')))), 'file 29');
});

test('a portal keeps its files in a bucket; while that is away, people are told so, and nothing is lost', async (t) => {
  const portal: Portal = await openPortal({ ...bucket.env, LOG_LEVEL: 'silent' });
  t.after(() => portal.close());
  const home = await harbor(portal);
  const { url } = await sentInvoice(portal, home);
  const received = await portal.post.to(home.maya.email);
  const maya = await portal.open(received);
  await maya.get(`${url}/pdf`).expect(200);
  const form = () =>
    maya.post(`${url}/comment`).field('text', 'See it').attach('files', Buffer.from('The plan'), 'plan.txt');
  await form().expect(303);
  await portal.idle();
  const page = (await maya.get(url).expect(200)).text;
  const [, link = ''] = /href="([^"]+plan\.txt[^"]*)"/.exec(page) ?? [];
  assert.equal((await maya.get(link).expect(200)).text, 'The plan');
  const local = await readdir(join(portal.folder, 'files'), { recursive: true, withFileTypes: true });
  assert.deepEqual(
    local.filter((entry) => entry.isFile()).map(({ name }) => name),
    [],
  );

  const tomorrow = Date.now() + 2 * 86_400_000;
  const stray = await portal.services.storage.put(Buffer.from('of nobody'), 'x', '');
  const orphans = await findOrphans(portal.knex, portal.services.storage, tomorrow);
  assert.ok(orphans.some(({ sha256 }) => sha256 === stray.sha256));
  // It was stored again since.
  await removeOrphans(portal.services.storage, orphans);
  assert.ok(await portal.services.storage.find(stray.sha256));
  await removeOrphans(portal.services.storage, orphans, tomorrow);
  await removeOrphans(portal.services.storage, orphans, tomorrow);
  assert.deepEqual(await findOrphans(portal.knex, portal.services.storage, tomorrow), []);
  await maya.get(link).expect(200);

  await bucket.stop();
  await maya.get(link).expect(503);
  await form().expect(503);
  await assert.rejects(storage.get(hashOf(Buffer.from('x'))), (error) => isOutage(error));
  // Its bytes are in the database until it can be read.
  const attachments = [{ filename: 'sketch.txt', content: 'A sketch' }];
  await portal.reply(received, 'By email', { attachments });
  await portal.idle();
  await bucket.start();
  await portal.runJobsNow();
  await portal.idle();
  assert.match((await maya.get(url).expect(200)).text, /sketch\.txt/);
  await form().expect(303);
  await maya.get(link).expect(200);
});
