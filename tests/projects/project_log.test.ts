import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { act } from '../../src/act.js';
import { day } from '../support/days.js';
import { errorsIn, post, textOf } from '../support/forms.js';
import { addVendor, harbor } from '../support/harbor.js';
import { openPortal, type Portal } from '../support/portal.js';
import { photo, projectSite, sendFiles } from '../support/project_site.js';

let portal: Portal;
before(async () => (portal = await openPortal()));
after(() => portal.close());

const today = day(0);

test('staff write a day with photos; its customer sees it, the vendors don’t', async () => {
  const site = await projectSite(portal);
  const tom = await portal.signIn(site.tom.email);
  const form = await tom.get(`${site.url}/log/new`).expect(200);
  assert.match(form.text, /accept="image\/\*" capture="environment"/);
  assert.match(form.text, new RegExp(`name="day" value="${today}"`));
  assert.match(form.text, /name="shown" id="[^"]+" value="on"\s+checked/);
  const fields = { day: today, people: '2 people, 13 hours', weather: 'Rain', shown: 'on' };
  const words = { text: 'Cut the door frames. See https://a.example/frames', descriptions: 'Panels, drying\nDoors' };
  const photos = { 'one.jpg': await photo('#123456'), 'two.jpg': await photo('#654321') };
  await sendFiles(tom, `${site.url}/add_log`, photos, { ...fields, ...words })
    .expect(303)
    .expect('Location', `${site.url}/log?done=saved`);
  await portal.idle();
  const maya = await portal.signIn(site.maya.email);
  const { text } = await maya.get(`${site.url}/log`).expect(200);
  assert.match(textOf(text), /2 people, 13 hours · Rain Cut the door frames\./);
  assert.match(text, /alt="Panels, drying"[\s\S]*alt="Doors"/);
  assert.match(text, /href="https:\/\/a\.example\/frames" rel="noopener/);
  assert.doesNotMatch(text, /\/log\/new|\/edit"|Only your team/);
  const [, download = ''] = /href="(\/[^"]+\/files\/[^"]+one\.jpg)"/.exec(text) ?? [];
  const [, picture = ''] = /src="(\/[^"]+\/pictures\/[^"]+)"/.exec(text) ?? [];
  const [, whole = ''] = /href="(\/[^"]+\/log\/[0-9a-f-]{36})"/.exec(text) ?? [];
  const all = [download, picture, whole];
  for (const path of all) await maya.get(path).expect(200);
  assert.match(textOf((await maya.get(`${site.url}/details`)).text), /Daily log .* 2 people, 13 hours/);
  assert.match(textOf(text), /Tom Reyes, /);
  // Without its people, staff are named after their company.
  await portal.look(site.organization_id, (db) =>
    db('projects')
      .where({ id: site.id })
      .update({ shown: ['tasks', 'details', 'comments'] }),
  );
  for (const page of ['/log', '/details'])
    assert.doesNotMatch((await maya.get(`${site.url}${page}`).expect(200)).text, /Tom Reyes/);
  assert.match(textOf((await maya.get(`${site.url}/log`)).text), /Doors .*Harbor & Pine, |Harbor & Pine, /);
  await addVendor(portal, site, `lars@${site.slug}.example`);
  const other = await harbor(portal);
  for (const email of [site.erik.email, `lars@${site.slug}.example`, other.olivia.email]) {
    const stranger = await portal.signIn(email);
    for (const path of all) await stranger.get(path).expect(404);
    await sendFiles(stranger, `${site.url}/add_log`, {}, fields).expect(404);
  }
  await sendFiles(maya, `${site.url}/add_log`, {}, { ...fields, ...words }).expect(403);
  await maya.get(`${site.url}/log/new`).expect(404);
});

test('a day that is kept, hidden or removed is not there for the customer, nor without its tab', async () => {
  const site = await projectSite(portal);
  const tom = await portal.signIn(site.tom.email);
  const maya = await portal.signIn(site.maya.email);
  await sendFiles(
    tom,
    `${site.url}/add_log`,
    { 'a.jpg': await photo('#010203') },
    { day: today, text: 'Rework' },
  ).expect(303);
  const [row] = await portal.look(site.organization_id, (db) => db('project_logs').select());
  const [file] = await portal.look(site.organization_id, (db) => db('project_log_files').select());
  const log = String(row?.id);
  const download = `/${site.slug}/files/${file?.file_id}/a.jpg`;
  const paths = [`${site.url}/log/${log}`, download];
  assert.match(textOf((await tom.get(`${site.url}/log`)).text), /Rework .*Only your team/);
  for (const path of paths) await maya.get(path).expect(404);
  await post(tom, `${site.url}/show_log`, { log, shown: 'on' });
  for (const path of paths) await maya.get(path).expect(200);
  const show = (shown: string[]) =>
    portal.look(site.organization_id, (db) => db('projects').where({ id: site.id }).update({ shown }));
  await show(['tasks', 'details']);
  for (const path of [...paths, `${site.url}/log`]) await maya.get(path).expect(404);
  assert.doesNotMatch((await maya.get(`${site.url}/details`).expect(200)).text, /Daily log/);
  await show(['tasks', 'details', 'comments']);
  await post(tom, `${site.url}/remove_photo`, { log, photo: String(file?.id) });
  await maya.get(download).expect(404);
  await post(tom, `${site.url}/remove_log`, { log });
  await maya.get(paths[0] ?? '').expect(404);
  await tom.post(`${site.url}/show_log`).type('form').send({ log, shown: 'on' }).expect(409);
  const summary = textOf((await maya.get(`${site.url}/comments`).expect(200)).text);
  assert.doesNotMatch(summary, /the log of/);
});

