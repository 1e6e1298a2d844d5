import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../src/act.js';
import { openSession } from '../../src/people/sessions.js';
import { harbor, type Harbor, sentDocument, sentInvoice } from '../support/harbor.js';
import { listenTo } from '../support/live.js';
import { type Browser, openPortal, type Portal } from '../support/portal.js';

let portal: Portal;
before(async () => (portal = await openPortal()));
after(() => portal.close());

const say = (home: Harbor, id: string, text: string, actor = home.staff) =>
  act(portal.knex, actor, id, 'comment', { text });

/** What the header's bell shows. */
const countIn = ({ text }: { text: string }) =>
  /data-bell-count[^>]*hidden/.test(text) ? 0 : Number(/data-bell-number>(\d+)\+?</.exec(text)?.[1]);

/** The groups of the list, each with its entries' titles. */
const groupsIn = ({ text }: { text: string }) =>
  text
    .split('<h2 class="notifications-day">')
    .slice(1)
    .map((group) => [
      group.split('<')[0],
      ...[...group.matchAll(/notification-title"[^>]*>([^<]*)</g)].map(([, title]) => title),
    ]);

/** Presses the button of a form on a page. */
async function press(browser: Browser, page: { text: string }, action: RegExp) {
  const forms = page.text.match(/<form[^>]*method="post".*?<\/form>/gs) ?? [];
  const form = forms.find((one) => action.test(/action="([^"]*)"/.exec(one)?.[1] ?? '')) ?? '';
  const fields = [...form.matchAll(/name="([^"]*)" value="([^"]*)"/g)].map(([, name = '', value = '']) => [
    name,
    value,
  ]);
  const url = /action="([^"]*)"/.exec(form)?.[1] ?? '';
  return browser.post(url).type('form').send(Object.fromEntries(fields));
}

async function sessionOf(email: string) {
  const { id } = await portal.knex('users').where({ email }).first('id');
  return `parley_session=${await openSession(portal.knex, id, 'test')}`;
}

test('the bell counts things, its list has first what needs a response, and the count follows at once', async () => {
  const home = await harbor(portal);
  const estimate = await sentDocument(portal, home, 'estimate', { title: 'Children’s corner' });
  const invoice = await sentInvoice(portal, home);
  await act(portal.knex, home.staff, invoice.id, 'void', { reason: 'A mistake' });
  await say(home, estimate.id, 'In ash, if you like');
  const maya = await portal.signIn(home.maya.email);
  const page = await maya.get(`/${home.slug}/notifications`).expect(200);
  assert.equal(countIn(page), 2);
  const [response, today] = groupsIn(page);
  assert.deepEqual(response, ['Needs your response', 'Children’s corner']);
  assert.equal(today?.[0], 'Today');
  assert.match(page.text, /Olivia Grant wrote about estimate EST-0001.*Olivia Grant sent you estimate EST-0001/s);
  const stream = listenTo(`${portal.base_url}/${home.slug}/notifications/live`, await sessionOf(home.maya.email));
  assert.match(await stream.first, /event: unread\ndata: 2\n/);
  stream.stop();
  // Opened and seen, as by scrolling: read.
  await maya.post(`${invoice.url}/view`).expect(204);
  const seen = await maya.get(`/${home.slug}/notifications`);
  assert.equal(countIn(seen), 1);
  const marked = await press(maya, seen, /\/[-\da-f]{36}\/read$/);
  assert.equal(marked.status, 303);
  assert.equal(countIn(await maya.get(String(marked.headers['location']))), 0);
  const unread = await maya.get(`/${home.slug}/notifications?show=unread`);
  assert.match(unread.text, /You’re all caught up/);
});

test('an open page hears the new count without asking', async () => {
  const home = await harbor(portal);
  const invoice = await sentInvoice(portal, home);
  const counts: number[] = [];
  const url = `${portal.base_url}/${home.slug}/notifications/live`;
  const answer = await fetch(url, { headers: { cookie: await sessionOf(home.maya.email) } });
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  const next = async (): Promise<number> => {
    const { value = '' } = (await reader?.read()) ?? {};
    const found = /event: unread\ndata: (\d+)/.exec(value);
    return found ? Number(found[1]) : next();
  };
  counts.push(await next());
  await sentDocument(portal, home, 'estimate');
  counts.push(await next());
  await (await portal.signIn(home.maya.email)).post(`${invoice.url}/view`).expect(204);
  counts.push(await next());
  await reader?.cancel();
  assert.deepEqual(counts, [1, 2, 1]);
});

