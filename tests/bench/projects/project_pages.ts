import { openDatabase } from '../../../src/db/database.js';
import type { Actor } from '../../../src/db/scope.js';
import { makeFeed } from '../../../src/projects/calendar_feed/feed_token.js';
import { day } from '../../support/days.js';
import { partnerActor } from '../../support/harbor.js';
import type { Cluster } from '../database/cluster.js';
import { type FilledProject, KEY, VENDOR } from './filled_project.js';

export type Reader = 'staff' | 'customer' | 'vendor';

/** A page of the project. `path`: as it is asked for. */
export interface ProjectPage {
  name: string;
  reader: Reader;
  path: string;
}

const P = `/projects/${KEY}`;

/** What both sides have. */
const BOTH = [
  '',
  '?show=open',
  '?show=yours',
  '/schedule',
  '/schedule?scale=weeks',
  '/calendar',
  '/finances',
  '/details',
]
  .concat(['/time', '/comments', '/log'])
  .map((tab) => P + tab);

const STAFF = ['?show=dropped', '/time?everyone=1', '/time?all=1', '/time/report', '/time/report?by=task']
  .concat(['/time/report?by=week', '/time/report.csv', '/time/settings', '/budget', '/budget?over=1', '/budget?new=1'])
  .concat(['/budget?new=1&all=on', '/budget/export', '/sharing', '/edit', '/tasks/new', '/calendar/new', '/log/new'])
  .map((page) => P + page)
  .concat(['/desk', '/projects', '/calendar', '/project-templates']);

const PARTNERS = ['', '/calendar', '/projects'];

const VENDORS = ['', '?show=open', '/schedule', '/time'].map((tab) => P + tab);

/** Every page of a project, and those on which its tasks stand. */
export async function projectPages(cluster: Cluster, place: FilledProject): Promise<ProjectPage[]> {
  const { tasks, home } = place;
  const slug = `/${home.slug}`;
  const page = (reader: Reader, path: string, name = path): ProjectPage => ({
    ...{ reader, path: slug + path },
    name: `${reader} ${name.replace(P, '/projects/…') || '/'}`,
  });
  const half = Math.floor(tasks / 2);
  const group = await one(cluster, place, 'select id as one from budget_groups order by position desc limit 1');
  const thread = await one(
    cluster,
    place,
    'select id as one from comments where thread_id is null order by id limit 1',
  );
  const deep = (reader: Reader) => [
    page(reader, `${P}?after=${half}`, `${P}?after`),
    page(reader, `${P}/schedule?after=${half}`, `${P}/schedule?after`),
    page(reader, `${P}/calendar?view=agenda`, `${P}/calendar?view=agenda`),
    page(reader, `${P}/details?folder=Folder+0`, `${P}/details?folder`),
    page(reader, `${P}/comments?at=${thread}`, `${P}/comments?at`),
    page(reader, `/tasks/WORK-2`, '/tasks/…'),
    page(reader, `/tasks/WORK-1`, '/tasks/… of a phase'),
  ];
  return [
    ...[...BOTH, ...STAFF].map((path) => page('staff', path)),
    ...deep('staff'),
    page('staff', `${P}/budget?group=${group}`, `${P}/budget?group`),
    page('staff', '/tasks/WORK-2/edit', '/tasks/…/edit'),
    ...[...BOTH, ...PARTNERS].map((path) => page('customer', path)),
    ...deep('customer'),
    ...[...VENDORS, ...PARTNERS].map((path) => page('vendor', path)),
    page('vendor', '/tasks/WORK-7', '/tasks/…'),
    ...(await feeds(cluster, place)),
  ];
}

async function one(cluster: Cluster, place: FilledProject, text: string): Promise<string> {
  const db = await cluster.admin(place);
  const { rows } = await db.query<{ one: string }>(text);
  await db.end();
  return String(rows[0]?.one);
}

/** The calendars that each has for other programs. */
async function feeds(cluster: Cluster, place: FilledProject): Promise<ProjectPage[]> {
  const { home } = place;
  const erik = async (column: string) =>
    one(cluster, place, `select ${column} as one from people where email = '${VENDOR}'`);
  const vendor = partnerActor(home, { id: await erik('id'), name: 'Erik Lund', email: VENDOR });
  const readers: [Reader, Actor][] = [
    ['staff', home.staff],
    ['customer', partnerActor(home, home.maya)],
    ['vendor', { ...vendor, partner_id: await erik('partner_id') }],
  ];
  const db = openDatabase({ connectionString: place.url() }, 1);
  const pages: ProjectPage[] = [];
  for (const [reader, actor] of readers) {
    const user_id = await one(cluster, place, `select user_id as one from people where id = '${actor.person_id}'`);
    const token = await makeFeed(db.knex, { ...actor, user_id }, false);
    pages.push({ name: `${reader} /calendar/….ics`, reader, path: `/calendar/${token}.ics` });
  }
  await db.close();
  return pages;
}

/** Something that is done some times over, each time to another subject. */
export interface ProjectAct {
  name: string;
  reader: Reader;
  paths: string[];
  body: string;
}

/** How often each is done. */
const TIMES = 12;

/** What is done in a project. */
export async function projectActs(cluster: Cluster, place: FilledProject): Promise<ProjectAct[]> {
  const { home, tasks } = place;
  const slug = `/${home.slug}`;
  const work = (n: number) => `WORK-${n}`;
  const id = (number: string) => one(cluster, place, `select id as one from tasks where number = '${number}'`);
  const phase = await id(work(1));
  const task = await id(work(2));
  const group = await one(cluster, place, 'select id as one from budget_groups order by position limit 1');
  const again = (path: string) => Array.from({ length: TIMES }, () => slug + path);
  // Neither steps nor phases, nor what is done.
  const open = Array.from({ length: tasks }, (_, n) => n + 1).filter((n) => n % 5 === 4 && n * 6 > tasks);
  const each = (path: (n: number) => string) => open.slice(0, TIMES).map((n) => slug + path(n));
  const act = (name: string, paths: string[], form: Record<string, string>): ProjectAct => ({
    ...{ name, reader: 'staff', paths, body: new URLSearchParams(form).toString() },
  });
  const dates = { starts_on: day(400), due_on: day(405), reason: 'Rain' };
  const hours = { work: task, day: day(0), hours: '0:05', note: 'Swept' };
  return [
    act('add a task', again(`${P}/tasks`), { title: 'Sweep', kind: 'task' }),
    act('add a task to a phase', again(`${P}/tasks`), { title: 'Sweep', kind: 'task', parent: phase }),
    act(
      'move a task',
      each((n) => `/tasks/${work(n)}/move`),
      dates,
    ),
    act(
      'place a task',
      each((n) => `/tasks/${work(n)}/place`),
      { to: 'up' },
    ),
    act('place a phase', again(`/tasks/${work(1)}/place`), { to: 'down' }),
    act(
      'finish a task',
      each((n) => `/tasks/${work(n)}/finish`),
      {},
    ),
    act('log time', again(`${P}/time/log`), hours),
    act('comment', again(`${P}/comment`), { text: 'Could the desk come in the second week?', audience: 'shared' }),
    act('New from a group of the budget', again(`${P}/budget/make`), { type: 'estimate', all_of: group }),
    act('hide its tasks', again(`${P}/share_project`).slice(0, 1), { comments: 'on', time: 'on' }),
    act('show its tasks', again(`${P}/share_project`).slice(0, 1), { tasks: 'on', comments: 'on', time: 'on' }),
    act('set the baseline', again(`${P}/set_baseline`).slice(0, 1), {}),
  ];
}