test('a day is changed by staff; what can’t be used is said beside its field, with what was typed', async () => {
  const site = await projectSite(portal);
  const tom = await portal.signIn(site.tom.email);
  const refusal = async (fields: Record<string, string>, files: Record<string, string | Buffer> = {}) =>
    errorsIn((await sendFiles(tom, `${site.url}/add_log`, files, { day: today, ...fields }).expect(422)).text);
  assert.deepEqual(await refusal({}), ['Write what was done, or add a photo.']);
  assert.deepEqual(await refusal({ day: day(1), text: 'x' }), ['Choose today or an earlier day.']);
  assert.deepEqual(await refusal({ day: '2026-02-30', text: 'x' }), ['Give a date.']);
  assert.deepEqual(await refusal({ text: 'x' }, { 'a.txt': 'a' }), ['“a.txt” is no photo.']);
  assert.deepEqual(await refusal({ no_work: 'Thanksgiving', people: '2' }), ['Either people worked, or nobody did.']);
  assert.deepEqual(await refusal({ text: 'x', descriptions: 'y'.repeat(201) }), [
    'Use at most 200 characters in a line.',
  ]);
  const typed = await sendFiles(tom, `${site.url}/add_log`, {}, { day: day(1), text: 'Kept words' }).expect(422);
  assert.match(typed.text, /Kept words<\/textarea>/);
  await sendFiles(tom, `${site.url}/add_log`, {}, { day: day(-1), no_work: 'Thanksgiving', shown: 'on' }).expect(303);
  const { id: log } = await portal.look(site.organization_id, (db) => db('project_logs').first('id'));
  assert.match(textOf((await tom.get(`${site.url}/log`)).text), /Thanksgiving No work that day\./);
  assert.match((await tom.get(`${site.url}/log/${log}/edit`).expect(200)).text, /value="Thanksgiving"/);
  const changed = { log: String(log), day: today, text: 'Worked after all', people: '1 person', descriptions: 'Door' };
  await sendFiles(tom, `${site.url}/change_log`, { 'd.jpg': await photo('#0a0b0c') }, changed).expect(303);
  const page = await tom.get(`${site.url}/log/${log}/edit`).expect(200);
  assert.match(page.text, /Door<\/textarea>/);
  await sendFiles(tom, `${site.url}/change_log`, {}, { ...changed, descriptions: 'The door' }).expect(303);
  const rows = await portal.look(site.organization_id, (db) => db('project_log_files').pluck('description'));
  assert.deepEqual(rows, ['The door']);
  assert.doesNotMatch(textOf((await tom.get(`${site.url}/log`)).text), /Thanksgiving/);
});

test('the log has pages by month, and new days begin as the project says', async () => {
  const site = await projectSite(portal);
  const olivia = await portal.signIn(site.olivia.email);
  await portal.look(site.organization_id, (db) =>
    db('projects').where({ id: site.id }).update({ starts_on: '2025-01-01' }),
  );
  for (let n = 1; n <= 33; n++)
    await act(portal.knex, site.staff, site.id, 'add_log', {
      day: n <= 28 ? `2025-02-${String(n).padStart(2, '0')}` : `2025-03-0${n - 28}`,
      text: `Entry ${n}.`,
      shown: true,
    });
  const maya = await portal.signIn(site.maya.email);
  const { text } = await maya.get(`${site.url}/log`).expect(200);
  assert.match(textOf(text), /March 2025 .*Entry 33\..*February 2025 .*Entry 28\..*Entry 3\./);
  assert.doesNotMatch(text, /Entry 2\./);
  const [, next = ''] = /href="([^"]+before=[^"]+)"/.exec(text) ?? [];
  const later = textOf((await maya.get(next.replaceAll('&amp;', '&')).expect(200)).text);
  assert.match(later, /Entry 2\. .*Entry 1\./);
  assert.doesNotMatch(textOf((await maya.get(`${site.url}/log?month=2025-02`).expect(200)).text), /Entry 29\./);
  await maya.get(`${site.url}/log?month=2025-99&day=x&before=y`).expect(200);
  await post(olivia, `${site.url}/show_logs`, {});
  assert.doesNotMatch((await olivia.get(`${site.url}/log/new`)).text, /name="shown" id="[^"]+" value="on"\s+checked/);
  await maya.post(`${site.url}/show_logs`).type('form').send({ shown: 'on' }).expect(403);
});
