import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { backupCommand, emptyPlace, everyTable } from '../support/backups.js';
import { seenOn } from '../support/forms.js';
import { type Harbor, harbor, sentDocument, sentInvoice, type Sent } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';
import type { ReceivedEmail } from '../support/post_office.js';

let portal: Portal;
let backups: string;
let home: Harbor;
let invoice: Sent;
let estimate: Sent;
let received: ReceivedEmail;
let signed: Buffer;
/** A backup of all of it, and its newest. */
let newest: string;

const isSigned = ({ attachments }: ReceivedEmail) => /signed\.pdf$/.test(attachments[0]?.filename ?? '');

/** A portal with an invoice and its PDF, a comment, an estimate that was signed by hand, and mail. */
before(async () => {
  portal = await openPortal();
  backups = await mkdtemp(join(process.env['TEST_FOLDER'] ?? tmpdir(), 'backups-'));
  home = await harbor(portal);
  invoice = await sentInvoice(portal, home);
  received = await portal.post.to(home.maya.email);
  await (await portal.open(received)).get(`${invoice.url}/pdf`).expect(200);
  await portal.reply(received, 'Tabs\tand \\N, “quotes”\nand ünïcödé.');
  estimate = await sentDocument(portal, home, 'estimate', { due_on: '2099-01-01', signature_required: true });
  const mayas = await portal.signIn(home.maya.email);
  const seen = seenOn(await mayas.get(`${estimate.url}?open=accept`).expect(200));
  await mayas
    .post(`${estimate.url}/accept`)
    .type('form')
    .send({ seen, signature: 'Maya Chen', agree: 'on' })
    .expect(303);
  signed = (await portal.post.to(home.maya.email, isSigned)).attachments[0]?.content ?? Buffer.alloc(0);
  await portal.idle();
  // While it runs, and again once it doesn't.
  const first = await backupCommand(portal, 'backup', [backups]);
  assert.equal(first.code, 0, first.errors);
  await portal.stop();
  const second = await backupCommand(portal, 'backup', [backups]);
  assert.match(second.said, /\d+ files, of which 0 are new/);
  newest = second.said.split('\n')[0] ?? '';
});
after(() => rm(backups, { recursive: true, force: true }));

const restore = (env: Record<string, string>, args = [backups]) => backupCommand(portal, 'restore', args, env);

/** Runs what was restored. */
async function started(place: { database: string; folder: string; watched(): Promise<unknown> }, env = {}) {
  await place.watched();
  return openPortal(env, place);
}

test('the drill: what is restored into an empty place is what was backed up, and goes on', async (t) => {
  const place = await emptyPlace();
  t.after(() => place.remove());
  const done = await restore(place.env);
  assert.equal(done.code, 0, done.errors);
  assert.doesNotMatch(done.said, /SECRET/);
  assert.deepEqual(await everyTable(place.database), await everyTable(portal.database));
  const [here, there] = await Promise.all([place.folder, portal.folder].map(storedIn));
  assert.ok(here?.length);
  assert.deepEqual(here, there);

  const again = await started(place);
  t.after(() => again.close());
  const maya = await again.open(received);
  assert.equal(maya.page, invoice.url);
  await maya
    .get(invoice.url)
    .expect(200)
    .expect(/ünïcödé/);
  await maya.get(`${invoice.url}/pdf`).expect(200).expect('Content-Type', /pdf/);
  await again
    .browser()
    .post('/check')
    .attach('file', signed, 'x.pdf')
    .expect(200)
    .expect(/Unchanged[\s\S]*Maya Chen/);
  const mayas = await again.signIn(home.maya.email);
  const { body } = (await mayas.get(`${estimate.url}/pdf`).expect(200)) as { body: Buffer };
  assert.ok(body.equals(signed));
  await again.reply(received, 'Still there?');
  await again.idle();
  const bodies = await again.look(home.organization_id, (db) => db('comments').pluck('body'));
  assert.ok(bodies.includes('Still there?'));
  // Numbers go on.
  assert.notEqual((await sentInvoice(again, home)).number, invoice.number);
  const found = await again.look(home.organization_id, (db) => db('organizations').pluck('id'));
  assert.deepEqual(found, [home.organization_id], 'row security holds');
});

const storedIn = async (folder: string) =>
  (await readdir(join(folder, 'files'), { recursive: true })).filter((name) => /[0-9a-f]{64}$/.test(name)).toSorted();

test('restored under another SECRET, it says what ends, and all else works; with SECRET_OLD nothing ends', async (t) => {
  const place = await emptyPlace();
  t.after(() => place.remove());
  const SECRET = randomBytes(16).toString('hex');
  const done = await restore({ ...place.env, SECRET });
  assert.equal(done.code, 0, done.errors);
  assert.match(done.said, /another SECRET[\s\S]*links, reply addresses[\s\S]*DKIM[\s\S]*Stripe/);

  const rotated = await started(place, { SECRET, SECRET_OLD: portal.services.secret });
  assert.equal((await rotated.open(received)).page, invoice.url);
  await rotated.stop();
  const later = await openPortal({ SECRET }, rotated);
  t.after(() => later.close());
  await later.browser().get(received.link).expect(410);
  const code = await later.signInByCode(home.olivia.email);
  await code.get(`/${home.slug}/desk`).expect(200);
  await later
    .browser()
    .post('/check')
    .attach('file', signed, 'x.pdf')
    .expect(200)
    .expect(/Unchanged/);

  const next = await emptyPlace();
  t.after(() => next.remove());
  const kept = await restore({ ...next.env, SECRET, SECRET_OLD: portal.services.secret });
  assert.equal(kept.code, 0, kept.errors);
  assert.doesNotMatch(kept.said, /SECRET/);
});

