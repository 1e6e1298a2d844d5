import { act } from '../../src/act.js';
import type { Actor } from '../../src/db/scope.js';
import { addProject } from '../../src/projects/project.js';
import { addTask } from '../../src/projects/tasks/add_task.js';
import { mondayOf } from '../../src/projects/time/weeks_of.js';
import { day } from './days.js';
import { addVendor, type Harbor, partnerActor } from './harbor.js';
import type { Portal } from './portal.js';

/** The Monday of the week before this one, and its days: none of them is in the future. */
export const MONDAY = mondayOf(day(-7));
export const at = (n: number) => new Date(Date.parse(MONDAY) + n * 86_400_000).toISOString().slice(0, 10);
let vendors = 0;

/** A project with two tasks of staff and one of Northern Timber. */
export async function fitOut(portal: Pick<Portal, 'knex'>, home: Harbor) {
  const { knex } = portal;
  const project = await addProject(knex, home.staff, { key: 'MAPLE', name: 'Fit-out', partner: home.partner_id });
  const { vendor, erik } = await addVendor(portal, home, `erik${++vendors}@northern.example`);
  const add = (title: string, more = {}) =>
    addTask(knex, home.staff, project, { title, estimate_minutes: 600, ...more });
  const [desk, panels] = [await add('Reception desk'), await add('Acoustic panels')];
  const lights = await add('Night lighting', { vendor, trade: 'Electrician' });
  const actors = {
    tom: { ...home.staff, role: 'member' as const, person_id: home.tom.id, ...home.tom },
    maya: partnerActor(home, home.maya),
    erik: { ...partnerActor(home, { id: erik, name: 'Erik Lund', email: '' }), partner_id: vendor },
  };
  return { project, vendor, desk, panels, lights, ...actors, erik_email: `erik${vendors}@northern.example` };
}

/** Logs somebody's time on a day. */
export const logTime = (
  portal: Pick<Portal, 'knex'>,
  actor: Actor,
  id: string,
  work: string,
  of: string,
  minutes: number | null,
  more: object = {},
) => act(portal.knex, actor, id, 'log_time', { cells: [{ work, day: of, minutes, ...more }] });

/** Submits and approves somebody's week. */
export async function approved(portal: Pick<Portal, 'knex'>, home: Harbor, actor: Actor, project: string) {
  await act(portal.knex, actor, project, 'submit_week', { week: MONDAY });
  await act(portal.knex, home.staff, project, 'approve_week', { week: MONDAY, person: actor.person_id });
}
