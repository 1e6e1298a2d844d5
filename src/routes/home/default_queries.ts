import type { Knex } from 'knex';
import { z } from 'zod';
import { record } from '../../activity/record.js';
import { type Actor, type Query, withActor } from '../../db/scope.js';
import { typeNamed } from '../../document_types/index.js';
import { multiLine } from '../../input/valid_input.js';
import { requireMay } from '../../subjects/may.js';

/** The default text of new documents of a type. */
interface Defaults extends DefaultText {
  type: string;
}

/** The default text of every type that has some. */
export const defaultsOf = ({ organization_id }: Actor): Query<Defaults> => ({
  name: 'type_defaults',
  text: 'select type, terms, note from type_defaults where organization_id = $1',
  values: [organization_id],
});

const text = z.string().default('').transform(multiLine).pipe(z.string().max(5000, 'Use at most 5,000 characters.'));

/** The form of one type's default text. */
export const DefaultText = z.object({ terms: text, note: text });
export type DefaultText = z.infer<typeof DefaultText>;

/** Sets the default text of a type. Existing documents don't change. @throws NotAllowed */
export function setDefaults(db: Knex, actor: Actor, type: string, { terms, note }: DefaultText): Promise<void> {
  requireMay(actor, 'administration');
  return withActor(db, actor, async (db) => {
    const { organization_id } = actor;
    await db('type_defaults')
      .insert({ organization_id, type, terms, note })
      .onConflict(['organization_id', 'type'])
      .merge();
    await record(db, actor, { action: 'set_defaults', details: { name: typeNamed(type).plural }, visible_to: 'staff' });
  });
}
