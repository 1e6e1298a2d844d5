import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../src/act.js';
import { recordReport } from '../../src/mail/outbox/delivery_report.js';
import { severityOf, statusIn } from '../../src/mail/suppression/enhanced_status.js';
import { clearBouncesOfSender } from '../../src/mail/suppression/suppression.js';
import { harbor, type Harbor, sentInvoice } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';

let portal: Portal;

before(async () => (portal = await openPortal()));

after(() => portal.close());

const look = <T>(home: Harbor, work: Parameters<typeof portal.look<T>>[1]) => portal.look(home.organization_id, work);

/** The newest email to Maya, once it is through. */
async function mayasLast(home: Harbor, state: string) {
  await portal.idle();
  const email = await look(home, (db) => db('emails').where({ person_id: home.maya.id }).orderBy('id', 'desc').first());
  assert.equal(email?.state, state);
  return email;
}

/** An invoice to Maya whose mail is through, and then comes back with this. */
async function cameBack(home: Harbor, status: string | null, action = 'failed') {
  const invoice = await sentInvoice(portal, home);
  const email = await mayasLast(home, 'accepted');
  await look(home, (db) =>
    recordReport(db, home.organization_id, email.id, { status, detail: `${status} not here`, action, proven: true }),
  );
  return { invoice, email };
}

test('the enhanced status tells a wrong address from other bounces', () => {
  const table: [answer: string, status: string | null, kind: string][] = [
    ['550 5.1.1 no such user', '5.1.1', 'hard'],
    ['550-5.7.26 This mail is unauthenticated', '5.7.26', 'soft'],
    ['550 5.1.10 RESOLVER.ADR.RecipientNotFound', '5.1.10', 'hard'],
    ['550 No such user here', '5.1.1', 'hard'],
    ['550 5.2.1 disabled', '5.2.1', 'hard'],
    ['550 5.4.1 Recipient address rejected', '5.4.1', 'hard'],
    ['552 5.2.2 mailbox full', '5.2.2', 'soft'],
    ['552 too much', '5.2.2', 'soft'],
    ['554 5.7.1 looks like spam (port 25.1.1.1)', '5.7.1', 'soft'],
    ['554 no', '5.7.0', 'soft'],
    ['553 5.1.8 sender address rejected', '5.1.8', 'soft'],
    ['552 5.3.4 message too big', '5.3.4', 'soft'],
    ['451 4.7.1 greylisted', '4.7.1', 'soft'],
    ['something else', null, 'hard'],
  ];
  for (const [answer, status, kind] of table)
    assert.deepEqual([statusIn(answer), severityOf(statusIn(answer))], [status, kind], answer);
});

test('one hard bounce stops optional mail, three stop all but codes, and mail from the person ends that', async () => {
  const home = await harbor(portal);
  const { invoice } = await cameBack(home, '5.1.1');
  await act(portal.knex, home.staff, invoice.id, 'comment', { text: 'Did it arrive?' });
  const optional = await mayasLast(home, 'skipped');
  assert.match(optional.detail, /came back/);
  await cameBack(home, '5.1.1');
  await cameBack(home, '5.1.1');
  await sentInvoice(portal, home);
  const skipped = await mayasLast(home, 'skipped');
  assert.match(skipped.detail, /Too much mail/);
  await portal.signIn(home.maya.email);
  await look(home, (db) => clearBouncesOfSender(db, { organization_id: home.organization_id, id: home.maya.id }));
  await act(portal.knex, home.staff, invoice.id, 'comment', { text: 'Good to hear from you' });
  await mayasLast(home, 'accepted');
});

test('bounces count for 60 days', async () => {
  const home = await harbor(portal);
  for (let i = 0; i < 3; i++) await cameBack(home, '5.1.1');
  await look(home, async (db) => {
    const long_ago = db.raw(`now() - interval '61 days'`);
    await db('bounces').where({ person_id: home.maya.id }).update({ created_at: long_ago });
    await db('people').where({ id: home.maya.id }).update({ bounced_at: long_ago });
  });
  await sentInvoice(portal, home);
  await mayasLast(home, 'accepted');
});

test('a full mailbox is a soft bounce, a delay a note, a delivery the end', async () => {
  const home = await harbor(portal);
  await cameBack(home, '5.2.2');
  await cameBack(home, '5.2.2');
  await cameBack(home, '4.4.1', 'delayed');
  const noted = await mayasLast(home, 'accepted');
  assert.match(noted.detail, /4\.4\.1/);
  await cameBack(home, '2.0.0', 'delivered');
  await mayasLast(home, 'delivered');
  const [maya, bounces] = await look(home, (db) =>
    Promise.all([
      db('people').where({ id: home.maya.id }).first(),
      db('bounces').where({ person_id: home.maya.id }).sum('points as points'),
    ]),
  );
  assert.equal(maya.bounced_at, null);
  assert.equal(Number(bounces[0]?.['points']), 1);
});

test('a complaint stops optional mail, is recorded once, and notifies staff', async () => {
  const home = await harbor(portal);
  const { invoice, email } = await cameBack(home, null, 'complained');
  await look(home, (db) =>
    recordReport(db, home.organization_id, email.id, {
      status: null,
      detail: 'abuse',
      action: 'complained',
      proven: true,
    }),
  );
  const received = await portal.post.to(home.olivia.email, ({ text }) => /reported as spam/.test(text ?? ''));
  assert.match(received.text ?? '', /An email to Maya Chen was reported as spam/);
  const complaints = await look(home, (db) => db('activities').where({ action: 'complain' }).select());
  assert.equal(complaints.length, 1);
  await act(portal.knex, home.staff, invoice.id, 'comment', { text: 'A word' });
  assert.match((await mayasLast(home, 'skipped')).detail, /spam/);
  await sentInvoice(portal, home);
  await mayasLast(home, 'accepted');
});
