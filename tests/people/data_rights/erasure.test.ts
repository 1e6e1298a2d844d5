import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { checkSums } from '../../../src/jobs/check_sums.js';
import { forgetAddresses } from '../../../src/people/data_rights/erasing/finish_erasure.js';
import { erasePerson } from '../../../src/people/data_rights/erase_person.js';
import { eraseBatch } from '../../../src/people/data_rights/erasing/run_erasure.js';
import { addStaff } from '../../../src/people/organization.js';
import { newContact } from '../../../src/people/partner.js';
import { columnsHolding } from '../../support/dump.js';
import { errorsIn, post, refused, textOf } from '../../support/forms.js';
import { harbor, type Harbor, sentInvoice } from '../../support/harbor.js';
import { openPortal, type Portal } from '../../support/portal.js';
import { xaviera } from '../../support/xaviera.js';

let portal: Portal;
before(async () => (portal = await openPortal()));
/** Takes the place of the portal's own. */
let worker: Awaited<ReturnType<Portal['startWorker']>> | undefined;
after(async () => {
  await worker?.stop();
  await portal.close();
});

const dataOf = ({ slug }: Harbor, id: string) => `/${slug}/people/${id}/data`;

/** What must not change by an erasure. */
const recordOf = (home: Harbor) =>
  portal.look(home.organization_id, async (db) => ({
    ledger: await db('ledger_entries').orderBy('id'),
    balances: await db('balances').orderBy('currency'),
    versions: await db('versions').orderBy(['document_id', 'version']),
    signatures: await db('signatures').orderBy('id'),
  }));

/** Where names and addresses of an erased person may still stand, as the catalogue says. */
const KEPT = [
  'inbound_messages.raw', // the stranger's, and the invoice's forwarded words
  'signatures.email',
  'signatures.name',
];

test('erased, she is found nowhere but where it is said to stay; the record is as it was, and all pages open', async () => {
  const her = await xaviera(portal);
  const { home, id, name, email, address, former, hers, invoice, estimate } = her;
  const sought = ['quäkenbrück', 'quakenbruck', 'vogelsang', address, former, 'quaek1@private'];
  const before = await recordOf(home);
  const photo = await portal.look(home.organization_id, (db) => db('people').where({ id }).first('photo_sha256'));
  assert.ok(await portal.services.storage.find(photo.photo_sha256));
  const olivia = await portal.signInByCode(home.olivia.email);
  const signed = await olivia.get(`${estimate.url}/pdf`).responseType('blob');

  const form = await olivia.get(`${dataOf(home, id)}/erase`).expect(200);
  assert.match(textOf(form.text), /What stays Signatures and signed documents/);
  const wrong = await refused(olivia, `${dataOf(home, id)}/erase`, 422, { email: 'maya@maple.example' });
  assert.deepEqual(errorsIn(wrong), ['Type their email address exactly as it is shown.']);
  await post(olivia, `${dataOf(home, id)}/erase`, { email });
  // At once: she is out.
  await hers
    .get(invoice.url)
    .expect(303, /./)
    .expect('Location', /sign-in/);
  await portal.idle();
  const told = await portal.post.to(address, 'What was signed or booked stays');
  assert.doesNotMatch(told.raw, /Quäkenbrück/);
  await forgetAddresses(portal.knex);

  assert.deepEqual(
    (await columnsHolding(portal.database, sought)).filter((column) => !KEPT.includes(column)),
    [],
  );
  assert.equal(await portal.services.storage.find(photo.photo_sha256), null);
  assert.deepEqual(await recordOf(home), before);
  await checkSums(portal.knex);
  const page = textOf((await olivia.get(invoice.url).expect(200)).text);
  assert.match(page, /Deleted person/);
  assert.doesNotMatch(page, new RegExp(`${name}|Vogelsang`, 'i'));
  const maya = await portal.signIn(home.maya.email);
  assert.match(textOf((await maya.get(invoice.url).expect(200)).text), /By Deleted person, who is at erased-/);
  assert.match(textOf((await maya.get(estimate.url).expect(200)).text), /Accepted/);
  const again = await olivia.get(`${estimate.url}/pdf`).responseType('blob');
  assert.ok(Buffer.compare(again.body, signed.body) === 0, 'the signed PDF is the same');
  await portal
    .browser()
    .post('/check')
    .attach('file', signed.body, 'x.pdf')
    .expect(200)
    .expect(/Unchanged/);

  const report = textOf((await olivia.get(dataOf(home, id)).expect(200)).text);
  assert.match(report, /Erased .*, by Olivia Grant/);
  assert.match(report, /Messages \d+/);
  await olivia.get(`${dataOf(home, id)}/erase`).expect(404);
  for (const path of ['desk', 'notifications', 'mail-room', 'security', 'settings/organization/privacy', 'documents'])
    await olivia.get(`/${home.slug}/${path}`).expect(200);
  await olivia.get(`/${home.slug}/partners/${home.partner_id}`).expect(200);
  assert.doesNotMatch((await olivia.get(`/${home.slug}/documents?q=quakenbruck`)).text, /EST-/);

  // What comes from there later is a stranger's.
  await portal.mailIn({ from: email, to: `${home.slug}@${portal.config.mail_domain}`, subject: 'Hi', text: 'Hi' });
  await portal.idle();
  const [last] = await portal.look(home.organization_id, (db) =>
    db('inbound_deliveries').where({ organization_id: home.organization_id }).orderBy('id', 'desc').limit(1),
  );
  assert.deepEqual([last.state, last.person_id], ['held', null]);
});

