import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import { newId } from '../../src/db/ids.js';
import { type DocumentType, types } from '../../src/document_types/index.js';
import { act } from '../../src/documents/act.js';
import { addProject } from '../../src/projects/project.js';
import { harbor, type Harbor, sentInvoice } from '../support/harbor.js';
import { type Browser, openPortal, type Portal } from '../support/portal.js';

/**
 * Every route × every kind of visitor. The columns are: nobody; Maya by the link to this very document; Maya by a
 * link to another one; Maya, signed in; Olivia of the staff; the same with everything of another organization. `in`
 * is sign-in, `code` the step that proves a mailbox,
 * `404` what is not there for them, `ok` anything else but an error of ours. A route without a line fails.
 */
/** A line for each type of document; a proposal can't be begun by hand. */
const lines = (line: (type: DocumentType) => [string, string], of = types) => Object.fromEntries(of.map(line));

const begun = types.filter(({ name }) => name !== 'proposal');

const theirs = ({ startedBy }: DocumentType) => startedBy === 'partner';

const MATRIX: Record<string, string> = {
  //                                                        nobody link  other maya  olivia rival
  'GET /healthz': 'ok ok ok ok ok ok',
  'GET /readyz': 'ok ok ok ok ok ok',
  'GET /healthz/mail': 'ok ok ok ok ok ok',
  'GET /unsubscribe/:token': '404 404 404 404 404 404',
  'POST /unsubscribe/:token': '404 404 404 404 404 404',
  'POST /unsubscribe/:token/undo': '404 404 404 404 404 404',
  'POST /webhooks/sandbox': '401 401 401 401 401 401',
  // No provider's key is set: they are off.
  'POST /inbound/postmark': '404 404 404 404 404 404',
  'POST /inbound/mailgun': '404 404 404 404 404 404',
  'POST /inbound/mailgun/mime': '404 404 404 404 404 404',
  'POST /inbound/sendgrid': '404 404 404 404 404 404',
  'POST /inbound/ses': '404 404 404 404 404 404',
  'GET /setup': '404 404 404 404 404 404',
  'POST /setup': '404 404 404 404 404 404',
  'GET /in/:token': 'ok ok ok ok ok ok',
  'POST /switch': 'ok ok ok ok ok ok',
  'POST /fresh-link': 'ok ok ok ok ok ok',
  'GET /check': 'ok ok ok ok ok ok',
  'POST /check': 'ok ok ok ok ok ok',
  'GET /sign-in': 'ok ok ok ok ok ok',
  'POST /sign-in': 'ok ok ok ok ok ok',
  'GET /verify': 'ok ok ok ok ok ok',
  'POST /verify': 'ok ok ok ok ok ok',
  'GET /sign-in/code': 'ok ok ok ok ok ok',
  'POST /sign-in/code': 'ok ok ok ok ok ok',
  'GET /sign-in/link/:token': 'ok ok ok ok ok ok',
  'POST /sign-in/link/:token': 'ok ok ok ok ok ok',
  'POST /sign-out': 'ok ok ok ok ok ok',
  'GET /': 'ok ok ok ok ok ok',
  'GET /styleguide': 'ok ok ok ok ok ok',
  'GET /sandbox/checkout/:organization_id/:payment_id': '404 404 404 404 404 404',
  'POST /sandbox/checkout/:organization_id/:payment_id': '404 404 404 404 404 404',
  'GET /:organization': 'in code code ok ok 404',
  ...lines((type) => [`GET /:organization/${type.path}`, 'in code code ok ok 404']),
  // Maya buys: she has no bills to send.
  ...lines(
    (type) => [
      `GET /:organization/${type.path}/new`,
      theirs(type) ? 'in code code 404 ok 404' : 'in 404 404 404 ok 404',
    ],
    begun,
  ),
  ...lines(
    (type) => [
      `POST /:organization/${type.path}/new`,
      theirs(type) ? '401 ok ok 404 ok 404' : '401 404 404 404 ok 404',
    ],
    begun,
  ),
  'GET /:organization/documents': 'in code code ok ok 404',
  'GET /:organization/bookmarks': 'in code code ok ok 404',
  'POST /:organization/bookmarks': '401 ok ok ok ok 404',
  'POST /:organization/bookmarks/:id': '401 ok ok ok ok 404',
  'POST /:organization/bookmarks/:id/remove': '401 ok ok 404 404 404',
  'GET /:organization/documents/:key/versions/:version': 'in ok 404 ok ok 404',
  'GET /:organization/desk': 'in 404 404 404 ok 404',
  'GET /:organization/desk/defaults': 'in 404 404 404 ok 404',
  'POST /:organization/desk/defaults/:type': '401 404 404 404 404 404',
  'GET /:organization/projects': 'in code code ok ok 404',
  'GET /:organization/projects/new': 'in 404 404 404 ok 404',
  'POST /:organization/projects': '401 404 404 404 ok 404',
  'GET /:organization/projects/:project': 'in code code ok ok 404',
  'GET /:organization/projects/:project/edit': 'in 404 404 404 ok 404',
  'POST /:organization/projects/:project': '401 404 404 404 ok 404',
  'GET /:organization/mail-room': 'in 404 404 404 ok 404',
  'GET /:organization/mail-room/:id': 'in 404 404 404 404 404',
  'GET /:organization/mail-room/:id/preview': 'in 404 404 404 404 404',
  'GET /:organization/mail-room/:id/original': 'in 404 404 404 404 404',
  'POST /:organization/mail-room/:id/place': '401 404 404 404 404 404',
  'POST /:organization/mail-room/:id/assign': '401 404 404 404 404 404',
  'POST /:organization/mail-room/:id/contact': '401 404 404 404 404 404',
  'POST /:organization/mail-room/:id/address': '401 404 404 404 404 404',
  'POST /:organization/mail-room/:id/replay': '401 404 404 404 404 404',
  'POST /:organization/mail-room/:id/refuse': '401 404 404 404 404 404',
  'POST /:organization/mail-room/:id/set-aside': '401 404 404 404 404 404',
  'GET /:organization/delivery': 'in 404 404 404 ok 404',
  'POST /:organization/delivery/check': '401 404 404 404 ok 404',
  'POST /:organization/delivery/key': '401 404 404 404 ok 404',
  'POST /:organization/delivery/test': '401 404 404 404 ok 404',
  'POST /:organization/delivery/trust/:person': '401 404 404 404 ok 404',
  'GET /:organization/partners': 'in 404 404 404 ok 404',
  'GET /:organization/partners/new': 'in 404 404 404 ok 404',
  'POST /:organization/partners': '401 404 404 404 ok 404',
  'GET /:organization/partners/:partner': 'in 404 404 404 ok 404',
  'GET /:organization/partners/:partner/edit': 'in 404 404 404 ok 404',
  'POST /:organization/partners/:partner': '401 404 404 404 ok 404',
  'GET /:organization/partners/:partner/contacts/new': 'in 404 404 404 ok 404',
  'POST /:organization/partners/:partner/contacts': '401 404 404 404 ok 404',
  'GET /:organization/partners/:partner/contacts/:contact/edit': 'in 404 404 404 ok 404',
  'POST /:organization/partners/:partner/contacts/:contact': '401 404 404 404 ok 404',
  'POST /:organization/partners/:partner/contacts/:contact/addresses/remove': '401 404 404 404 ok 404',
  'POST /:organization/partners/:partner/contacts/:contact/remove': '401 404 404 404 ok 404',
  'GET /:organization/documents/:key/edit': 'in ok 404 ok ok 404',
  'POST /:organization/documents/:key/edit': '401 ok 404 ok ok 404',
  'POST /:organization/documents/:key/revise': '401 ok 404 ok ok 404',
  'POST /:organization/documents/:key/resubmit': '401 ok 404 ok ok 404',
  'GET /:organization/documents/:key/answer': 'in ok 404 ok ok 404',
  'POST /:organization/documents/:key/answer': '401 ok 404 ok ok 404',
  'POST /:organization/documents/:key/submit': '401 ok 404 ok ok 404',
  'POST /:organization/documents/:key/propose': '401 ok 404 ok ok 404',
  'GET /:organization/documents/:key/compare': 'in 404 404 404 404 404',
  'POST /:organization/documents/:key/award': '401 ok 404 ok ok 404',
  'GET /:organization/documents/:key/preview': 'in 404 404 404 ok 404',
  'GET /:organization/documents/:key/preview/pdf': 'in 404 404 404 ok 404',
  'GET /:organization/documents/:key/preview/email': 'in 404 404 404 ok 404',
  'POST /:organization/documents/:key/send': '401 ok 404 ok ok 404',
  'GET /:organization/documents/:key/live': 'in ok 404 ok ok 404',
  'GET /:organization/documents/:key/pdf': 'in ok 404 ok ok 404',
  'GET /:organization/files/:id/:name': 'in ok 404 ok ok 404',
  'GET /:organization/documents/:key/pay': 'in ok 404 ok ok 404',
  'POST /:organization/documents/:key/pay': '401 ok 404 ok ok 404',
  'GET /:organization/documents/:key': 'in ok 404 ok ok 404',
  'POST /:organization/documents/:key/view': '401 ok 404 ok ok 404',
  'POST /:organization/documents/:key/:action': '401 ok 404 ok ok 404',
};
let portal: Portal;
let home: Harbor;
let paths: Record<string, string>;
let visitors: (Browser | null)[];

