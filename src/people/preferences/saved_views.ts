import type { Knex } from 'knex';
import { record } from '../../activity/record.js';
import { newId } from '../../db/ids.js';
import { type Actor, actingAs, type Query, systemActor, withActor } from '../../db/scope.js';
import { Invalid, NotFound } from '../../errors.js';

/** A list with its filters, saved by one person. `path` is its address below the organization's. */
export interface SavedView {
  id: string;
  name: string;
  path: string;
  /** The names of the partner and the project that it is filtered by. */
  partner: string | null;
  project: string | null;
}

/** As the header lists it. */
export type ListedView = Pick<SavedView, 'name' | 'path'>;

const MAX_VIEWS = 100;
/** More are found on their page. */
const MAX_LISTED = 12;

const filterId = (name: string) =>
  `substring(v.path from '[?&]${name}=([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})')::uuid`;

/** A person's own, in their order. Row security shows nobody another's. */
export const savedViewsOf = ({ organization_id, person_id }: Actor): Query<SavedView> => ({
  name: 'saved_views',
  text: `select v.id, v.name, v.path,
      (select name from partners p where p.organization_id = $1 and p.id = ${filterId('partner')}) as partner,
      (select name from projects p where p.organization_id = $1 and p.id = ${filterId('project')}) as project
    from saved_views v where v.organization_id = $1 and v.person_id = $2 and v.removed_at is null
    order by v.position, v.id limit ${MAX_VIEWS}`,
  values: [organization_id, person_id],
});

type Rows = (db: Knex.Transaction) => Knex.QueryBuilder<Record<string, unknown>>;

/** Changes somebody's views, and the list of them that the header shows. Recorded. */
function change<T>(db: Knex, actor: Actor, work: (db: Knex.Transaction, own: Rows) => Promise<T>): Promise<T> {
  const { organization_id, person_id, partner_id, name, now } = actor;
  const own: Rows = (db) => db('saved_views').where({ organization_id, person_id });
  return withActor(db, actor, async (db) => {
    const result = await work(db, own);
    const shown = own(db).whereNull('removed_at').orderBy(['position', 'id']).limit(MAX_LISTED);
    const listed: ListedView[] = await shown.select('name', 'path');
    const saved_views = JSON.stringify(listed);
    await actingAs(db, systemActor(organization_id, person_id, now), async () => {
      await db('people').where({ organization_id, id: person_id }).update({ saved_views });
      const details = { name, fields: ['saved_views'] };
      const visible_to = partner_id ? 'both' : 'staff';
      await record(db, actor, { action: 'change_preferences', partner_id, details, visible_to });
    });
    return result;
  });
}

/** Saves a view, at the end; one of the same list and filters gets the new name. @throws Invalid if there are too many */
export const saveView = (db: Knex, actor: Actor, { name, path }: ListedView): Promise<void> =>
  change(db, actor, async (db, own) => {
    const { organization_id, person_id } = actor;
    const views: { position: number }[] = await own(db).whereNull('removed_at').select('position');
    if (views.length >= MAX_VIEWS)
      throw new Invalid({ name: 'You have {{most}} already: remove one first.' }, { most: MAX_VIEWS });
    const position = Math.max(0, ...views.map((view) => view.position + 1));
    const row = { organization_id, person_id, id: newId(), name, path, position, removed_at: null };
    const saved = db('saved_views').insert(row).onConflict(['organization_id', 'person_id', 'path']);
    await saved.merge(['name', 'removed_at']);
  });

/** @throws NotFound if it is not theirs */
export const renameView = (db: Knex, actor: Actor, id: string, name: string): Promise<void> =>
  change(db, actor, async (db, own) => {
    if (!(await own(db).where({ id }).whereNull('removed_at').update({ name }))) throw new NotFound();
  });

/** Can be put back, until another one is removed. @throws NotFound if it is not theirs */
export const removeView = (db: Knex, actor: Actor, id: string): Promise<void> =>
  change(db, actor, async (db, own) => {
    await own(db).whereNotNull('removed_at').whereNot({ id }).delete();
    const removed = await own(db).where({ id }).whereNull('removed_at').update({ removed_at: db.fn.now() });
    if (!removed) throw new NotFound();
  });

/** @throws NotFound if it is not theirs, or gone */
export const restoreView = (db: Knex, actor: Actor, id: string): Promise<void> =>
  change(db, actor, async (db, own) => {
    if (!(await own(db).where({ id }).update({ removed_at: null }))) throw new NotFound();
  });

/** Moves a view one place up or down. @throws NotFound if it is not theirs */
export const moveView = (db: Knex, actor: Actor, id: string, by: -1 | 1): Promise<void> =>
  change(db, actor, async (db, own) => {
    const ordered = own(db).whereNull('removed_at').orderBy(['position', 'id']).forUpdate();
    const ids: string[] = await ordered.pluck('id');
    const from = ids.indexOf(id);
    if (from < 0) throw new NotFound();
    ids.splice(from, 1);
    ids.splice(Math.max(0, from + by), 0, id);
    const position = db.raw('array_position(?::uuid[], id)', [`{${ids.join(',')}}`]);
    await own(db).whereNull('removed_at').update({ position });
  });
