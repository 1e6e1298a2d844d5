import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdir, stat } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { NoRoom } from '../../src/errors.js';
import { harbor, sentInvoice } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';
import { until } from '../support/until.js';

let portal: Portal;
let home: Awaited<ReturnType<typeof harbor>>;
let path: string;
let maya: Awaited<ReturnType<Portal['open']>>;
before(async () => {
  portal = await openPortal();
  home = await harbor(portal);
  const { number } = await sentInvoice(portal, home);
  path = `/${home.slug}/documents/${number}`;
  maya = await portal.open(await portal.post.to(home.maya.email));
});
after(() => portal.close());

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

/** The sizes of the files that are on disk, but not stored. */
async function incoming(): Promise<number[]> {
  const folder = join(portal.folder, 'files', 'incoming');
  const names = await readdir(folder).catch((): string[] => []);
  // What is listed may be gone a moment later.
  const sizeOf = (name: string) =>
    stat(join(folder, name)).then(
      ({ size }) => [size],
      (): number[] => [],
    );
  return (await Promise.all(names.map(sizeOf))).flat();
}

/** Begins to send a comment with these files, as `files`. */
function begin(files: Record<string, Buffer>) {
  const parts = Object.entries({ text: Buffer.from('Here'), ...files }).flatMap(([name, bytes]) => {
    const field = name === 'text' ? '"text"' : `"files"; filename="${name}"`;
    return [Buffer.from(`--x\r\nContent-Disposition: form-data; name=${field}\r\n\r\n`), bytes, Buffer.from('\r\n')];
  });
  const body = Buffer.concat([...parts, Buffer.from('--x--\r\n')]);
  const headers = {
    Cookie: maya.cookie,
    'Content-Type': 'multipart/form-data; boundary=x',
    'Content-Length': body.length,
  };
  const sending = request(`${portal.base_url}${path}/comment`, { method: 'POST', headers });
  sending.on('error', () => {});
  return { sending, body };
}

test('a file goes to disk as it arrives, while pages are answered; a download comes back the same', async () => {
  const bytes = randomBytes(8 * 2 ** 20);
  const { sending, body } = begin({ 'large.bin': bytes });
  const half = body.length / 2;
  sending.write(body.subarray(0, half));
  await until('half of it on disk', async () => (await incoming()).some((size) => size > 0.9 * half));
  await maya.get(path).expect(200);
  sending.end(body.subarray(half));
  const [response] = (await once(sending, 'response')) as [IncomingMessage];
  assert.equal(response.statusCode, 303);
  assert.deepEqual(await incoming(), []);
  const file = await portal.look(home.organization_id, (db) =>
    db('files')
      .where({ sha256: sha256(bytes) })
      .first(),
  );
  assert.deepEqual([file.name, file.size, file.content_type], ['large.bin', bytes.length, 'application/octet-stream']);
  const url = `/${home.slug}/files/${file.id}/large.bin`;
  const download = await maya.get(url).buffer(true).expect(200).expect('Content-Length', String(bytes.length));
  assert.equal(sha256(download.body as Buffer), file.sha256);
  await maya.head(url).expect(200).expect('Content-Length', String(bytes.length));
});

test('an upload that breaks off leaves nothing, of the files before it neither', async () => {
  const { sending, body } = begin({ 'whole.bin': randomBytes(100_000), 'half.bin': randomBytes(4 * 2 ** 20) });
  sending.write(body.subarray(0, 2 * 2 ** 20));
  await until('both to be on disk', async () => (await incoming()).length === 2);
  sending.destroy();
  await until('both to be gone', async () => (await incoming()).length === 0);
});

test('a refused form leaves nothing: none of its files is stored', async () => {
  const good = randomBytes(1000);
  for (const [name, bad] of [
    ['empty.txt', Buffer.alloc(0)],
    ['invoice.pdf', Buffer.from('MZ\u0090 a program')],
  ] as const) {
    const refused = await maya
      .post(`${path}/comment`)
      .field('text', 'What I typed')
      .attach('files', good, 'good.bin')
      .attach('files', bad, name)
      .expect(422);
    assert.match(refused.text, new RegExp(`What I typed.*${name}”`, 's'));
  }
  await maya.post(`${path}/void`).attach('files', good, 'good.bin').expect(403);
  await until('nothing to be left', async () => (await incoming()).length === 0);
  await assert.rejects(portal.services.storage.get(sha256(good)), /no longer stored/);
});

test('a file beyond the limit is refused, and what came of it removed', async () => {
  const large = Buffer.alloc(portal.config.max_file_bytes + 1);
  const refused = await maya.post(`${path}/comment`).field('text', 'Large').attach('files', large, 'large.bin');
  assert.equal(refused.status, 413);
  assert.match(refused.text, />Large<\/textarea>[\s\S]*“large.bin” is larger than/);
  await until('nothing to be left', async () => (await incoming()).length === 0);
});

test('too many files, or too long a text: the form comes back with what was typed, and says so at the field', async () => {
  const comment = maya.post(`${path}/comment`).field('text', 'With my photos');
  for (let i = 0; i < 21; i++) void comment.attach('files', Buffer.from('photo'), `photo${i}.txt`);
  const files = await comment;
  assert.equal(files.status, 413);
  assert.match(files.text, />With my photos<\/textarea>[\s\S]*At most 20 files at once\./);
  const text = await maya.post(`${path}/comment`).field('text', `${'long '.repeat(62_000)}end`);
  assert.equal(text.status, 422);
  assert.match(text.text, /long end<\/textarea>[\s\S]*Use at most 50,000 characters\./);
  await until('nothing to be left', async () => (await incoming()).length === 0);
});

test('where the disk is full it says so, however much of the form has come', async (t) => {
  t.mock.method(portal.services.storage, 'hold', async (bytes: AsyncIterable<Buffer>) => {
    for await (const chunk of bytes) if (chunk.length > 0) throw new NoRoom();
  });
  const comment = maya
    .post(`${path}/comment`)
    .field('text', 'The plans')
    .attach('files', randomBytes(3e6), 'plans.bin');
  assert.match((await comment.expect(507)).text, /There is no room to store this/);
});
