import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../src/act.js';
import { changeContact, removeContact } from '../../src/people/partner.js';
import { addTask } from '../../src/projects/tasks/add_task.js';
import { textOf } from '../support/forms.js';
import { fitOut, plannedEvent, workFor } from '../support/events.js';
import { addVendor, harbor, type Harbor } from '../support/harbor.js';
import { eventsIn, propertyIn, readIcs } from '../support/ics.js';
import { type Browser, openPortal, type Portal } from '../support/portal.js';

let portal: Portal;
let home: Harbor;
let olivia: Browser;
let maya: Browser;
before(async () => {
  portal = await openPortal();
  home = await harbor(portal);
  olivia = await portal.signIn(home.olivia.email);
  maya = await portal.signIn(home.maya.email);
});
after(() => portal.close());

/** A project with a series, an event of whole days, a task for Maya, and one that is not shown. */
async function busy() {
  const project = await fitOut(portal, home);
  const guests = [home.maya.id];
  const series = await plannedEvent(portal, home.staff, project.id, {
    ...{ title: 'Site meeting', guests, repeats: 'weekly', every: '2', times: '3' },
  });
  const days = { starts_on: '2027-03-30', ends_on: '2027-04-02', whole_day: true };
  await plannedEvent(portal, home.staff, project.id, { title: 'Floors dry', guests, ...days });
  await plannedEvent(portal, home.staff, project.id, { title: 'Our own review', shown: false });
  const task = { title: 'Choose the handles', assignee: home.maya.id, due_on: '2027-03-17' };
  await addTask(portal.knex, home.staff, project.id, task);
  return { ...project, series };
}

test('a month is a table of the reader’s weeks, with events and due days; each day leads to its agenda', async () => {
  const { url } = await busy();
  const { text } = await olivia.get(`${url}/calendar?on=2027-03-05`).expect(200);
  assert.match(text, /<caption class="for-readers">March 2027<\/caption>/);
  assert.match(text, /<th scope="col" abbr="Sunday">Sun<\/th>/);
  const table = text.slice(text.indexOf('<table'), text.indexOf('</table>'));
  const cells = table.split('<td').slice(1).map(textOf);
  assert.equal(cells.length, 35);
  const on = (day: string) => cells.filter((cell) => new RegExp(`> ${day} `).test(`${cell} `)).join();
  assert.match(on('10'), /9:00\sAM \(Los Angeles\) Site meeting/);
  assert.match(on('24'), /Site meeting/);
  assert.match(on('17'), /Due Choose the handles/);
  assert.match(on('30') + on('31'), /All day Floors dry[^]*All day Floors dry/);
  assert.match(table, /Our own review/);
  assert.match(text, /href="[^"]*\/calendar\?view=month&amp;on=2027-02-01" rel="prev"/);
  const april = textOf((await olivia.get(`${url}/calendar?view=week&on=2027-04-02`)).text);
  assert.match(april, /All day Floors dry/);
  const agenda = textOf((await maya.get(`${url}/calendar?view=agenda&on=2027-03-11`).expect(200)).text);
  assert.match(
    agenda,
    /Wednesday, March 17 Due Choose the handles Wednesday, March 24 9:00\sAM \(Los Angeles\) Site meeting/,
  );
  assert.doesNotMatch(agenda, /March 10|Our own review/);
  await olivia.get(`${url}/calendar?view=nonsense&on=2027-02-31`).expect(200);
  await maya.get(`${url}/calendar?on=2031-01-01`).expect(/Nothing on these days\./);
});

test('everybody has a calendar of all that they see, and of their own tasks', async () => {
  await busy();
  const hers = textOf((await maya.get(`/${home.slug}/calendar?view=agenda&on=2027-03-01`).expect(200)).text);
  assert.match(hers, /Site meeting[^]*Choose the handles/);
  assert.doesNotMatch(hers, /Our own review/);
  const ours = textOf((await olivia.get(`/${home.slug}/calendar?view=agenda&on=2027-03-01`).expect(200)).text);
  assert.match(ours, /Our own review/);
  assert.doesNotMatch(ours, /Choose the handles/);
});