before(async () => {
  portal = await openPortal();
  home = await harbor(portal);
  const rival = await harbor(portal);
  const invoice = await sentInvoice(portal, home);
  const received = await portal.post.to(home.maya.email);
  await sentInvoice(portal, home);
  const other = await portal.post.to(home.maya.email, ({ subject }) => subject?.includes('INV-0002') ?? false);
  await addProject(portal.knex, home.staff, { key: 'maple', name: 'Reception', partner_id: home.partner_id });
  const bytes = await portal.services.storage.put(Buffer.from('a plan'), 'plan.txt', 'text/plain');
  await act(portal.knex, home.staff, invoice.id, 'comment', { text: 'The plan' }, { files: [bytes] });
  const file = await portal.look(home.organization_id, (db) => db('files').whereNotNull('comment_id').first('id'));
  paths = {
    ':organization': home.slug,
    ':key': invoice.number,
    ':partner': home.partner_id,
    ':contact': home.noah.id,
    ':version': '1',
    ':project': 'MAPLE',
    ':id/:name': `${file.id}/plan.txt`,
  };
  visitors = [
    portal.browser(),
    await portal.open(received),
    await portal.open(other),
    await portal.signIn(home.maya.email),
    await portal.signIn(home.olivia.email),
    await portal.signIn(rival.olivia.email),
  ];
});

