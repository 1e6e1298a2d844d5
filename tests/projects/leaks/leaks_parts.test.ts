import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { day } from '../../support/days.js';
import { openPortal, type Portal } from '../../support/portal.js';
import { ALL, type Clinic, feedOf, fillClinic, openClinic } from './clinic.js';
import { hiddenFrom, PARTS, STAFF_NAMES } from './secrets.js';
import { aboutProjects, addresses, type Answer, found, mailOf, namesIn, walk } from './walk.js';

let portal: Portal;
let clinic: Clinic;
let start: string[];
before(async () => {
  portal = await openPortal();
  clinic = await openClinic(portal);
  await fillClinic(portal, clinic);
  start = aboutProjects(addresses(await namesIn(portal, clinic)));
});
after(() => portal.close());

const share = async (parts: Record<string, boolean>) => {
  await clinic.does(clinic.home.staff, clinic.project, 'share_project', parts);
  await portal.idle();
};

/** What Maya gets now: pages, files, lists and her calendar. */
async function mayas(): Promise<Answer[]> {
  const pages = await walk(await portal.signIn(clinic.home.maya.email), start, clinic.home.slug);
  return [...pages, { from: 'calendar', text: await feedOf(portal, clinic.maya) }];
}

let done = 0;

/** Staff go on in all parts. Returns what Maya is told of it. */
async function goOn(parts: Record<string, boolean>): Promise<Answer[]> {
  const { does, zeb, project, tasks, home } = clinic;
  const before = portal.post.emails.length;
  const n = ++done;
  const { services } = portal;
  const file = await services.storage.put(Buffer.from(`${n}`), `Zqlater${n}.txt`, 'text/plain');
  await does(zeb, project, 'add_file', { files: [file], audience: 'both' });
  await does(home.staff, project, 'comment', { text: 'Zqlatertalk', readers: parts['comments'] ? [home.maya.id] : [] });
  await does(zeb, tasks.customers, 'comment', { text: 'Zqlatertasktalk' });
  await does(zeb, tasks.customers, 'move', { due_on: day(n + 10), reason: 'Zqlaterreason' });
  const event = await portal.look(home.organization_id, (db) => db('events').where({ title: 'Zqwalk' }).first('id'));
  await does(zeb, event.id, 'comment', { text: 'Zqlaterwalktalk' });
  await does(zeb, event.id, 'change_event', {
    ...{
      title: 'Zqwalk',
      place: 'Zqwalkplace',
      note: `Zqwalknote Zqlaternote${n}`,
      starts_on: day(2),
      starts_time: '09:00',
      ends_time: '10:00',
    },
    ...{ time_zone: 'UTC', shown: true },
  });
  await portal.idle();
  return mailOf(portal.post.emails.slice(before), home.maya.email);
}

const LATER: Readonly<Record<string, string>> = {
  details: 'Zqlater\\d+.txt',
  tasks: 'Zqlatertasktalk|Zqlaterreason',
  comments: 'Zqlatertalk',
  calendar: 'Zqlaterwalktalk|Zqlaternote\\d+',
};

test('without names of people, none of the staff is named, nor their address', async () => {
  await share({ ...ALL, people: false });
  const mails = await goOn(ALL);
  const told = mails.filter(({ text }) => !/Zqlatertalk/.test(text));
  assert.ok(told.length >= 4, told.map(({ from }) => from).join());
  const names = [...STAFF_NAMES, clinic.zeb.email ?? '', clinic.home.tom.email];
  // Whoever writes to them in the project's comments is named there.
  const pages = (await mayas()).filter(({ from }) => !/projects\/MAPLE\/comments|projects\/MAPLE\/live/.test(from));
  assert.deepEqual(found([...pages, ...told], names), []);
});

for (const part of [...Object.keys(PARTS), 'finances', ''])
  test(`of a project that shows ${part || 'nothing'}, nothing else is there, nor told`, async () => {
    const shown: Record<string, boolean> = part ? { [part]: true, people: true } : {};
    await share(shown);
    const hidden = Object.entries(PARTS).flatMap(([name, words]) => (name === part ? [] : words));
    const later = Object.entries(LATER).flatMap(([name, words]) => (name === part ? [] : words.split('|')));
    const mails = await goOn(shown);
    const answers = (await mayas()).filter(({ from }) => !/\/data\b/.test(from));
    const wrong = [...answers, ...mails].flatMap(({ from, text }) =>
      later.filter((word) => new RegExp(word).test(text)).map((word) => `${word} in ${from}`),
    );
    assert.deepEqual([...found([...answers, ...mails], [...hidden, ...hiddenFrom('maya')]), ...wrong], []);
    const missed = (PARTS[part] ?? []).filter((word) => found(answers, [word]).length === 0);
    assert.deepEqual(missed, []);
  });
