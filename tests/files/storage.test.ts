import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { typeOfBytes, typeOfFile } from '../../src/files/content_type.js';
import { diskStorage } from '../../src/files/disk_storage.js';
import { until } from '../support/until.js';

let folder: string;
before(async () => (folder = await mkdtemp(join(tmpdir(), 'parley-storage-'))));
after(() => rm(folder, { recursive: true, force: true }));

const incoming = () => readdir(join(folder, 'incoming')).catch((): string[] => []);
const sizeOf = async () => {
  const sizes = (await incoming()).map(async (name) => (await stat(join(folder, 'incoming', name))).size);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
};

test('each chunk is on its way to disk before the next one is asked for', async () => {
  const storage = diskStorage(folder);
  const chunk = Buffer.alloc(65_536, 'x');
  async function* chunks() {
    for (let sent = 0; sent < 100; sent++) {
      assert.equal(await sizeOf(), sent * chunk.length);
      yield chunk;
    }
  }
  const held = await storage.hold(chunks());
  const all = Buffer.alloc(100 * chunk.length, 'x');
  const sha256 = createHash('sha256').update(all).digest('hex');
  assert.deepEqual({ ...held, path: '' }, { path: '', sha256, content_type: 'text/plain', size: all.length });
  await assert.rejects(storage.get(sha256), /no longer stored/);

  const kept = await storage.keep(held, '../x.txt', 'a/b');
  assert.deepEqual(kept, { sha256, name: 'x.txt', content_type: 'text/plain', declared_type: 'a/b', size: all.length });
  assert.ok((await storage.get(sha256)).equals(all));
  await storage.discard(held);
  const { size, bytes } = await storage.read(sha256);
  let read = 0;
  let pieces = 0;
  for await (const piece of bytes) {
    read += (piece as Buffer).length;
    pieces += 1;
  }
  assert.deepEqual([size, read], [all.length, all.length]);
  assert.ok(pieces > 10, `${pieces} pieces`);
});

test('nothing is left of what was kept twice, discarded or broken off', async () => {
  const storage = diskStorage(folder);
  const bytes = [Buffer.from('the same')];
  const [first, second] = await Promise.all([storage.hold(bytes), storage.hold(bytes)]);
  const both = await Promise.all([storage.keep(first, 'a', ''), storage.keep(second, 'b', '')]);
  assert.equal(both[0].sha256, both[1].sha256);
  assert.equal((await storage.put(Buffer.from('the same'), 'c', '')).sha256, first.sha256);
  await storage.discard(await storage.hold(bytes));
  async function* breaks() {
    yield Buffer.from('half');
    await Promise.reject(new Error('the line is dead'));
  }
  await assert.rejects(storage.hold(breaks()), /the line is dead/);
  assert.deepEqual(await incoming(), []);
});

test('what a killed process had begun is removed a day later', async () => {
  const [old, young] = ['old', 'young'].map((name) => join(folder, 'incoming', name)) as [string, string];
  await Promise.all([writeFile(old, 'x'), writeFile(young, 'x')]);
  const yesterday = new Date(Date.now() - 25 * 3_600_000);
  await utimes(old, yesterday, yesterday);
  diskStorage(folder);
  await until('the old one to go', async () => !(await incoming()).includes('old'));
  assert.deepEqual(await incoming(), ['young']);
});

test('a file’s type is found as in memory', async () => {
  const samples = [Buffer.from('%PDF-1.4\n'), Buffer.from('Grüße'), Buffer.from('MZ\u0090'), Buffer.alloc(0)];
  const png = await readFile(join(import.meta.dirname, '../../../public/icon.png')).catch(() => Buffer.alloc(3));
  for (const [index, bytes] of [...samples, png].entries()) {
    const path = join(folder, `sample${index}`);
    await writeFile(path, bytes);
    assert.equal(await typeOfFile(path), await typeOfBytes(bytes));
  }
});
