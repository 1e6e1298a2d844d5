import { act } from '../../../src/act.js';
import { actorAt, entry, type Stage } from '../../../src/demo/story/stage.js';
import { mondayOf } from '../../../src/projects/time/weeks_of.js';
import { addTask } from '../../../src/projects/tasks/add_task.js';
import { day } from '../days.js';
import type { Portal } from '../portal.js';
import type { Scene } from './correspondence.js';
import type { PlanLog } from './plan_log.js';

const MONDAY = mondayOf(day(-28));

/** Time on a project from its timer to its invoice, and a vendor's hours. */
export async function playTime({ knex }: Portal, log: PlanLog, stage: Stage): Promise<void> {
  const project = entry(stage.projects, 'MAPLE');
  const by = (who: string) => actorAt(stage, who, new Date(`${day(-20)}T17:00:00Z`));
  const done = async (who: string, id: string, name: string, input: object = {}) => {
    log.doing = `${name} of time`;
    return act(knex, by(who), id, name, { ...input });
  };
  log.doing = 'add tasks for time';
  const desk = await addTask(knex, by('olivia'), project, { title: 'Desk of oak' });
  const vendor = entry(stage.partners, 'northern');
  const oak = await addTask(knex, by('olivia'), project, { title: 'Oak', vendor, trade: 'Timber' });
  const week = { week: MONDAY };
  const toms = { ...week, person: by('tom').person_id };
  await done('tom', project, 'add_activity', { name: 'Cleaning' });
  for (const minutes of [60, 90])
    await done('tom', project, 'log_time', { cells: [{ work: desk, day: MONDAY, minutes }] });
  for (const work of [desk, desk]) await done('tom', project, 'start_timer', { work });
  await done('tom', project, 'stop_timer');
  await done('tom', project, 'start_timer', { work: desk });
  await done('tom', project, 'discard_timer');
  await done('olivia', project, 'set_time', { time_shown: 'hours', asks_approval: true, bill_rate: 9000 });
  await done('tom', project, 'submit_week', week);
  await done('tom', project, 'withdraw_week', week);
  await done('tom', project, 'submit_week', week);
  await done('olivia', project, 'send_back_week', { ...toms, reason: 'Which desk?' });
  await done('tom', project, 'submit_week', week);
  await done('olivia', project, 'approve_week', toms);
  await done('olivia', project, 'ask_time', week);
  await done('maya', project, 'question_time', { ...week, message: 'Which desk?' });
  await done('maya', project, 'approve_time', { ...week, part: true, works: [desk] });
  const { created_id: invoice } = await done('olivia', project, 'bill_time');
  if (invoice) {
    await done('olivia', invoice, 'send');
    const { created_id: credit } = await done('olivia', invoice, 'credit_note');
    if (credit) await done('olivia', credit, 'send');
  }
  await done('erik', oak, 'log_hours', { cells: [{ work: oak, day: MONDAY, minutes: 60 }] });
  await done('erik', oak, 'submit_hours', week);
  await done('erik', oak, 'withdraw_hours', week);
  await done('erik', oak, 'submit_hours', week);
  const eriks = { ...week, person: by('erik').person_id };
  await done('olivia', project, 'send_back_week', { ...eriks, reason: 'Which oak?' });
  await done('erik', oak, 'submit_hours', week);
  await done('olivia', project, 'approve_week', eriks);
}

/** The forms of time, and of its settings. */
export async function manageTime({ olivia, place: { slug } }: Scene): Promise<void> {
  await olivia.post(`/${slug}/settings/organization/time`, { closed_on: '2020-01-01', cost: '40', billed: '90' });
  await olivia.post(`/${slug}/projects/MAPLE/time/log`, { week: mondayOf(day(0)) });
}

const TIME = '/projects/MAPLE/time';

/** The pages of time for staff; customers and vendors have the first of them. */
export const timePages = [
  ...[TIME, `${TIME}?everyone=1`, `${TIME}?before=2090-01-01`, `${TIME}?all=1`, `${TIME}?copy=1`, `${TIME}/settings`],
  ...['', '?by=task', '?by=week', '.csv'].map((page) => `${TIME}/report${page}`),
  `${TIME}/report?after=2090-01-01_ffffffff-ffff-7fff-bfff-ffffffffffff`,
  '/settings/organization/time',
];
