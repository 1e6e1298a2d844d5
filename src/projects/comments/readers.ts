import type { Knex } from 'knex';
import type { z } from 'zod';
import type { Act } from '../../acting/context.js';
import { queryPrepared } from '../../db/scope.js';
import { Invalid } from '../../errors.js';
import type { threadComment } from '../../subjects/project/project_lifecycle.js';
import { type Circle, circleOf, mentioned, ownSide, tellable, type Tellable } from './circle.js';
import { type Answered, threadPeople } from './thread_rows.js';

/** What of a comment decides who is told of it. */
interface Wanted {
  input: z.output<typeof threadComment>;
  /** What it answers. */
  answered: Answered | undefined;
  /** Only its author's side reads it. */
  internal: boolean;
  /** Who did what an email answers that answers no comment. */
  asked_by: string | null;
}

/** Whom the author of an act may tell of what they write. For the system. */
export async function circleFor(db: Knex.Transaction, { actor, subject }: Act): Promise<Circle> {
  const { text, values } = tellable(actor, { id: subject.id });
  const rows = await queryPrepared<Parameters<typeof circleOf>[0][number]>(db, text, values ?? []);
  return circleOf(rows, actor);
}

/**
 * The ids of those who are told of a comment, and of nobody else. A customer's shared comment that is meant for nobody
 * reaches who answers for the project. @throws Invalid for `readers` and `text`
 */
export async function readersOf(db: Knex.Transaction, act: Act, wanted: Wanted): Promise<string[]> {
  const { internal, input } = wanted;
  const { actor, evidence } = act;
  const seen = await circleFor(db, act);
  const circle = internal ? ownSide(seen, actor.side) : seen;
  const within = new Set(circle.people.map(({ id }) => id));
  const chosen = input.readers ?? [];
  if (chosen.some((id) => !within.has(id))) throw new Invalid({ readers: 'Choose people who can read this.' });
  const reached = (await reachOf(db, act, wanted)).filter((id) => within.has(id));
  const named = namedIn(input.text ?? '', { circle, seen, chosen, by_email: Boolean(evidence.mail) });
  const ids = [...new Set([...reached, ...chosen, ...named])];
  return ids.length || internal || actor.side === 'staff' ? ids : answering(circle).map(({ id }) => id);
}

/** Who answers for a project: its manager, or else the staff who take part. */
export function answering({ people }: Circle): Tellable[] {
  const staff = people.filter(({ partner_id }) => !partner_id);
  const manager = staff.filter(({ manages }) => manages);
  return manager.length ? manager : staff.filter(({ takes_part }) => takes_part);
}

async function reachOf(db: Knex.Transaction, { actor, subject }: Act, wanted: Wanted): Promise<string[]> {
  const { answered, input, asked_by } = wanted;
  if (input.reach === 'chosen') return [];
  if (!answered) return asked_by ? [asked_by] : [];
  const { person_id, root_author, root_id } = answered;
  const [first] = [person_id, root_author].filter((id) => id !== actor.person_id);
  // Who goes on with what they began themselves goes on with those whom they told.
  return input.reach === 'all' || !first ? threadPeople(db, subject.organization_id, root_id) : [first];
}

interface Reading {
  circle: Circle;
  seen: Circle;
  chosen: readonly string[];
  by_email: boolean;
}

function namedIn(text: string, { circle, seen, chosen, by_email }: Reading): string[] {
  const { ids, unclear } = mentioned(text, circle, new Set(chosen), by_email ? '@+' : '@');
  // An email has no form that could be shown again: it tells whom it clearly names.
  if (by_email) return ids;
  const beyond = mentioned(text, seen, new Set(chosen)).ids.filter((id) => !circle.people.some((one) => one.id === id));
  const outside = seen.people.find(({ id }) => beyond.includes(id));
  if (outside)
    throw new Invalid({ text: '{{name}} can’t read an internal note. Take the name out.' }, { name: outside.name });
  const [one] = unclear;
  if (one)
    throw new Invalid({ readers: 'Several people are called {{name}}. Choose who you mean.' }, { name: one.name });
  return ids;
}
