import type { Knex } from 'knex';
import { systemActor, withActor } from '../db/scope.js';
import { HttpError, Invalid, Missing } from '../errors.js';
import type { Storage } from '../files/storage.js';
import { checkRows } from './check_rows.js';
import { type ImportSettings, numbersIn, proposedColumns } from './import_kinds.js';
import { type Import, lastMatch } from './import_store.js';
import { type ImportRow, makeRow, undoRow } from './make_rows.js';
import { readTable } from './read_table.js';

/** Rows that are written, checked or looked for at once. */
const BATCH = 500;

interface Place {
  organization_id: string;
  import_id: string;
}

/**
 * Does what comes next with an import, as its state says, until somebody has to decide. May be cut off anywhere and done
 * again: each row carries what came of it, in the transaction that made it.
 */
export async function workImport(db: Knex, storage: Storage, place: Place): Promise<void> {
  const found = await findImport(db, place);
  if (!found) return;
  if (found.state === 'reading') return readRows(db, storage, place, found);
  if (found.state === 'checking') return check(db, place, found);
  if (found.state === 'running') return eachRow(db, place, MAKING, (db, row) => makeRow(db, found, place, row));
  if (found.state === 'undoing') return eachRow(db, place, UNDOING, (db, row) => undoRow(db, found, place, row));
}

const system = ({ organization_id }: Place) => systemActor(organization_id);

const findImport = (db: Knex, place: Place): Promise<Import | undefined> =>
  withActor(db, system(place), (db) =>
    db('imports').where({ organization_id: place.organization_id, id: place.import_id }).first(),
  );

async function readRows(db: Knex, storage: Storage, place: Place, { sha256, kind }: Import): Promise<void> {
  try {
    const { rows, written, separator } = await readTable(await storage.get(sha256 ?? ''));
    const [headings = [], ...body] = rows;
    for (let at = 0; at < body.length; at += BATCH) await insertRows(db, place, body.slice(at, at + BATCH), at + 2);
    const facts = { written, separator, headings, samples: body.slice(0, 3) };
    await withActor(db, system(place), async (db) => {
      const before = await lastMatch(db, place.organization_id, kind);
      const columns = proposedColumns(kind, headings, before);
      const sums = ['price', 'cost'].flatMap((field) => body.map((cells) => cells[columns[field] ?? -1] ?? ''));
      const settings: ImportSettings = {
        ...{ columns, headings, numbers: numbersIn(sums) },
        usual_kind: before?.usual_kind ?? 'customer',
      };
      await update(db, place, {
        ...{ state: 'matching', sha256: null, facts: JSON.stringify(facts), settings: JSON.stringify(settings) },
        counts: JSON.stringify({ left: body.length }),
      });
    });
  } catch (error) {
    if (!(error instanceof Invalid || error instanceof Missing)) throw error;
    await withActor(db, system(place), (db) =>
      update(db, place, { state: 'failed', sha256: null, problem: error.sentence }),
    );
  }
}

const update = (db: Knex.Transaction, { organization_id, import_id }: Place, fields: object) =>
  db('imports').where({ organization_id, id: import_id }).update(fields);

/** Again, if it was cut off: what is there stays. */
const insertRows = (db: Knex, place: Place, rows: string[][], first: number) =>
  withActor(db, system(place), (db) =>
    db('import_rows')
      .insert(rows.map((cells, n) => ({ ...place, row: first + n, cells: JSON.stringify(cells) })))
      .onConflict()
      .ignore(),
  );

async function check(db: Knex, place: Place, found: Import): Promise<void> {
  await withActor(db, system(place), (db) =>
    db('import_rows').where(place).update({ outcome: null, field: null, reason: null }),
  );
  const seen = new Set<string>();
  for (let after = 0; ;) {
    const last = await withActor(db, system(place), (db) => checkRows(db, found, place, { after, size: BATCH, seen }));
    await count(db, place);
    if (last === null) break;
    after = last;
  }
  await withActor(db, system(place), (db) => update(db, place, { state: 'checked' }));
}

/** From which outcome rows are taken, what becomes of one that can't be, and how the import ends. */
interface Pass {
  from: 'new' | 'made';
  otherwise: 'refused' | 'kept';
  end: 'done' | 'undone';
}

const MAKING: Pass = { from: 'new', otherwise: 'refused', end: 'done' };
const UNDOING: Pass = { from: 'made', otherwise: 'kept', end: 'undone' };

/** Does something to each row of an outcome, which it changes, one transaction a row. */
async function eachRow(
  db: Knex,
  place: Place,
  { from: outcome, otherwise, end }: Pass,
  work: (db: Knex, row: ImportRow) => Promise<void>,
): Promise<void> {
  // What can't be done: a name that somebody has added meanwhile, a partner that has been used since.
  const leave = async ({ row }: ImportRow, error: unknown) => {
    if (!(error instanceof HttpError)) throw error;
    const [field = 'name', reason = error.sentence] =
      error instanceof Invalid ? (Object.entries(error.fields)[0] ?? []) : [];
    // Only while it is as it was: another worker may have done it.
    await withActor(db, system(place), (db) =>
      db('import_rows')
        .where({ ...place, row, outcome })
        .update({ outcome: otherwise, field, reason }),
    );
  };
  for (;;) {
    const rows: ImportRow[] = await withActor(db, system(place), (db) =>
      db('import_rows')
        .where({ ...place, outcome })
        .orderBy('row')
        .limit(BATCH)
        .select('row', 'cells', 'record_id', 'contact_id'),
    );
    if (rows.length === 0) break;
    for (const row of rows) await work(db, row).catch((error: unknown) => leave(row, error));
    await count(db, place);
  }
  await withActor(db, system(place), (db) => update(db, place, { state: end }));
}

/** Counts its rows anew: 50,000 at most. */
const count = (db: Knex, place: Place) =>
  withActor(db, system(place), async (db) => {
    const rows: { outcome: string | null; n: number }[] = await db('import_rows')
      .where(place)
      .groupBy('outcome')
      .select('outcome', db.raw('count(*)::int as n'));
    const counts = Object.fromEntries(rows.map(({ outcome, n }) => [outcome ?? 'left', n]));
    await update(db, place, { counts: JSON.stringify(counts) });
  });

/** Removes imports that began 30 days ago, with their rows: they can't be undone any more. */
export async function deleteOldImports(db: Knex): Promise<void> {
  for (const id of await db('organizations').pluck('id'))
    await withActor(db, systemActor(id), (db) =>
      db('imports')
        .where({ organization_id: id })
        .where('created_at', '<', db.raw(`app_now() - interval '30 days'`))
        .delete(),
    );
}
