import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { Webhook } from 'standardwebhooks';
import { act } from '../../src/act.js';
import { withActor } from '../../src/db/scope.js';
import { resealWebhooks } from '../../src/webhooks/signing_secret.js';
import { deleteOldDeliveries } from '../../src/webhooks/replay.js';
import { errorsIn, post, refused, textOf } from '../support/forms.js';
import { addVendor, harbor, type Harbor, partnerActor, sentInvoice } from '../support/harbor.js';
import { type Browser, openPortal, type Portal } from '../support/portal.js';
import { openReceiver, type Receiver } from '../support/receiver.js';

let portal: Portal;
let receiver: Receiver;
before(async () => {
  receiver = await openReceiver();
  portal = await openPortal({ WEBHOOK_LOOPBACK: 'on' });
});
after(async () => {
  await portal.close();
  await receiver.close();
});
beforeEach(() => {
  receiver.got.length = 0;
  receiver.answers(204);
});

const pageOf = ({ slug }: Harbor) => `/${slug}/settings/organization/webhooks`;
const ALL = { event_sent: 'on', event_commented: 'on', event_paid: 'on' };

interface Hook {
  home: Harbor;
  olivia: Browser;
  page: string;
  secret: string;
}

/** An organization with a webhook to the receiver. */
async function hooked(events: Record<string, string> = ALL): Promise<Hook> {
  const home = await harbor(portal);
  const olivia = await portal.signInByCode(home.olivia.email);
  const page = await post(olivia, pageOf(home), { url: receiver.url, ...events });
  return { home, olivia, page, secret: await secretOf(olivia, page) };
}

async function secretOf(agent: Browser, page: string): Promise<string> {
  const { text } = await agent.post(`${page}/secret`).type('form').send({}).expect(200);
  return /whsec_[\w+/=]+/.exec(text)?.[0] ?? '';
}

const rows = ({ organization_id }: Harbor) =>
  portal.look(organization_id, (db) => db('webhook_deliveries').where({ organization_id }).orderBy('message_id'));
const stateOf = async ({ organization_id }: Harbor) =>
  (await portal.look(organization_id, (db) => db('webhooks').where({ organization_id }).first())).state;

const messages = () => receiver.got.map(({ body }) => JSON.parse(body));

test('what happens is posted, signed by Standard Webhooks, and says what staff read', async () => {
  const { home, secret } = await hooked();
  const invoice = await sentInvoice(portal, home);
  await act(portal.knex, home.staff, invoice.id, 'comment', { text: 'Only us', audience: 'internal' });
  await act(portal.knex, partnerActor(home, home.maya), invoice.id, 'comment', { text: 'When do you start?' });
  await portal.idle();
  const sent = messages().find(({ type }) => type === 'invoice.sent');
  assert.equal(sent.data.activity.text, `Olivia Grant sent Maple Street Clinic invoice ${invoice.number}`);
  const { number, total, open, currency, state, url } = sent.data.subject;
  assert.deepEqual({ number, total, open, currency, state }, { number: invoice.number, ...INVOICE });
  assert.equal(url, `${portal.base_url}${invoice.url}`);
  const said = messages().filter(({ type }) => type === 'invoice.commented');
  assert.deepEqual(
    said
      .map(({ data }) => [data.activity.comment, data.activity.internal, data.activity.by.side])
      .toSorted(([a], [b]) => String(b).localeCompare(String(a))),
    [
      ['When do you start?', false, 'partner'],
      ['Only us', true, 'staff'],
    ],
  );
  for (const { headers, body } of receiver.got) {
    const signed = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
    assert.deepEqual(new Webhook(secret).verify(body, signed), JSON.parse(body));
    assert.throws(() => new Webhook(secret).verify(`${body} `, signed), /signature/i);
  }
  assert.doesNotMatch(receiver.got.map(({ body }) => body).join(''), /maya\d+@|payment_note|details/);
});

const INVOICE = { total: 10800, open: 10800, currency: 'USD', state: 'sent' };

test('only chosen events are sent; nothing is kept for whoever has no webhook, or paused it', async () => {
  const { home, olivia, page } = await hooked({ event_commented: 'on' });
  const other = await harbor(portal);
  await sentInvoice(portal, other);
  const { id } = await sentInvoice(portal, home);
  await post(olivia, `${page}/pause`);
  await act(portal.knex, home.staff, id, 'comment', { text: 'Meanwhile' });
  await portal.idle();
  assert.deepEqual([(await rows(home)).length, (await rows(other)).length, receiver.got.length], [0, 0, 0]);
  await post(olivia, `${page}/resume`);
  await act(portal.knex, home.staff, id, 'comment', { text: 'Again' });
  await portal.idle();
  assert.deepEqual(
    messages().map(({ data }) => data.activity.comment),
    ['Again'],
  );
});

