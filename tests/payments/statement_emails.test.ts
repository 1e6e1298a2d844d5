import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { withActor } from '../../src/db/scope.js';
import { sendMonthlyStatements } from '../../src/jobs/accounts/monthly_statements.js';
import { setMonthlyStatements } from '../../src/payments/statements/monthly_choice.js';
import { textOf } from '../support/forms.js';
import { addVendor, harbor, type Harbor, sentDocument } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';

let portal: Portal;
before(async () => (portal = await openPortal()));
after(() => portal.close());

const MARCH = { from: '2026-03-01', to: '2026-03-31', currency: 'USD' };
const statementsTo = (email: string) =>
  portal.post.emails.filter(
    ({ recipient, subject }) => recipient === email && /Statement of account/.test(subject ?? ''),
  );

const invoiced = (home: Harbor, unit_price: string, moment: string) =>
  sentDocument(
    portal,
    home,
    'invoice',
    { issued_on: '2026-02-01', due_on: '2026-04-01', lines: [{ description: 'Desk', unit_price }] },
    new Date(moment),
  );

test('Olivia emails Maya the statement of March with a message; a second click sends no second one', async () => {
  const home = await harbor(portal);
  await invoiced(home, '120.00', '2026-02-10T12:00:00Z');
  await invoiced(home, '30.00', '2026-03-10T12:00:00Z');
  const [olivia, rival] = [await portal.signIn(home.olivia.email), await harbor(portal)];
  const page = `/${home.slug}/partners/${home.partner_id}/statement`;
  const query = new URLSearchParams(MARCH).toString();
  assert.match((await olivia.get(`${page}?${query}`).expect(200)).text, /statement\/email\?from=2026-03-01/);
  const { text } = await olivia.get(`${page}/email?${query}`).expect(200);
  assert.match(textOf(text), /March 1, 2026 – March 31, 2026 · USD .* Maya Chen .* Noah Weiss/);
  const send = (typed: object) =>
    olivia
      .post(`${page}/email`)
      .type('form')
      .send({ ...MARCH, ...typed });
  assert.match((await send({ message: 'Hello Maya' }).expect(422)).text, /Choose at least one person[\s\S]*Hello Maya/);
  await send({ 'recipient[]': rival.maya.id }).expect(422);
  await send({ from: '2026-13-01', 'recipient[]': home.maya.id }).expect(422);
  const form_token = 'statement-of-march';
  for (let click = 0; click < 2; click++)
    await send({ 'recipient[]': home.maya.id, message: 'Hello Maya', form_token }).expect(303);
  const received = await portal.post.to(home.maya.email, 'Statement of account');
  assert.match(received.text ?? '', /Maple Street Clinic · March 1, 2026 – March 31, 2026 · USD/);
  assert.match(
    received.text ?? '',
    /Opening balance: \$120\.00\n[\s\S]*Invoiced: \+ 30\.00\n[\s\S]*Closing balance: \$150\.00/,
  );
  assert.match(received.text ?? '', /Olivia Grant:\n\n\s+Hello Maya/);
  assert.match(received.attachments[0]?.filename ?? '', /2026-03-31 USD\.pdf/);
  const [, link = ''] = /View statement:\nhttps?:\/\/[^/]+(\/\S+)/.exec(received.text ?? '') ?? [];
  const maya = await portal.signIn(home.maya.email);
  assert.match(textOf((await maya.get(link).expect(200)).text), /Closing balance \$150\.00/);
  await portal.idle();
  assert.deepEqual([statementsTo(home.maya.email).length, statementsTo(home.noah.email).length], [1, 0]);
  assert.match(
    textOf((await olivia.get(`/${home.slug}/partners/${home.partner_id}`)).text),
    /sent Maple Street Clinic a statement/,
  );
  await maya
    .post(`${page}/email`)
    .type('form')
    .send({ ...MARCH, 'recipient[]': home.maya.id })
    .expect(404);

  const { vendor, erik } = await addVendor(portal, home, `erik@${home.slug}.example`);
  const bills = `/${home.slug}/partners/${vendor}/statement/email`;
  await olivia
    .post(bills)
    .type('form')
    .send({ ...MARCH, 'recipient[]': erik })
    .expect(303);
  const vendors = await portal.post.to(`erik@${home.slug}.example`, 'Statement of account');
  assert.match(vendors.text ?? '', /Billed: \+ 0\.00/);
});

test('on the first of the month each customer who wants one gets the month before, once, whoever runs', async () => {
  const home = await harbor(portal);
  await portal.look(home.organization_id, (db) =>
    db('organizations').where({ id: home.organization_id }).update({ time_zone: 'America/New_York' }),
  );
  await invoiced(home, '30.00', '2026-03-10T12:00:00Z');
  const olivia = await portal.signIn(home.olivia.email);
  const run = async (moment: string) => {
    await Promise.all([1, 2].map(() => sendMonthlyStatements(portal.knex, new Date(moment))));
    await portal.idle();
    return statementsTo(home.maya.email).length;
  };
  assert.equal(await run('2026-04-01T13:30:00Z'), 0);
  await withActor(portal.knex, home.staff, (db) => setMonthlyStatements(db, home.staff, true));
  // Nine in New York is thirteen here; the last day of March there is not over at three.
  assert.deepEqual([await run('2026-04-01T03:00:00Z'), await run('2026-04-01T12:30:00Z')], [0, 0]);
  assert.deepEqual([await run('2026-04-01T13:30:00Z'), await run('2026-04-02T13:30:00Z')], [1, 1]);
  assert.match(
    statementsTo(home.maya.email)[0]?.text ?? '',
    /March 1, 2026 – March 31, 2026[\s\S]*Closing balance: \$30\.00/,
  );
  assert.equal(await run('2026-05-12T13:30:00Z'), 1);
  const monthly = `/${home.slug}/partners/${home.partner_id}/statement/monthly`;
  await olivia.post(monthly).type('form').send({ monthly: 'no' }).expect(303);
  assert.equal(await run('2026-05-02T13:30:00Z'), 1);
  await olivia.post(monthly).type('form').send({ monthly: '' }).expect(303);
  assert.equal(await run('2026-05-02T13:30:00Z'), 2);
});
