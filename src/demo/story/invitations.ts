import type { Knex } from 'knex';
import { inviteContact } from '../../people/invitations/contact_invitations.js';
import { MODULES } from '../../subjects/modules.js';
import type { Moment } from './play.js';
import { actorAt, entry, momentOf, type Stage } from './stage.js';

/** Who of a story's contacts was invited and is not active yet: each on their day, by the owner. */
export function invitationsOf(stage: Stage, secret: string): Moment[] {
  const { story, partners, people } = stage;
  return Object.entries(story.partners).flatMap(([partner, { contacts }]) =>
    Object.entries(contacts).flatMap(([key, { role, invited }]) => {
      if (!invited) return [];
      const { day, message } = invited;
      const at = momentOf(story, day, '10:20');
      const access = { role, modules: MODULES.map(({ name }) => name) };
      const play = (db: Knex) =>
        inviteContact(
          db,
          secret,
          actorAt(stage, story.owner.key, at),
          entry(partners, partner),
          entry(people, key).id,
          { access, message },
        );
      return [{ day, at, play }];
    }),
  );
}
