import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../src/act.js';
import { runSubscriptions } from '../../src/jobs/subscriptions/run_subscriptions.js';
import { partnerActor, harbor, type Harbor } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';
import { startedSubscription } from '../support/subscriptions.js';

let portal: Portal;
let home: Harbor;
before(async () => {
  portal = await openPortal();
  home = await harbor(portal);
});
after(() => portal.close());

/** What the form of a new plan sends. */
const form = (more: Record<string, unknown> = {}) => ({
  partner: home.partner_id,
  title: 'Garden care',
  'line_description[]': ['Garden care, fortnightly', ''],
  'line_quantity[]': ['2', '1'],
  'line_unit[]': ['visits', ''],
  'line_price[]': ['45.50', ''],
  'line_tax[]': ['8', ''],
  ...{ every: '1', unit: 'month', start_on: '2031-02-01', trial_until: '', ends_on: '', terms_days: '14' },
  ...{ sends: 'on', 'recipient[]': [home.maya.id] },
  ...more,
});

const row = (number: string) =>
  portal.look(home.organization_id, (db) => db('subscriptions').where({ number }).first());

test('staff start a plan by its form; bad input comes back beside its field; the customer is told and sees it', async () => {
  const olivia = await portal.signIn(home.olivia.email);
  const url = `/${home.slug}/subscriptions`;
  await olivia.get(`${url}/new`).expect(/Who is it for\?[\s\S]*Maple Street Clinic/);
  await olivia.get(`${url}/new?partner=${home.partner_id}`).expect(/Start subscription[\s\S]*/);
  const bad = form({
    ...{ title: '', 'line_price[]': ['ten', ''], every: '0', unit: 'fortnight', terms_days: '1.5', start_on: 'x' },
    ...{ 'recipient[]': [] },
  });
  const again = await olivia.post(url).type('form').send(bad).expect(422);
  for (const words of [
    ...['Fill this in.', 'Give a number.', 'This is too small.', 'Choose an interval.', 'Enter a whole number.'],
    ...['Give a date.', 'Choose at least one recipient.', 'value="ten"', 'Garden care, fortnightly'],
  ])
    assert.ok(again.text.includes(words), words);
  await olivia
    .post(url)
    .type('form')
    .send(form({ 'line_price[]': ['0', ''] }))
    .expect(422)
    .expect(/Enter a price above zero/);
  await olivia
    .post(url)
    .type('form')
    .send(form({ trial_until: '2031-01-01' }))
    .expect(422)
    .expect(/It can’t end before it begins/);
  const { headers } = await olivia.post(url).type('form').send(form()).expect(303);
  const page = String(headers['location']).split('?')[0] ?? '';
  const email = await portal.post.to(home.maya.email, ({ subject }) => /Subscription SUB-/.test(subject ?? ''));
  for (const words of ['started', 'Garden care', '$98.28', 'Monthly', 'February 1, 2031'])
    assert.ok(email.text?.includes(words), words);

  const byLink = await portal.open(email);
  await byLink.get(page).expect(/\$98\.28[\s\S]*Monthly[\s\S]*Ask to cancel/);
  const maya = await portal.signIn(home.maya.email);
  const mayas = await maya.get(url).expect(200);
  assert.match(mayas.text, /Garden care/);
  assert.doesNotMatch(mayas.text, /New subscription/);
  await maya.get(page).expect(/Billed to[\s\S]*12 Maple Street[\s\S]*Maya Chen/);
  await maya.get(`/${home.slug}/invoices`).expect(/\/subscriptions"/);
  const rival = await harbor(portal);
  const eve = await portal.signIn(rival.maya.email);
  await eve.get(page).expect(404);
  await eve.get(`/${rival.slug}/subscriptions/${page.split('/').at(-1)}`).expect(404);
  await eve.post(`${page}/ask_cancel`).type('form').send({ message: 'x' }).expect(404);
  await (
    await portal.signIn(rival.olivia.email)
  )
    .post(`/${rival.slug}/subscriptions`)
    .type('form')
    .send(form())
    .expect(404);
});

test('a customer asks to cancel, staff decline, and cancel when asked again: each is told by email', async () => {
  const { number, url } = await startedSubscription(portal, home, {}, new Date());
  const [olivia, maya] = [await portal.signIn(home.olivia.email), await portal.signIn(home.maya.email)];
  const seen = async (browser: typeof olivia) =>
    /name="seen" value="(\w{64})"/.exec((await browser.get(url).expect(200)).text)?.[1] ?? '';
  const post = async (browser: typeof olivia, action: string, fields: object = {}) =>
    browser
      .post(`${url}/${action}`)
      .type('form')
      .send({ seen: await seen(browser), ...fields });
  assert.equal((await post(maya, 'ask_cancel', { message: '' })).status, 422);
  assert.equal((await post(maya, 'ask_cancel', { message: 'We are moving in spring.' })).status, 303);
  const wish = await portal.post.to(home.olivia.email, ({ text }) => /asked to cancel/.test(text ?? ''));
  assert.match(wish.text ?? '', /We are moving in spring\./);
  assert.equal((await post(maya, 'ask_cancel', { message: 'Again' })).status, 409, 'one at a time');
  await olivia.get(url).expect(/Maya Chen asked to cancel\.[\s\S]*Decline the request/);
  await maya.get(url).expect(/Your request is with Harbor &amp; Pine/);
  assert.equal((await post(maya, 'cancel')).status, 403, 'a wish is no cancellation');
  assert.equal((await post(olivia, 'decline_request', { message: 'Until May, as agreed.' })).status, 303);
  await portal.post.to(home.maya.email, ({ text }) => /declined[\s\S]*Until May, as agreed\./.test(text ?? ''));
  const old = await seen(olivia);
  assert.equal((await post(maya, 'ask_cancel', { message: 'From June, then.' })).status, 303);
  const stale = await olivia.post(`${url}/cancel`).type('form').send({ seen: old });
  assert.equal(stale.status, 409, 'decided on what was seen');
  assert.equal((await post(olivia, 'cancel')).status, 303);
  const gone = await portal.post.to(home.maya.email, ({ text }) => /cancelled/.test(text ?? ''));
  assert.match(gone.text ?? '', /Ends on/);
  const { asked, ends_on } = await row(number);
  assert.deepEqual([asked, Boolean(ends_on)], [null, true]);
});

test('a reply by email is a comment; the plan is changed by its form, with the old price beside the new', async () => {
  const { id, url, number } = await startedSubscription(portal, home, { start_on: '2031-03-01' });
  const received = await portal.post.to(home.maya.email, ({ subject }) => subject?.includes(number) ?? false);
  await portal.reply(received, 'Could you come on Tuesdays?');
  await portal.post.to(home.olivia.email, ({ text }) => /Could you come on Tuesdays\?/.test(text ?? ''));
  const olivia = await portal.signIn(home.olivia.email);
  const edit = await olivia.get(`${url}/edit`).expect(200);
  const seen = /name="seen" value="(\w{64})"/.exec(edit.text)?.[1];
  const change = (more: object) =>
    olivia
      .post(`${url}/change`)
      .type('form')
      .send(form({ seen, prorate: 'on', ...more }));
  await change({ every: '13x', 'line_price[]': ['-1', ''] })
    .expect(422)
    .expect(/value="13x"[\s\S]*Enter a whole number/);
  await change({ ends_on: '2020-01-01' })
    .expect(422)
    .expect(/Choose today or a later day/);
  await change({ unit: 'week', every: '2', message: 'From March, twice as often.' }).expect(303);
  const told = await portal.post.to(home.maya.email, ({ text }) => /From March, twice as often/.test(text ?? ''));
  for (const words of ['$108.00', '$98.28', 'Monthly', 'Every 2 weeks']) assert.ok(told.text?.includes(words), words);
  await change({ title: 'Another' }).expect(409);
  await olivia.get(url).expect(/Could you come on Tuesdays/);
  await runSubscriptions(portal.knex, new Date('2031-03-20T12:00:00Z'));
  const invoices = await portal.look(home.organization_id, (db) =>
    db('subscription_periods').where({ subscription_id: id }).orderBy('period').pluck('from_on'),
  );
  assert.deepEqual(invoices, ['2031-03-01', '2031-03-15']);
  // Those of both periods are sent, in either order.
  const period = new RegExp(`Garden care \\(${number}\\), Mar 1, 2031 – Mar 14, 2031`);
  await portal.post.to(home.maya.email, ({ text }) => period.test(text ?? ''));
  const maya = partnerActor(home, home.maya);
  await assert.rejects(act(portal.knex, maya, id, 'pause', { from_on: '2031-04-01' }), /not yours/);
  await olivia.get(url).expect(/INV-\d+[\s\S]*Mar 15, 2031/);
});