test('a job that ends in the middle goes on where it was; run again it changes nothing; another organization keeps all', async () => {
  const { home, id, name, email, address } = await xaviera(portal);
  const rival = await harbor(portal);
  const there = await newContact(portal.knex, rival.staff, rival.partner_id, { name, email });
  const olivia = await portal.signInByCode(home.olivia.email);
  await portal.close_worker();
  await post(olivia, `${dataOf(home, id)}/erase`, { email });
  const { id: erasure } = await portal.look(home.organization_id, (db) => db('erasures').first('id'));
  for (let batch = 0; batch < 12; batch++) assert.ok(await eraseBatch(portal.knex, home.organization_id, erasure));
  assert.match(textOf((await olivia.get(dataOf(home, id)).expect(200)).text), /Under way since/);
  worker = await portal.startWorker();
  await portal.idle();
  assert.equal(await eraseBatch(portal.knex, home.organization_id, erasure), false);
  await forgetAddresses(portal.knex);
  const held = await portal.look(home.organization_id, async (db) => {
    const tables = ['activities', 'comments', 'emails', 'invitations', 'files'];
    const rows = [];
    for (const table of tables) rows.push(...(await db(table).where({ organization_id: home.organization_id })));
    return JSON.stringify(rows);
  });
  assert.ok(!held.includes('Quäkenbrück') && !held.toLowerCase().includes(address));
  const theirs = await portal.look(rival.organization_id, (db) => db('people').where({ id: there }).first());
  assert.deepEqual([theirs.name, theirs.email, theirs.removed_at], [name, address, null]);
  // The way in that she has there still works.
  await (await portal.signInByCode(address)).get(`/${rival.slug}`).expect(200);
  assert.match(textOf((await olivia.get(dataOf(home, id))).text), /Their way to sign in stays/);
});

test('only owners and admins erase, with a fresh code, and nobody with more rights or themselves', async () => {
  const home = await harbor(portal);
  const organization = await portal.look(home.organization_id, (db) => db('organizations').first());
  const ada = { name: 'Ada Admin', email: `ada.${home.slug}@harbor.example` };
  const ada_id = await addStaff(portal.knex, organization, ada, 'admin');
  const erasing = (id: string) => `${dataOf(home, id)}/erase`;
  const stale = await portal.signIn(ada.email);
  await refused(stale, erasing(home.maya.id), 403, { email: home.maya.email });
  for (const [person, status] of [
    [home.tom, 403],
    [home.maya, 404],
    [(await harbor(portal)).olivia, 404],
  ] as const)
    await refused(await portal.signInByCode(person.email), erasing(home.noah.id), status, { email: home.noah.email });
  const fresh = await portal.signInByCode(ada.email);
  await refused(fresh, erasing(home.olivia.id), 403, { email: home.olivia.email });
  assert.match(
    errorsIn(await refused(fresh, erasing(ada_id), 422, { email: ada.email })).join(),
    /Ask another owner or admin/,
  );
  const olivia = await portal.signInByCode(home.olivia.email);
  assert.match(
    errorsIn(await refused(olivia, erasing(home.olivia.id), 422, { email: home.olivia.email })).join(),
    /Ask another owner or admin/,
  );
  // Two at once: the second finds it done.
  const sent = await Promise.all(
    [olivia, fresh].map((one) => one.post(erasing(home.tom.id)).type('form').send({ email: home.tom.email })),
  );
  assert.deepEqual(
    sent.map(({ status }) => status).toSorted((a, b) => a - b),
    [303, 404],
  );
  await portal.idle();
  assert.equal((await portal.look(home.organization_id, (db) => db('erasures').select())).length, 1);
});

test('the database lets nobody change the record, not even while somebody is erased', async () => {
  const { home } = await xaviera(portal);
  const { organization_id } = home;
  const changes: Record<string, object> = {
    versions: { snapshot: '{}' },
    ledger_entries: { amount: 1 },
    signatures: { name: 'X' },
    terms_versions: { text: 'X' },
    activities: { action: 'void' },
    security_events: { action: 'totp_on' },
  };
  await portal.look(organization_id, (db) =>
    db('terms_versions').insert({
      ...{ organization_id, id: home.maya.id, kind: 'terms', version: 1, text: 'T', published_by: home.olivia.id },
    }),
  );
  for (const [table, change] of Object.entries(changes)) {
    const trying = (work: 'update' | 'delete', erasing: string) =>
      portal.look(organization_id, async (db) => {
        await db.raw(`select set_config('app.erasing', ?, true)`, [erasing]);
        const rows = db(table).where({ organization_id });
        await (work === 'update' ? rows.update(change) : rows.delete());
      });
    await assert.rejects(() => trying('update', organization_id), /append-only/, table);
    await assert.rejects(() => trying('delete', organization_id), /append-only/, table);
  }
  const replacing = (erasing: string) =>
    portal.look(organization_id, async (db) => {
      await db.raw(`select set_config('app.erasing', ?, true)`, [erasing]);
      return db('activities').where({ organization_id }).update({ details: '{}' });
    });
  await assert.rejects(() => replacing(''), /append-only/);
  await assert.rejects(() => replacing(home.maya.id), /append-only/);
});

test('an address that was entered for somebody by mistake stays its owner’s', async () => {
  const home = await harbor(portal);
  const { organization_id, partner_id } = home;
  const [noah, maya] = [home.noah, home.maya];
  await portal.look(organization_id, (db) =>
    db('former_addresses').insert({ organization_id, partner_id, person_id: noah.id, email: maya.email }),
  );
  await sentInvoice(portal, home);
  await portal.idle();
  await erasePerson(portal.knex, home.staff, noah.id, noah.email);
  await portal.idle();
  const sent = await portal.look(organization_id, (db) =>
    db('emails').where({ person_id: maya.id }).pluck('to_address'),
  );
  assert.deepEqual([...new Set(sent)], [maya.email]);
});
