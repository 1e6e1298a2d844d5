import type { Knex } from 'knex';
import { newId } from '../../db/ids.js';
import { type Actor, type Query, withActor } from '../../db/scope.js';
import { Invalid, NotFound } from '../../errors.js';
import { oneLine } from '../../pages/valid_input.js';

/** A list as its owner narrowed it down: `path` is its address below the organization's. */
export interface Bookmark {
  id: string;
  name: string;
  path: string;
}

const MOST = 100;

/** A person's own, by name. Row security shows nobody another's. */
export const bookmarksOf = ({ organization_id, person_id }: Actor): Query<Bookmark> => ({
  name: 'bookmarks',
  text: `select id, name, path from bookmarks where organization_id = $1 and person_id = $2 order by lower(name), id limit ${MOST}`,
  values: [organization_id, person_id],
});

/** What was typed as a name. @throws Invalid */
function nameIn(typed: unknown): string {
  const name = typeof typed === 'string' ? oneLine(typed) : '';
  if (!name) throw new Invalid({ name: 'Give it a name.' });
  if (name.length > 100) throw new Invalid({ name: 'Use at most 100 characters.' });
  return name;
}

/**
 * Keeps a view under a name; the same view again gets the new name. It is a person's own setting: nobody is told.
 * @throws Invalid
 */
export function saveBookmark(db: Knex, actor: Actor, name: unknown, path: unknown): Promise<void> {
  const named = nameIn(name);
  // The address of a list of ours, with nothing that could lead elsewhere.
  if (typeof path !== 'string' || path.length > 1000 || !/^[a-z-]+(\?[\w\-.%=&+~*]*)?$/.test(path))
    throw new Invalid({ name: 'This view can’t be kept.' });
  return withActor(db, actor, async (db) => {
    const { organization_id, person_id } = actor;
    const { length } = await db('bookmarks').where({ organization_id, person_id }).select('id');
    if (length >= MOST) throw new Invalid({ name: `You have ${MOST} already: remove one first.` });
    const row = { organization_id, person_id, id: newId(), name: named, path };
    await db('bookmarks').insert(row).onConflict(['organization_id', 'person_id', 'path']).merge(['name']);
  });
}

/** @throws Invalid, NotFound if it is not theirs */
export async function renameBookmark(db: Knex, actor: Actor, id: string, name: unknown): Promise<void> {
  const named = nameIn(name);
  const { organization_id } = actor;
  const changed = await withActor(db, actor, (db) =>
    db('bookmarks').where({ organization_id, id }).update({ name: named }),
  );
  if (!changed) throw new NotFound();
}

/** @throws NotFound if it is not theirs */
export async function removeBookmark(db: Knex, actor: Actor, id: string): Promise<void> {
  const { organization_id } = actor;
  const removed = await withActor(db, actor, (db) => db('bookmarks').where({ organization_id, id }).delete());
  if (!removed) throw new NotFound();
}
