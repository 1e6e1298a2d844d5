import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import { press } from '../support/forms.js';
import { sentInvoice } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';
import { MATRIX } from '../support/route_matrix.js';
import { columnsOf, openVisitors, type Visitors } from '../support/visitors.js';

let portal: Portal;
let visitors: Visitors;
before(async () => {
  portal = await openPortal();
  visitors = await openVisitors(portal);
});
after(() => portal.close());

test('a form from another site changes nothing', async () => {
  const { home, maya } = visitors;
  const path = `/${home.slug}/documents/INV-0001/comment`;
  for (const header of [
    { Origin: 'https://evil.example' },
    { 'Sec-Fetch-Site': 'cross-site' },
    { 'Sec-Fetch-Site': 'same-site' },
  ]) {
    await maya.post(path).set(header).type('form').send({ text: 'Hello' }).expect(403);
  }
});

test('uploads are refused before they are read, for visitors and beyond the size limit', async () => {
  const { home, nobody, maya } = visitors;
  const path = `/${home.slug}/documents/INV-0001/comment`;
  await nobody.post(path).attach('files', Buffer.alloc(1000), 'x.bin').expect(401);
  const most = 4 * portal.config.max_file_bytes;
  await maya
    .post(path)
    .set({ 'Content-Type': 'multipart/form-data; boundary=x', 'Content-Length': String(most + 1) })
    .send('--x--\r\n')
    .then(({ status }) => assert.equal(status, 413));
  const count = () => portal.look(home.organization_id, (db) => db('files').select('id'));
  const before = await count();
  await maya
    .post(`/${home.slug}/documents/INV-0001/void`)
    .attach('files', Buffer.from('not stored'), 'x.txt')
    .expect(403);
  const sha256 = createHash('sha256').update('not stored').digest('hex');
  await assert.rejects(portal.services.storage.get(sha256));
  assert.equal((await count()).length, before.length);
});

test('odd bytes in a form are cleaned or refused, never a 500', async () => {
  const { home, olivia } = visitors;
  const invoice = await sentInvoice(portal, home);
  await press(olivia, `${invoice.url}/void`, { reason: 'Twice\0\u0007sent' }).expect(303);
  const row = await portal.look(home.organization_id, (db) =>
    db('activities').where({ subject_id: invoice.id, action: 'void' }).first('details'),
  );
  assert.equal(row.details.reason, 'Twice sent');
  await olivia
    .post('/switch')
    .type('form')
    .send({ token: 'x'.repeat(60_000) })
    .expect(303)
    .expect('Location', '/sign-in');
  await olivia.get('/help/documents/INV-0001').expect(404);
});

test('GET changes nothing: no row is new, other or gone, whoever asks for any page', async () => {
  const { home } = visitors;
  await portal.idle();
  const pages = Object.keys(MATRIX).filter((route) => route.startsWith('GET') && !route.endsWith('/live'));
  // The workers go on reporting that they live.
  const tables = await portal
    .knex('pg_class')
    .where({ relkind: 'r' })
    .whereRaw(`relnamespace = 'public'::regnamespace`)
    .whereNot({ relname: 'workers' })
    .pluck('relname');
  const picture = () =>
    portal.look(home.organization_id, async (db) => {
      const seen: Record<string, string> = {};
      for (const table of tables) {
        const { rows } = await db.raw(
          `select count(*)::text || ' ' || coalesce(md5(string_agg(t::text, ',' order by t::text)), '') as all from ?? t`,
          [table],
        );
        seen[String(table)] = rows[0].all;
      }
      return seen;
    });
  const before = await picture();
  assert.ok(Object.values(before).filter((rows) => !rows.startsWith('0 ')).length > 12, 'there is something to change');
  for (const visitor of columnsOf(visitors)) for (const route of pages) await visitor.get(visitors.pathOf(route));
  assert.deepEqual(await picture(), before);
});
