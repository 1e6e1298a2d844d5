import type { Knex } from 'knex';
import { type Actor, systemActor, withActor } from '../db/scope.js';
import { addItem, archiveItem } from '../documents/items/item.js';
import { Invalid, NotAllowed } from '../errors.js';
import { addPartner, archivePartner, newContact, removeContact } from '../people/partner.js';
import { isOffered } from '../subjects/may.js';
import { importDefaults } from './check_rows.js';
import type { Import } from './import_store.js';
import { itemIn, partnerIn } from './import_values.js';

/** Which import a row is of. */
interface Place {
  organization_id: string;
  import_id: string;
}

/** What is known of a row when it is made, or undone. */
export interface ImportRow {
  row: number;
  cells: string[];
  record_id: string | null;
  contact_id: string | null;
}

/** What came of a row. */
interface Made {
  record_id: string | null;
  contact_id?: string | null;
}

/**
 * Makes what a row says, by whoever began the import, in one transaction with the note that it is made.
 * @throws Invalid if it can't be made any more, NotAllowed if they may not any more
 */
export async function makeRow(db: Knex, found: Import, place: Place, { row, cells }: ImportRow): Promise<void> {
  const actor = await actorOfImport(db, found, place);
  await withActor(db, actor, async (db) => {
    const own = { ...place, row };
    // Another worker may have it in hand.
    if (!(await db('import_rows').where(own).where({ outcome: 'new' }).forUpdate().first('row'))) return;
    const made = await (found.kind === 'items' ? makeItem : makePartner)(db, actor, found, cells);
    await db('import_rows')
      .where(own)
      .update({ outcome: 'made', ...made });
  });
}

type Make = (db: Knex.Transaction, actor: Actor, found: Import, cells: string[]) => Promise<Made>;

const makeItem: Make = async (db, actor, { settings }, cells) => {
  const defaults = await importDefaults(db, actor.organization_id);
  return { record_id: await addItem(db, actor, itemIn(cells, settings, defaults)) };
};

/** A partner with its contact, or a further contact of one that is here. */
const makePartner: Make = async (db, actor, { settings }, cells) => {
  const { organization_id } = actor;
  const { partner, contact } = partnerIn(cells, settings, await importDefaults(db, organization_id));
  const name_key = partner.name.toLowerCase();
  const here = await db('partners')
    .where({ organization_id, name_key })
    .orderByRaw('archived_at is not null, id')
    .first('id', 'archived_at');
  if (here?.archived_at) throw new Invalid({ name: 'An archived partner has this name. Restore it first.' });
  const record_id = here ? null : await addPartner(db, actor, partner);
  const id = String(here?.id ?? record_id);
  return { record_id, contact_id: contact ? await newContact(db, actor, id, contact) : null };
};

/**
 * Undoes what a row made: a partner or item is archived, a contact of a partner that was here before is removed.
 * @throws Invalid if it has been used since, NotAllowed if they may not any more
 */
export async function undoRow(db: Knex, found: Import, place: Place, made: ImportRow): Promise<void> {
  const actor = await actorOfImport(db, found, place);
  const { row, record_id, contact_id } = made;
  await withActor(db, actor, async (db) => {
    const own = { ...place, row };
    if (!(await db('import_rows').where(own).where({ outcome: 'made' }).forUpdate().first('row'))) return;
    if (record_id && found.kind === 'items') await archiveItem(db, actor, record_id, true);
    if (record_id && found.kind === 'partners') await undoPartner(db, actor, record_id);
    if (contact_id && !record_id) await undoContact(db, actor, contact_id);
    await db('import_rows').where(own).update({ outcome: 'undone' });
  });
}

const USED = 'Used since the import';

async function undoPartner(db: Knex.Transaction, actor: Actor, partner_id: string): Promise<void> {
  const { organization_id } = actor;
  for (const table of ['documents', 'projects', 'subscriptions', 'item_vendors'])
    if (await db(table).where({ organization_id, partner_id }).first('organization_id'))
      throw new Invalid({ name: USED });
  await archivePartner(db, actor, partner_id, true);
}

/** A contact of a partner that this import has made goes with that. */
async function undoContact(db: Knex.Transaction, actor: Actor, id: string): Promise<void> {
  const { organization_id } = actor;
  const contact: { partner_id: string } | undefined = await db('people')
    .where({ organization_id, id, removed_at: null })
    .first('partner_id');
  if (!contact) return;
  const partner = await db('partners').where({ organization_id, id: contact.partner_id }).first('archived_at');
  if (partner?.archived_at) return;
  if (await db('participants').where({ organization_id, person_id: id }).first('person_id'))
    throw new Invalid({ contact_email: USED });
  await removeContact(db, actor, contact.partner_id, id);
}

/** Whoever began it, as they are now. @throws NotAllowed if they may not import any more */
async function actorOfImport(db: Knex, { created_by }: Import, { organization_id }: Place): Promise<Actor> {
  const person = await withActor(db, systemActor(organization_id), (db) =>
    db('people')
      .where({ organization_id, id: created_by, partner_id: null, removed_at: null })
      .first('role', 'name', 'email', 'locale', 'time_zone'),
  );
  const actor: Actor = { ...systemActor(organization_id, created_by), side: 'staff', ...person };
  if (!person || !isOffered(actor, 'administration'))
    throw new NotAllowed('The person who started this import can no longer import.');
  return actor;
}