after(() => portal.close());

function pathOf(route: string): string {
  const known = Object.entries(paths).reduce(
    (path, [name, value]) => path.replace(name, value),
    route.split(' ')[1] ?? '',
  );
  return known
    .replace(/:action/, 'comment')
    .replace(/:token/, 'x'.repeat(43))
    .replace(/:\w+/g, newId());
}

test('a form from another site changes nothing', async () => {
  const [, , , maya] = visitors;
  assert.ok(maya);
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
  const path = `/${home.slug}/documents/INV-0001/comment`;
  const [nobody, , , maya] = visitors;
  assert.ok(nobody && maya);
  await nobody.post(path).attach('files', Buffer.alloc(1000), 'x.bin').expect(401);
  const most = 4 * portal.config.max_file_bytes;
  await maya
    .post(path)
    .set({ 'Content-Type': 'multipart/form-data; boundary=x', 'Content-Length': String(most + 1) })
    .send('--x--\r\n')
    .timeout({ response: 5000 })
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
  const [, , , , olivia] = visitors;
  assert.ok(olivia);
  const invoice = await sentInvoice(portal, home);
  await olivia.post(`${invoice.url}/void`).type('form').send({ reason: 'Twice\0\u0007sent' }).expect(303);
  const row = await portal.look(home.organization_id, (db) =>
    db('activities').where({ document_id: invoice.id, action: 'void' }).first('details'),
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
  await portal.idle();
  const pages = Object.keys(MATRIX).filter((route) => route.startsWith('GET') && !route.endsWith('/live'));
  // The heartbeat of the job runners goes on by itself.
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
  for (const visitor of visitors) for (const route of pages) await visitor?.get(pathOf(route));
  assert.deepEqual(await picture(), before);
});
