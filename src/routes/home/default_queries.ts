import type { Knex } from 'knex';
import { record } from '../../activity/record.js';
import { type Actor, type Query, withActor } from '../../db/scope.js';
import { typeNamed } from '../../document_types/index.js';
import { Invalid, NotAllowed } from '../../errors.js';
import { multiLine } from '../../pages/valid_input.js';

/** What a new document of a type begins with. */
export interface Defaults {
  type: string;
  terms: string;
  note: string;
}

export const defaultsOf = ({ organization_id }: Actor): Query<Defaults> => ({
  name: 'type_defaults',
  text: 'select type, terms, note from type_defaults where organization_id = $1',
  values: [organization_id],
});

const MOST = 5000;

/**
 * Keeps what new documents of a type begin with, and records it. Those that exist stay as they are. @throws Invalid,
 * NotAllowed
 */
export function setDefaults(db: Knex, actor: Actor, type: string, fields: Record<string, unknown>): Promise<void> {
  if (actor.side !== 'staff') throw new NotAllowed('This is not yours to do.');
  const [terms, note] = ['terms', 'note'].map((name) =>
    typeof fields[name] === 'string' ? multiLine(fields[name]) : '',
  ) as [string, string];
  for (const [name, text] of Object.entries({ terms, note }))
    if (text.length > MOST) throw new Invalid({ [name]: 'Use at most 5,000 characters.' });
  return withActor(db, actor, async (db) => {
    const { organization_id } = actor;
    await db('type_defaults')
      .insert({ organization_id, type, terms, note })
      .onConflict(['organization_id', 'type'])
      .merge();
    await record(db, actor, { action: 'set_defaults', details: { name: typeNamed(type).plural }, visible_to: 'staff' });
  });
}
