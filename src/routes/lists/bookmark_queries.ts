import type { Knex } from 'knex';
import { z } from 'zod';
import { newId } from '../../db/ids.js';
import { type Actor, type Query, withActor } from '../../db/scope.js';
import { Invalid, NotFound } from '../../errors.js';
import { oneLine } from '../../input/valid_input.js';

/** A list with its filters, saved by one person. `path` is its address below the organization's. */
export interface Bookmark {
  id: string;
  name: string;
  path: string;
}

const MAX_BOOKMARKS = 100;

/** A person's own, by name. Row security shows nobody another's. */
export const bookmarksOf = ({ organization_id, person_id }: Actor): Query<Bookmark> => ({
  name: 'bookmarks',
  text: `select id, name, path from bookmarks where organization_id = $1 and person_id = $2 order by lower(name), id limit ${MAX_BOOKMARKS}`,
  values: [organization_id, person_id],
});

/** The form that renames a bookmark. */
export const BookmarkName = z.object({
  name: z
    .string()
    .default('')
    .transform(oneLine)
    .pipe(z.string().min(1, 'Give it a name.').max(100, 'Use at most 100 characters.')),
});

/** The form that saves one: `path` is the address of a list of ours, with nothing that could lead elsewhere. */
export const NewBookmark = BookmarkName.extend({ path: z.string().default('') }).refine(
  ({ path }) => path.length <= 1000 && /^[a-z-]+(\?[\w\-.%=&+~*]*)?$/.test(path),
  { path: ['name'], message: 'This view can’t be kept.' },
);

/** Saves a bookmark; one of the same list and filters gets the new name. @throws Invalid if there are too many. */
export function saveBookmark(db: Knex, actor: Actor, { name, path }: z.infer<typeof NewBookmark>): Promise<void> {
  return withActor(db, actor, async (db) => {
    const { organization_id, person_id } = actor;
    const { length } = await db('bookmarks').where({ organization_id, person_id }).select('id');
    if (length >= MAX_BOOKMARKS)
      throw new Invalid({ name: 'You have {{most}} already: remove one first.' }, { most: MAX_BOOKMARKS });
    const row = { organization_id, person_id, id: newId(), name, path };
    await db('bookmarks').insert(row).onConflict(['organization_id', 'person_id', 'path']).merge(['name']);
  });
}

/** @throws NotFound if it is not theirs */
export async function renameBookmark(db: Knex, actor: Actor, id: string, name: string): Promise<void> {
  const { organization_id } = actor;
  const renamed = await withActor(db, actor, (db) => db('bookmarks').where({ organization_id, id }).update({ name }));
  if (!renamed) throw new NotFound();
}

/** @throws NotFound if it is not theirs */
export async function removeBookmark(db: Knex, actor: Actor, id: string): Promise<void> {
  const { organization_id } = actor;
  const removed = await withActor(db, actor, (db) => db('bookmarks').where({ organization_id, id }).delete());
  if (!removed) throw new NotFound();
}
