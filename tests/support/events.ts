import { act } from '../../src/act.js';
import type { Actor } from '../../src/db/scope.js';
import { addEvent } from '../../src/projects/events/add_event.js';
import { addProject } from '../../src/projects/project.js';
import { addTask } from '../../src/projects/tasks/add_task.js';
import type { Harbor } from './harbor.js';
import type { Portal } from './portal.js';
import type { ReceivedEmail } from './post_office.js';

let made = 0;

/** A project of Maple Street Clinic. */
export async function fitOut({ knex }: Pick<Portal, 'knex'>, home: Harbor) {
  const key = `FIT-${++made}`;
  const id = await addProject(knex, home.staff, { key, name: 'Reception fit-out', partner: home.partner_id });
  return { id, key, url: `/${home.slug}/projects/${key}` };
}

/** A vendor has work in it. */
export const workFor = ({ knex }: Pick<Portal, 'knex'>, { staff }: Harbor, project: string, vendor: string) =>
  addTask(knex, staff, project, { title: 'Wire the reception', vendor });

export const WALK = {
  ...{ title: 'Walk-through', place: '12 Maple Street', time_zone: 'America/Los_Angeles' },
  ...{ starts_on: '2027-03-10', starts_time: '09:00', ends_on: '2027-03-10', ends_time: '10:30' },
};

/** An event whose invitations were sent. */
export async function plannedEvent(
  { knex }: Pick<Portal, 'knex'>,
  staff: Actor,
  project: string,
  fields: object,
): Promise<{ id: string; number: string }> {
  const id = await addEvent(knex, staff, project, { ...WALK, ...fields });
  const { number } = await act(knex, staff, id, 'plan');
  return { id, number: number ?? '' };
}

/** The invitation that came with an email, and how its part calls itself. */
export function invitationOf(received: ReceivedEmail): { text: string; method: string } {
  const found = received.attachments.find(({ contentType }) => contentType === 'text/calendar');
  const ics = found ?? received.attachments.find(({ filename }) => filename?.endsWith('.ics'));
  const method = /content-type: text\/calendar;[^]*?method=(\w+)/i.exec(received.raw)?.[1] ?? '';
  return { text: ics?.content.toString('utf8') ?? '', method };
}