test('a database that is used is refused, and stays as it is; a start without the demo is no use yet', async () => {
  const filled = await everyTable(portal.database);
  const refused = await restore({});
  assert.equal(refused.code, 1);
  assert.equal(refused.errors, 'The database is not empty. Restore into one that nothing was written to.\n');
  assert.deepEqual(await everyTable(portal.database), filled);
  const fresh = await openPortal();
  await fresh.stop();
  const { database_url: DATABASE_URL, folder: DATA_DIR } = fresh;
  const done = await restore({ DATABASE_URL, DATA_DIR });
  assert.equal(done.code, 0, done.errors);
  assert.deepEqual(await everyTable(fresh.database), filled);
});

test('whom row security binds can’t make a backup, and nothing is left of it', async () => {
  const before = await readdir(backups);
  const { code, errors } = await backupCommand(portal, 'backup', [backups], { BACKUP_DATABASE_URL: '' });
  assert.equal(code, 1);
  assert.match(errors, /^The database role "parley" may not read everything.*BACKUP_DATABASE_URL/);
  assert.deepEqual(await readdir(backups), before);
  assert.equal((await backupCommand(portal, 'backup', [])).code, 64);
});

/** A change of a file that is undone after `work`. */
async function withChange(path: string, change: (text: string) => string | null, work: () => Promise<void>) {
  const bytes = await readFile(path);
  const text = change(bytes.toString());
  await (text === null ? rm(path) : text === '' ? appendFile(path, '\0') : writeFile(path, text));
  await work().finally(() => writeFile(path, bytes));
}

test('what is damaged, missing, changed or newer is found by verify, and never restored', async (t) => {
  const place = await emptyPlace();
  t.after(() => place.remove());
  const files = await readdir(join(backups, 'files'), { recursive: true });
  const stored = join(backups, 'files', files.find((name) => /[0-9a-f]{64}$/.test(name)) ?? '');
  const table = join(newest, 'tables', 'public.comments.gz');
  const damaged: [string, (text: string) => string | null, RegExp][] = [
    [table, () => '', /^tables\/public\.comments\.gz is not what was written/m],
    [table, () => null, /^tables\/public\.comments\.gz is missing/m],
    [stored, () => '', /^files\/[0-9a-f]{64} is not what was written/m],
    [stored, () => null, /^files\/[0-9a-f]{64} is missing/m],
    [join(newest, 'files.txt'), () => '', /^files\.txt is not what was written/m],
    [join(newest, 'manifest.json'), () => null, /holds no backup that was finished/],
    [join(newest, 'manifest.json'), () => '', /can't be read/],
  ];
  for (const [path, change, words] of damaged)
    await withChange(path, change, async () => {
      const answers = [backupCommand(portal, 'verify', [backups]), restore(place.env)];
      for (const { code, errors } of await Promise.all(answers)) {
        assert.equal(code, 1);
        assert.match(errors, words);
      }
    });
  const manifest = join(newest, 'manifest.json');
  const newer = (text: string) => text.replace('"001_actors.sql"', '"001_actors.sql", "999_later.sql"');
  await withChange(manifest, newer, async () => {
    assert.match((await restore(place.env)).errors, /newer version of Parley.*999_later\.sql/);
  });
  assert.deepEqual(await everyTable(place.database), {}, 'nothing was written');
  const fewer = (text: string) => text.replace(/("name": "comments",[^]*?"rows": )"\d+"/, '$1"7"');
  await withChange(manifest, fewer, async () => {
    assert.match((await restore(place.env)).errors, /"comments" has \d+ rows that aren’t the 7 of the backup/);
  });
  const whole = await backupCommand(portal, 'verify', [backups]);
  assert.match(whole.said, /is whole: \d+ tables/);
  // What was cut off can be done again.
  const done = await restore(place.env);
  assert.equal(done.code, 0, done.errors);
});

test('a file that is no longer stored is named; older backups go with the files that only they have', async () => {
  const files = join(portal.folder, 'files');
  const [gone = ''] = (await readdir(files, { recursive: true })).filter((name) => /[0-9a-f]{64}$/.test(name));
  const bytes = await readFile(join(files, gone));
  await rm(join(files, gone));
  await rm(join(backups, 'files', gone));
  const { code, said, errors } = await backupCommand(portal, 'backup', [backups, '--keep', '1']);
  await writeFile(join(files, gone), bytes);
  assert.equal(code, 1);
  assert.match(errors, new RegExp(`^1 files.*not stored.*\\n${gone.slice(-64)}\\n`));
  assert.match(said, /Removed 2 older backups, and 0 files/);
  const whole = await backupCommand(portal, 'backup', [backups]);
  assert.match(whole.said, /of which 1 are new/);
  await writeFile(join(backups, 'files', 'a'.repeat(64)), 'of a backup that was removed');
  const pruned = await backupCommand(portal, 'backup', [backups, '--keep', '2']);
  assert.match(pruned.said, /Removed 1 older backups, and 1 files/);
  assert.equal((await backupCommand(portal, 'verify', [backups])).code, 0);
  assert.equal((await readdir(backups)).length, 3);
});