test('what only a vendor’s side sees is never sent', async () => {
  const { home } = await hooked({ event_commented: 'on', event_changed: 'on' });
  const { id } = await sentInvoice(portal, home);
  const maya = partnerActor(home, home.maya);
  await act(portal.knex, maya, id, 'comment', { text: 'Between us at Maple', audience: 'internal' });
  await act(portal.knex, maya, id, 'comment', { text: 'For all' });
  await portal.idle();
  const bodies = receiver.got.map(({ body }) => body).join('');
  assert.match(bodies, /For all/);
  assert.doesNotMatch(bodies, /Between us/);
});

test('a failure is tried again with the same id and body, ten times in all, and can be replayed', async () => {
  const { home, olivia, page } = await hooked({ event_sent: 'on' });
  receiver.answers(500, 'x'.repeat(5000));
  await sentInvoice(portal, home);
  await portal.idle();
  const [first] = await rows(home);
  assert.deepEqual([first.state, first.status, first.attempts, first.answer.length], ['waiting', 500, 1, 2048]);
  const wait = first.next_at.getTime() - Date.now();
  assert.ok(wait > 0 && wait <= 5000, `${wait}`);
  for (let n = 0; n < 12; n++) {
    await portal.runJobsNow();
    await portal.idle();
  }
  assert.equal(receiver.got.length, 10);
  assert.equal(new Set(receiver.got.map(({ headers }) => headers['webhook-id'])).size, 1);
  assert.equal(new Set(receiver.got.map(({ body }) => body)).size, 1);
  assert.equal((await rows(home))[0].state, 'failed');
  const shown = await olivia.get(`${page}/deliveries/${first.message_id}`).expect(200);
  assert.match(textOf(shown.text), /Answered 500.*invoice\.sent/s);

  receiver.answers(200, 'thanks');
  await post(olivia, `${page}/deliveries/${first.message_id}/replay`);
  await portal.idle();
  assert.equal((await rows(home))[0].state, 'delivered');
  const day = new Date().toISOString().slice(0, 10);
  await post(olivia, `${page}/replay`, { since: day, which: 'failed' });
  await portal.idle();
  assert.equal(receiver.got.length, 11, 'none has failed');
  await post(olivia, `${page}/replay`, { since: day, which: 'all' });
  await portal.idle();
  assert.equal(receiver.got.length, 12);
  const wrong = await refused(olivia, `${page}/replay`, 422, { since: 'soon', which: 'all' });
  assert.match(errorsIn(wrong).join(), /Enter a date/);
});

test('a redirect is a failure, and is not followed', async () => {
  const { home, olivia, page } = await hooked();
  receiver.answers(302, '', { Location: `${receiver.url}/elsewhere` });
  await post(olivia, `${page}/test`);
  await portal.idle();
  assert.equal((await rows(home))[0].status, 302);
  assert.deepEqual([receiver.got.length, messages()[0].type], [1, 'webhook.test']);
});

test('410 turns it off and tells owners; nothing is kept for it until it is resumed', async () => {
  const { home, olivia, page } = await hooked();
  receiver.answers(410);
  const invoice = await sentInvoice(portal, home);
  await portal.idle();
  assert.equal(await stateOf(home), 'off');
  await portal.post.to(home.olivia.email, 'was turned off');
  await act(portal.knex, home.staff, invoice.id, 'comment', { text: 'Not sent' });
  assert.equal((await rows(home)).length, 1);
  receiver.answers(204);
  await post(olivia, `${page}/resume`);
  assert.equal(await stateOf(home), 'on');
});

test('after three days without an arrival it is turned off, not before; resumed, it sends what waited', async () => {
  const { home, olivia, page } = await hooked();
  receiver.answers(503);
  const { id } = await sentInvoice(portal, home);
  await portal.idle();
  assert.equal(await stateOf(home), 'on');
  const since = (days: number) =>
    portal.look(home.organization_id, (db) =>
      db('webhooks').update({ failing_since: db.raw(`now() - ? * interval '1 day'`, [days]) }),
    );
  await since(2);
  await act(portal.knex, home.staff, id, 'comment', { text: 'One' });
  await portal.idle();
  assert.equal(await stateOf(home), 'on');
  await since(4);
  await act(portal.knex, home.staff, id, 'comment', { text: 'Two' });
  await portal.idle();
  assert.equal(await stateOf(home), 'off');
  await portal.post.to(home.olivia.email, 'for three days');
  receiver.answers(204);
  await post(olivia, `${page}/resume`);
  await portal.idle();
  assert.deepEqual(
    (await rows(home)).map(({ state }) => state),
    ['delivered', 'delivered', 'delivered'],
  );
});

test('a secret is shown once; for a day after it is rotated, both sign', async () => {
  const { home, olivia, page, secret } = await hooked();
  assert.equal(await secretOf(olivia, page), '', 'a second time');
  assert.doesNotMatch((await olivia.get(page)).text, /whsec_/);
  await post(olivia, `${page}/rotate`);
  const next = await secretOf(olivia, page);
  assert.notEqual(next, secret);
  const verify = (by: string) => {
    const { headers, body } = receiver.got.at(-1) ?? { headers: {}, body: '' };
    new Webhook(by).verify(body, headers as Record<string, string>);
  };
  await post(olivia, `${page}/test`);
  await portal.idle();
  verify(secret);
  verify(next);
  await portal.look(home.organization_id, (db) =>
    db('webhook_secrets').update({ old_until: db.raw(`now() - interval '1 minute'`) }),
  );
  await post(olivia, `${page}/test`);
  await portal.idle();
  verify(next);
  assert.throws(() => verify(secret));
  const { sealed } = await portal.look(home.organization_id, (db) => db('webhook_secrets').first('sealed'));
  assert.ok(!sealed.includes(Buffer.from(next.slice(6), 'base64')));
});

