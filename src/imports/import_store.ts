import type { Knex } from 'knex';
import { record } from '../activity/record.js';
import { addJob } from '../db/jobs.js';
import { newId } from '../db/ids.js';
import { type Actor, type Query, withActor } from '../db/scope.js';
import { Conflict, NotFound } from '../errors.js';
import { requireMay } from '../subjects/may.js';
import type { ImportKind, ImportSettings } from './import_kinds.js';

export type ImportState =
  'reading' | 'matching' | 'checking' | 'checked' | 'running' | 'done' | 'undoing' | 'undone' | 'failed';

/** How many rows have which outcome; `left`: not checked yet. */
type ImportCounts = Partial<Record<'left' | 'new' | 'same' | 'refused' | 'made' | 'undone' | 'kept', number>>;

/** An import as its pages and its job read it. */
export interface Import {
  id: string;
  kind: ImportKind;
  name: string;
  state: ImportState;
  sha256: string | null;
  facts: { written?: string; separator?: string; headings?: string[]; samples?: string[][] };
  settings: ImportSettings;
  counts: ImportCounts;
  problem: string;
  created_by: string;
  created_at: Date;
}

export const COLUMNS = 'id, kind, name, state, sha256, facts, settings, counts, problem, created_by, created_at';

/** An import, or none. */
export const importQuery = ({ organization_id }: Pick<Actor, 'organization_id'>, id: string): Query<Import> => ({
  name: 'import',
  text: `select ${COLUMNS} from imports where organization_id = $1 and id = $2`,
  values: [organization_id, id],
});

/** The newest ones. */
export const newestImports = ({ organization_id }: Pick<Actor, 'organization_id'>): Query<Import> => ({
  name: 'newest_imports',
  text: `select ${COLUMNS} from imports where organization_id = $1 order by id desc limit 20`,
  values: [organization_id],
});

/** Begins an import of a stored file, which a job reads. Returns its id. @throws NotAllowed */
export function startImport(
  db: Knex,
  actor: Actor,
  { kind, name, sha256 }: { kind: ImportKind; name: string; sha256: string },
): Promise<string> {
  return withActor(db, actor, async (db) => {
    requireMay(actor, 'administration');
    const { organization_id } = actor;
    if (!organization_id) throw new NotFound();
    const id = newId();
    await db('imports').insert({
      ...{ organization_id, id, kind, name: name.slice(0, 200), sha256 },
      ...{ state: 'reading', created_by: actor.person_id },
    });
    await record(db, actor, { action: 'start_import', details: { name, kind }, visible_to: 'staff' });
    await addJob(db, 'work_import', { organization_id, import_id: id });
    return id;
  });
}

/** From which states somebody leads an import on, and to which, where its job takes over. */
const STEPS = {
  match: { from: ['matching', 'checked'], to: 'checking' },
  run: { from: ['checked'], to: 'running' },
  undo: { from: ['done'], to: 'undoing' },
} as const;

/** Leads an import on; `settings`: of `match`. @throws NotFound, Conflict if it is elsewhere by now, NotAllowed */
export function leadImport(
  db: Knex,
  actor: Actor,
  id: string,
  step: keyof typeof STEPS,
  settings?: ImportSettings,
): Promise<void> {
  return withActor(db, actor, async (db) => {
    requireMay(actor, 'administration');
    const { organization_id } = actor;
    if (!organization_id) throw new NotFound();
    const found: Import | undefined = await db('imports').where({ organization_id, id }).forUpdate().first();
    if (!found) throw new NotFound();
    const { from, to } = STEPS[step];
    if (!from.some((state) => state === found.state)) throw new Conflict('This import has moved on. Reload the page.');
    await db('imports')
      .where({ organization_id, id })
      .update({ state: to, ...(settings ? { settings: JSON.stringify(settings) } : {}) });
    if (settings) await keepMatch(db, organization_id, found.kind, settings);
    const details = { name: found.name, kind: found.kind };
    await record(db, actor, { action: `${step}_import`, details, visible_to: 'staff' });
    await addJob(db, 'work_import', { organization_id, import_id: id });
  });
}

const keepMatch = (db: Knex.Transaction, organization_id: string, kind: ImportKind, settings: ImportSettings) =>
  db('import_matches')
    .insert({ organization_id, kind, settings: JSON.stringify(settings) })
    .onConflict(['organization_id', 'kind'])
    .merge();

/** The columns that were chosen last for a kind; null: none were. */
export async function lastMatch(
  db: Knex.Transaction,
  organization_id: string,
  kind: ImportKind,
): Promise<ImportSettings | null> {
  const found = await db('import_matches').where({ organization_id, kind }).first('settings');
  return found?.settings ?? null;
}

/** A row that was left, and why: the reason is about one of its fields. */
export interface LeftRow {
  row: number;
  cells: string[];
  field: string;
  reason: string;
}

/** Rows that were refused, or are not undone, in their order, with why. `most`: no more than this. */
export const refusedRows = (
  { organization_id }: Pick<Actor, 'organization_id'>,
  id: string,
  most: number,
  outcome: 'refused' | 'kept' = 'refused',
): Query<LeftRow> => ({
  name: `refused_rows_${most}`,
  text: `select row, cells, field, reason from import_rows
    where organization_id = $1 and import_id = $2 and outcome = $3 order by row limit ${most}`,
  values: [organization_id, id, outcome],
});
