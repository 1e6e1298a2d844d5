import type { Knex } from 'knex';
import type { Act, Outcome } from '../../acting/context.js';
import { Invalid } from '../../errors.js';
import { addParticipants } from '../../subjects/participants.js';
import { notifyInput } from '../../subjects/project/project_lifecycle.js';
import { ownSide } from './circle.js';
import { reads, requireConversation } from './post_in_thread.js';
import { circleFor } from './readers.js';
import { answeredComment, tagPeople } from './thread_rows.js';

/** Tells more people of a comment that is there already; they take part from now on. @throws Invalid, NotFound */
export async function passOn(db: Knex.Transaction, act: Act): Promise<Omit<Outcome, 'subject'>> {
  const { actor, subject } = act;
  const { comment: comment_id, readers = [] } = notifyInput.parse(act.input);
  await requireConversation(db, act);
  const found = await answeredComment(db, subject, comment_id);
  if (!found || !reads(act, found.audience)) throw new Invalid({ form: 'This comment is gone.' });
  if (!readers.length) throw new Invalid({ readers: 'Choose a person.' });
  const seen = await circleFor(db, act);
  const circle = found.audience === 'shared' ? seen : ownSide(seen, actor.side);
  const within = new Set(circle.people.map(({ id }) => id));
  if (readers.some((id) => !within.has(id))) throw new Invalid({ readers: 'Choose people who can read this.' });
  const { organization_id, id: subject_id } = subject;
  const tags = { organization_id, subject_id, comment_id, thread_id: found.root_id, notified_by: actor.person_id };
  const people = await tagPeople(db, { ...tags, people: readers.filter((id) => id !== found.person_id) });
  if (!people.length) throw new Invalid({ readers: 'They have been told of it already.' });
  await addParticipants(db, subject, people);
  const visible_to = found.audience === 'shared' ? 'both' : found.audience;
  return { details: { comment: comment_id, readers: people }, visible_to, joined: true };
}
