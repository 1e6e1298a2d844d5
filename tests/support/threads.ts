import { act } from '../../src/act.js';
import type { Actor } from '../../src/db/scope.js';
import { addProject } from '../../src/projects/project.js';
import type { Harbor } from './harbor.js';
import { partnerActor } from './harbor.js';
import type { Portal } from './portal.js';

let made = 0;

/** A project of Maple Street Clinic in which Olivia, Tom, Maya and Noah take part, as they act. */
export async function projectOfAll(portal: Portal, home: Harbor) {
  const key = `TALK-${++made}`;
  const id = await addProject(portal.knex, home.staff, { key, name: 'Reception', partner: home.partner_id });
  for (const { id: person } of [home.tom, home.maya, home.noah])
    await act(portal.knex, home.staff, id, 'add_person', { person });
  const tom: Actor = { ...home.staff, person_id: home.tom.id, name: home.tom.name, email: home.tom.email };
  const olivia = home.staff;
  const [maya, noah] = [partnerActor(home, home.maya), partnerActor(home, home.noah)];
  const names = new Map([home.olivia, home.tom, home.maya, home.noah].map((one) => [one.id, one.name.split(' ')[0]]));
  const comment = async (actor: Actor, text: string, more: object = {}): Promise<string> =>
    String((await act(portal.knex, actor, id, 'comment', { text, ...more })).comment_id);
  /** Who was told of a comment: by email and by the bell, which must be the same. */
  const told = (comment_id: string, action = 'comment') =>
    portal.look(home.organization_id, async (db) => {
      const { id: activity_id } = await db('activities')
        .whereRaw(`details->>'comment' = ? and action = ?`, [comment_id, action])
        .orderBy('id', 'desc')
        .first('id');
      const people = async (table: string) =>
        ((await db(table).where({ activity_id }).pluck('person_id')) as string[])
          .map((person) => names.get(person) ?? person)
          .toSorted()
          .join(' ');
      return { email: await people('emails'), bell: await people('notifications') };
    });
  return { id, key, url: `/${home.slug}/projects/${key}/comments`, olivia, tom, maya, noah, comment, told };
}

/** The same people by email and bell. */
export const both = (people: string) => ({ email: people, bell: people });