test('“mark all as read” leaves what came after the page was opened; twice is once; strangers’ are not found', async () => {
  const home = await harbor(portal);
  const other = await harbor(portal);
  await sentInvoice(portal, home);
  const maya = await portal.signIn(home.maya.email);
  const page = await maya.get(`/${home.slug}/notifications`);
  const later = await sentInvoice(portal, home);
  for (let i = 0; i < 2; i++) assert.equal((await press(maya, page, /notifications\/read$/)).status, 303);
  const after = await maya.get(`/${home.slug}/notifications?show=unread`);
  assert.equal(countIn(after), 1);
  assert.match(after.text, new RegExp(later.number));
  const theirs = await portal.look(home.organization_id, (db) =>
    db('notifications').where({ person_id: home.maya.id, read_at: null }).first('id'),
  );
  const tom = await portal.signIn(home.tom.email);
  await tom.post(`/${home.slug}/notifications/${theirs.id}/read`).expect(404);
  const rival = await portal.signIn(other.maya.email);
  await rival.post(`/${home.slug}/notifications/read`).type('form').send({ upto: theirs.id }).expect(404);
  await rival.post(`/${other.slug}/notifications/${theirs.id}/read`).expect(404);
  await maya.post(`/${home.slug}/notifications/read`).type('form').send({ upto: 'all' }).expect(303);
  assert.equal(countIn(await maya.get(`/${home.slug}/notifications`)), 1);
});

test('a muted thread is listed but doesn’t count or come by email, until what needs a response does; unmuted in the settings', async () => {
  const home = await harbor(portal);
  const estimate = await sentDocument(portal, home, 'estimate', { title: 'Acoustic panels' });
  await portal.post.to(home.maya.email, estimate.number);
  const maya = await portal.signIn(home.maya.email);
  const list = `/${home.slug}/notifications`;
  await press(maya, await maya.get(list), /notifications\/read$/);
  await press(maya, await maya.get(list), /\/mute$/);
  await say(home, estimate.id, 'Nobody hears this');
  await portal.idle();
  const page = await maya.get(list);
  assert.equal(countIn(page), 0);
  assert.match(page.text, /Olivia Grant wrote about estimate/);
  assert.ok(!portal.post.emails.some(({ text }) => text?.includes('Nobody hears this')));
  await act(portal.knex, home.staff, estimate.id, 'void', { reason: 'A mistake' });
  await portal.post.to(home.maya.email, 'A mistake');
  assert.equal(countIn(await maya.get(list)), 1);
  const settings = await maya.get(`/${home.slug}/settings/notifications`);
  assert.match(settings.text, /Acoustic panels/);
  const unmuted = await press(maya, settings, /\/unmute$/);
  assert.equal(unmuted.headers['location'], `/${home.slug}/settings/notifications?done=saved`);
  await say(home, estimate.id, 'This is heard');
  await portal.post.to(home.maya.email, 'This is heard');
  await maya.post(`/${home.slug}/notifications/${home.maya.id}/mute`).expect(404);
});

test('the list is read on from its last row, and shows what names its reader', async () => {
  const home = await harbor(portal);
  const first = await sentInvoice(portal, home);
  const second = await sentInvoice(portal, home, { recipients: [home.noah.id] });
  // More than one person may write in a while.
  const tom = { ...home.staff, ...home.tom, person_id: home.tom.id };
  for (let i = 0; i < 62; i++) await say(home, first.id, `Word ${i}`, i % 2 ? tom : home.staff);
  const maya = await portal.signIn(home.maya.email);
  const page = await maya.get(`/${home.slug}/notifications?show=unread`);
  const [, next = ''] = /class="button" href="([^"]*before=[^"]*)"/.exec(page.text) ?? [];
  const rest = await maya.get(next.replaceAll('&amp;', '&')).expect(200);
  assert.match(rest.text, /Olivia Grant sent you invoice/);
  assert.doesNotMatch(rest.text, /before=/);
  const noahs = { ...home.staff, ...home.noah, side: 'partner' as const, person_id: home.noah.id };
  const actor = { ...noahs, partner_id: home.partner_id, role: 'member' as const };
  await act(portal.knex, actor, second.id, 'forward', { name: home.maya.name, email: home.maya.email });
  const named = await maya.get(`/${home.slug}/notifications?show=mentions`);
  assert.match(named.text, /Noah Weiss forwarded invoice INV-0002 to you/);
  assert.equal(groupsIn(named).flat().length, 2);
});