/** A new calendar address of somebody, as a path. */
async function feedOf(browser: Browser, fields: object = {}): Promise<string> {
  const made = await browser.post(`/${home.slug}/settings/calendar`).type('form').send(fields).expect(200);
  return /value="https?:\/\/[^/]+(\/calendar\/[\w-]{43}\.ics)"/.exec(made.text)?.[1] ?? assert.fail('no address');
}

const titles = (text: string) =>
  eventsIn(readIcs(text))
    .map((event) => propertyIn(event, 'SUMMARY').value)
    .toSorted();

test('a calendar address shows what its person sees, to any program, until it ends', async () => {
  const { series } = await busy();
  await maya.get(`/${home.slug}/settings/calendar`).expect(/You have no address yet\./);
  const address = await feedOf(maya);
  await maya.get(`/${home.slug}/settings/calendar`).expect(/Your address was made on/);
  const program = portal.browser();
  const answer = await program.get(address).expect(200).expect('Content-Type', 'text/calendar; charset=utf-8');
  assert.deepEqual([...new Set(titles(answer.text))], ['Due: Choose the handles', 'Floors dry', 'Site meeting']);
  const event = eventsIn(readIcs(answer.text)).find((one) => propertyIn(one, 'UID').value.startsWith(series.id));
  assert.ok(event);
  assert.equal(propertyIn(event, 'RRULE').value, 'FREQ=WEEKLY;INTERVAL=2;COUNT=3');
  assert.match(propertyIn(event, 'URL').value, new RegExp(`/events/${series.number}$`));
  const etag = String(answer.headers['etag']);
  await program.get(address).set('If-None-Match', etag).expect(304);
  await act(portal.knex, home.staff, series.id, 'cancel_event');
  const changed = await program.get(address).set('If-None-Match', etag).expect(200);
  assert.notEqual(titles(changed.text).length, titles(answer.text).length);

  const anew = await feedOf(maya, { only_own: 'on' });
  await program.get(address).expect(404);
  await program.get(anew).expect(200);
  await maya
    .post(`/${home.slug}/settings/calendar`)
    .type('form')
    .send({ end: '1' })
    .expect(/Your address has ended/);
  await program.get(anew).expect(404);
  await program.get(`/calendar/${'x'.repeat(43)}.ics`).expect(404);
  const kept = await portal.look(home.organization_id, (db) => db('calendar_feeds').pluck('token_hash'));
  assert.ok(!kept.includes(anew));
});

test('an address shows a vendor its own events, and nobody anything once they have no access', async () => {
  const { id } = await busy();
  const { vendor, erik } = await addVendor(portal, home, `erik.${home.slug}@northern.example`);
  await workFor(portal, home, id, vendor);
  await plannedEvent(portal, home.staff, id, { title: 'Wiring', vendor, guests: [erik] });
  const eriks = await portal.signIn(`erik.${home.slug}@northern.example`);
  const address = await feedOf(eriks);
  const program = portal.browser();
  assert.deepEqual(titles((await program.get(address).expect(200)).text), ['Wiring']);
  const own = await feedOf(await portal.signIn(home.tom.email), { only_own: 'on' });
  assert.deepEqual(titles((await program.get(own).expect(200)).text), []);
  await removeContact(portal.knex, home.staff, vendor, erik);
  await program.get(address).expect(404);
});

