import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../src/act.js';
import { withActor } from '../../src/db/scope.js';
import { tick } from '../../src/jobs/tick.js';
import { setReminderPlan } from '../../src/payments/reminders/reminder_plan.js';
import { press, textOf } from '../support/forms.js';
import { type Harbor, harbor, sentInvoice } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';

let portal: Portal;
before(async () => (portal = await openPortal()));
after(() => portal.close());

const plan = ({ staff }: Harbor, days: number[]) =>
  withActor(portal.knex, staff, (db) => setReminderPlan(db, staff, days));

const remindersTo = (email: string) =>
  portal.post.emails.filter(({ recipient, text }) => recipient === email && /due/.test(text ?? '') && isReminder(text));
const isReminder = (text = '') => /Reminder: |invoices await your payment/.test(text);

test('Maya owes three invoices and gets one reminder a day, with a row, a link and a PDF for each; Noah his own', async () => {
  const home = await harbor(portal);
  await plan(home, [1, 8, 20]);
  const due = (due_on: string, more: object = {}) => sentInvoice(portal, home, { due_on, ...more });
  const older = await due('2031-03-01', { partial_payments: true });
  const newer = await due('2031-03-09', { recipients: [home.maya.id, home.noah.id] });
  const paid = await due('2031-03-09');
  await due('2031-04-20');
  await act(portal.knex, home.staff, older.id, 'record_payment', {
    amount: 800,
    paid_on: '2026-11-01',
    method: 'Cash',
  });
  await act(portal.knex, home.staff, paid.id, 'record_payment', {
    amount: 10800,
    paid_on: '2026-11-01',
    method: 'Cash',
  });
  await portal.idle();
  const morning = new Date('2031-03-10T09:00:30Z');
  await Promise.all([tick(portal.knex, morning), tick(portal.knex, morning)]);
  await portal.idle();
  const [mayas, ...others] = remindersTo(home.maya.email);
  assert.deepEqual([others.length, remindersTo(home.noah.email).length], [0, 1]);
  const text = mayas?.text ?? '';
  assert.match(text, /^2 invoices await your payment\n\$208\.00\n/);
  assert.match(
    text,
    /- Invoice INV-0001: due March 1, 2031: \$100\.00\n\s+http\S+\n\n?- Invoice INV-0002: due March 9, 2031: \$108\.00/,
  );
  assert.match(text, /\$208\.00 is still past due|\$208\.00 is past due/);
  assert.match(text, /Pay \$208\.00:\nhttp\S+\?to=pay\n/);
  assert.match(text, /Your reply is posted to Invoice INV-0001\./);
  assert.deepEqual(
    mayas?.attachments.map(({ contentType }) => contentType),
    ['application/pdf', 'application/pdf'],
  );
  const links = [...text.matchAll(/INV-000\d: due .*\n\s+https?:\/\/[^/]+(\/in\/\S+)/g)].map(([, link = '']) => link);
  const places = [];
  for (const link of links) places.push((await portal.browser().get(link).expect(303)).headers['location']);
  assert.deepEqual(places, [older.url, newer.url]);
  // The plan changes at noon: a third invoice is due for its reminder then, and gets it the next morning.
  await due('2031-03-05');
  await tick(portal.knex, new Date('2031-03-10T12:00:30Z'));
  await portal.idle();
  assert.equal(remindersTo(home.maya.email).length, 1);
  await tick(portal.knex, new Date('2031-03-11T09:00:30Z'));
  await portal.idle();
  assert.match(remindersTo(home.maya.email)[1]?.text ?? '', /^Reminder: Invoice INV-0005 is overdue/);
});