test('changes take a fresh code, are told to owners and admins, and stand in the logs', async () => {
  const { home, olivia, page } = await hooked();
  await portal.post.to(home.olivia.email, `added a webhook to 127.0.0.1:${receiver.port}`);
  assert.match(textOf((await olivia.get(`/${home.slug}/security`)).text), /Webhook changed.*/);
  const again = await refused(olivia, pageOf(home), 422, { url: receiver.url, ...ALL });
  assert.match(errorsIn(again).join(), /already/);
  await post(olivia, `${page}/edit`, { url: `${receiver.url}/new`, ...ALL });
  await post(olivia, `${page}/test`);
  await portal.idle();
  assert.equal(receiver.got[0]?.path, '/hooks/new');
  await portal.knex('sessions').update({ code_typed_at: portal.knex.raw(`now() - interval '16 minutes'`) });
  for (const move of ['pause', 'rotate', 'secret', 'remove', 'edit'])
    await refused(olivia, `${page}/${move}`, 403, { url: receiver.url, ...ALL });
  const tom = await portal.signIn(home.tom.email);
  await tom.get(pageOf(home)).expect(403);
  await (await portal.signIn(home.maya.email)).get(pageOf(home)).expect(404);
});

test('addresses that no webhook may have are refused beside their field, and nothing without an event', async () => {
  const home = await harbor(portal);
  const olivia = await portal.signInByCode(home.olivia.email);
  const cases: [string, RegExp][] = [
    ['', /Fill this in/],
    ['hooks', /Enter an address like/],
    ['ftp://example.com/', /begins with https/],
    ['https://user:word@example.com/', /Leave out name and password/],
    ['https://example.com:25/', /Use port 443/],
    ['https://10.1.2.3/', /inside a network/],
    ['https://[::ffff:169.254.169.254]/', /inside a network/],
  ];
  for (const [url, wanted] of cases)
    assert.match(errorsIn(await refused(olivia, pageOf(home), 422, { url, ...ALL })).join(), wanted, url);
  assert.match(await refused(olivia, pageOf(home), 422, { url: receiver.url }), /Choose at least one event/);
  for (let n = 0; n < 5; n++) await post(olivia, pageOf(home), { url: `${receiver.url}/${n}`, ...ALL });
  assert.match(await refused(olivia, pageOf(home), 422, { url: receiver.url, ...ALL }), /Remove a webhook before/);
});

test('removed, it takes its deliveries along; old ones are deleted by the night; another SECRET pauses it', async () => {
  const { home, olivia, page, secret } = await hooked();
  const { organization_id } = home;
  await sentInvoice(portal, home);
  await portal.idle();
  await portal.look(organization_id, (db) =>
    db('webhook_deliveries').update({ created_at: db.raw(`now() - interval '31 days'`) }),
  );
  await deleteOldDeliveries(portal.knex);
  assert.equal((await rows(home)).length, 0);
  const anew = ['another secret of 32 characters!', portal.services.secret];
  const reseal = (secrets: string[]) =>
    portal.look(organization_id, (db) => resealWebhooks(db, secrets, organization_id));
  assert.equal(await reseal(anew), 0);
  assert.equal(await reseal(['a third secret of 32 characters!']), 1);
  assert.equal(await stateOf(home), 'paused');
  assert.equal(await reseal([portal.services.secret]), 1);
  assert.notEqual(await secretOf(olivia, page), secret);
  await post(olivia, `${page}/test`);
  await portal.idle();
  assert.equal((await rows(home)).length, 1);
  await post(olivia, `${page}/remove`);
  assert.equal((await rows(home)).length, 0);
  await olivia.get(page).expect(404);
});

test('the database shows webhooks and what they sent to staff alone, and secrets to nobody', async () => {
  const { home } = await hooked();
  await sentInvoice(portal, home);
  await portal.idle();
  const { vendor, erik } = await addVendor(portal, home);
  const other = await harbor(portal);
  const count = (actor: Harbor['staff'], table: string) =>
    withActor(portal.knex, actor, async (db) => (await db(table).select()).length);
  const maya = partnerActor(home, home.maya);
  const strangers = [maya, { ...maya, guest: true }, { ...maya, kinds: [] }, { ...maya, assurance: 'link' as const }];
  const eriks = { ...maya, partner_id: vendor, person_id: erik };
  strangers.push(eriks, other.staff);
  for (const table of ['webhooks', 'webhook_deliveries', 'webhook_secrets'])
    for (const actor of strangers) assert.equal(await count(actor, table), 0, table);
  assert.equal(await count(home.staff, 'webhooks'), 1);
  assert.equal(await count(home.staff, 'webhook_secrets'), 0);
});