test('a calendar address ends with whom it was for: another person at the contact, and back again, has none', async () => {
  const details = { ...home.noah, email: `noah.${home.slug}@maple.example` };
  const change = (email: string) =>
    changeContact(portal.knex, home.staff, home.partner_id, home.noah.id, { ...details, email });
  await change(details.email);
  const address = await feedOf(await portal.signIn(details.email));
  const program = portal.browser();
  await program.get(address).expect(200);
  // Another name is still them.
  await changeContact(portal.knex, home.staff, home.partner_id, home.noah.id, { ...details, name: 'Noah W.' });
  await program.get(address).expect(200);
  const nora = `nora.${home.slug}@maple.example`;
  await change(nora);
  await program.get(address).expect(404);
  const noras = await portal.signIn(nora);
  await noras.get(`/${home.slug}/settings/calendar`).expect(/You have no address yet\./);
  const anew = await feedOf(noras);
  await program.get(anew).expect(200);
  await change(details.email);
  for (const ended of [address, anew]) await program.get(ended).expect(404);
});

test('what goes over midnight or a month’s end is on each of its days, with the time that counts there', async () => {
  const { id, url } = await fitOut(portal, home);
  const planned = (fields: object) => plannedEvent(portal, home.staff, id, { guests: [home.maya.id], ...fields });
  const clock = { time_zone: home.staff.time_zone };
  const night = { starts_on: '2027-04-30', starts_time: '21:00', ends_on: '2027-05-01', ends_time: '01:30' };
  await planned({ ...clock, ...night, title: 'Pour the floor' });
  const late = { starts_on: '2027-05-04', starts_time: '20:00', ends_on: '2027-05-05', ends_time: '00:00' };
  await planned({ ...clock, ...late, title: 'Late delivery' });
  const long = { starts_on: '2027-05-10', starts_time: '08:00', ends_on: '2027-05-12', ends_time: '17:00' };
  await planned({ ...clock, ...long, title: 'Floor dries' });
  // A whole day is that day, wherever it is read.
  const holiday = { whole_day: true, starts_on: '2027-05-20', ends_on: '2027-05-20', time_zone: 'Pacific/Kiritimati' };
  await planned({ ...holiday, title: 'Handover day' });
  const plain = (text: string) => textOf(text).replace(/[\u2009\u202f]/g, ' ');
  const agenda = plain((await olivia.get(`${url}/calendar?view=agenda&on=2027-04-30`).expect(200)).text);
  assert.match(agenda, /Friday, April 30 9:00 PM Pour the floor.* Saturday, May 1 Until 1:30 AM Pour the floor/);
  assert.match(agenda, /Tuesday, May 4 8:00 PM Late delivery.* Monday, May 10 8:00 AM Floor dries/);
  assert.doesNotMatch(agenda, /Wednesday, May 5/);
  assert.match(agenda, /May 11 All day Floor dries.* Wednesday, May 12 Until 5:00 PM Floor dries/);
  assert.match(agenda, /Thursday, May 20 All day Handover day/);
  const may = (await olivia.get(`${url}/calendar?on=2027-05-01`).expect(200)).text;
  assert.match(plain(may.slice(may.indexOf('<table'))), /1 Until 1:30 AM Pour the floor/);
});

test('weeks begin and clocks count as the reader’s language has it', async () => {
  const { id, url } = await fitOut(portal, home);
  await plannedEvent(portal, home.staff, id, {
    time_zone: home.staff.time_zone,
    starts_time: '14:00',
    ends_time: '15:00',
  });
  const shown = async (locale: string) => {
    await portal.look(home.organization_id, (db) => db('people').where({ id: home.tom.id }).update({ locale }));
    const page = (await (await portal.signIn(home.tom.email)).get(`${url}/calendar?on=2027-03-10`).expect(200)).text;
    const [, first = ''] = /<th scope="col" abbr="([^"]+)"/.exec(page) ?? [];
    return [first, /<small>([^<]*\b(?:14|2):00[^<]*)<\/small>/.exec(page)?.[1]?.replace(/[\u2009\u202f]/g, ' ')];
  };
  assert.deepEqual(await shown('de-DE'), ['Montag', '14:00']);
  assert.deepEqual(await shown('en-GB'), ['Monday', '14:00']);
  assert.deepEqual(await shown('en-US'), ['Sunday', '2:00 PM']);
});