test('Olivia writes her own last reminder; Maya reads it in German, and a placeholder that there is not is refused', async () => {
  const home = await harbor(portal);
  await plan(home, [1, 8]);
  const [olivia, tom] = [await portal.signIn(home.olivia.email), await portal.signIn(home.tom.email)];
  const page = `/${home.slug}/settings/organization/reminders/wording`;
  const send = (typed: object) => olivia.post(page).type('form').send(typed);
  const refused = await send({ language: '', final: 'Pay {sum} now', first: 'Hello {name}' }).expect(422);
  assert.match(refused.text, /id="field-final-error">\{sum\} is no placeholder/);
  assert.match(refused.text, />Hello \{name\}<\/textarea>/);
  await send({ language: '', final: 'Last call, {name} of {company}: {amount}.' }).expect(303);
  await send({
    language: 'de',
    final: 'Letzte Mahnung an {company}:\n\n{amount} seit {days} Tagen ({invoices}).',
  }).expect(303);
  const shown = textOf((await olivia.get(`${page}?language=de`).expect(200)).text);
  assert.match(shown, /Letzte Mahnung an Harbor & Pine: 1\.868,40 \$ seit 8 Tagen \(INV-0041 und INV-0042\)\./);
  await tom.post(page).type('form').send({ language: '', final: 'x' }).expect(403);

  await portal.look(home.organization_id, (db) => db('people').where({ id: home.maya.id }).update({ locale: 'de-DE' }));
  const recipients = [home.maya.id, home.noah.id];
  await sentInvoice(portal, home, { due_on: '2031-03-01', recipients });
  await portal.idle();
  await tick(portal.knex, new Date('2031-03-10T09:00:30Z'));
  const german = await portal.post.to(home.maya.email, 'Letzte Mahnung');
  assert.match(
    german.text ?? '',
    /Letzte Mahnung an Maple Street Clinic:\n\n\s+108,00\s\$ seit 9 Tagen \(INV-0001\)\./,
  );
  const english = await portal.post.to(home.noah.email, 'Last call');
  assert.match(english.text ?? '', /Last call, Noah Weiss of Maple Street Clinic: \$108\.00\./);
});

test('Maya doesn’t agree: by a click from the reminder; reminders stop until Olivia has answered with words', async () => {
  const home = await harbor(portal);
  await plan(home, [1, 8, 20]);
  const { url, id } = await sentInvoice(portal, home, { due_on: '2031-03-01' });
  await portal.idle();
  await tick(portal.knex, new Date('2031-03-02T09:00:30Z'));
  const reminder = await portal.post.to(home.maya.email, 'Reminder: ');
  const [, link = ''] = /I don’t agree with this:\n\s*https?:\/\/[^/]+(\/in\/\S+)/.exec(reminder.text ?? '') ?? [];
  const maya = portal.browser();
  assert.equal((await maya.get(link).expect(303)).headers['location'], `${url}?open=dispute#dispute`);
  const form = (await maya.get(`${url}?open=dispute`).expect(200)).text;
  assert.match(form, /<details[^>]* open[^>]*>[\s\S]*I don’t agree/);
  assert.match((await press(maya, `${url}/dispute`, { reason: ' ' }).expect(422)).text, /id="dispute-reason-error"/);
  await press(maya, `${url}/dispute`, { reason: 'Only two desks came' }).expect(303);
  await press(maya, `${url}/dispute`, { reason: 'Again' }).expect(409);
  const told = await portal.post.to(home.olivia.email, 'doesn’t agree');
  assert.match(told.text ?? '', /Maya Chen doesn’t agree with invoice INV-0001[\s\S]*Only two desks came/);
  await tick(portal.knex, new Date('2031-03-10T09:00:30Z'));
  await portal.idle();
  assert.equal(remindersTo(home.maya.email).length, 1);

  const olivia = await portal.signIn(home.olivia.email);
  assert.match(textOf((await olivia.get(url)).text), /Maya Chen has not agreed with this invoice since/);
  assert.match(textOf((await olivia.get(`/${home.slug}/desk`)).text), /disputed since|Waiting/);
  await press(olivia, `${url}/resolve_dispute`, { message: '' }).expect(422);
  await press(olivia, `${url}/resolve_dispute`, { message: 'The third came on Monday' }).expect(303);
  assert.match(
    (await portal.post.to(home.maya.email, 'The third came')).text ?? '',
    /answered the objection to invoice/,
  );
  await tick(portal.knex, new Date('2031-03-11T09:00:30Z'));
  await portal.idle();
  assert.equal(remindersTo(home.maya.email).length, 2);
  await assert.rejects(act(portal.knex, home.staff, id, 'dispute', { reason: 'x' }), { status: 403 });
});
