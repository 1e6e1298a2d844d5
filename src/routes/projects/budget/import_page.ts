import { readFile } from 'node:fs/promises';
import { act } from '../../../act.js';
import { type Actor, type Query, read } from '../../../db/scope.js';
import { decodeText } from '../../../files/decode_text.js';
import { Invalid } from '../../../errors.js';
import { defineView } from '../../../pages/views/render.js';
import { pricesOf } from '../../../projects/budget/budget_item.js';
import { readSheet, type SheetRow } from '../../../projects/budget/sheet/read_sheet.js';
import type { ProjectHead } from '../../../projects/project_head.js';
import { submitOnce } from '../../acts/once.js';
import { formInput, translated } from '../../shared/form.js';
import { i18nOf } from '../../shared/layout.js';
import { contextPage, type RequestContext, translatorOf } from '../../shared/request_context.js';
import { findProject } from '../project_page.js';

interface PreviewRow {
  group: string;
  name: string;
  quantity: string;
  cost: string;
  price: string;
  vendor: string;
}

interface ImportInput {
  name: string;
  action: string;
  cancel: string;
  /** As pasted, or as it was read from a file. */
  sheet: string;
  error: string | undefined;
  preview: { rows: PreviewRow[]; more: number; count: number; cost: string; price: string } | null;
}

export const importView = defineView<ImportInput>('projects/budget/import');

/** So many rows of the preview are shown. */
const SHOWN = 200;
const MOST_LETTERS = 900_000;

/** The form to paste or upload a sheet. */
export async function showImport(ctx: RequestContext) {
  ctx.res.send(importPage(ctx, await findProject(ctx), { sheet: '' }));
}

/** Shows what a sheet would add; once that was seen, adds it. */
export async function importSheet(ctx: RequestContext) {
  const project = await findProject(ctx);
  const { confirm } = formInput(ctx);
  const sheet = await sheetIn(ctx);
  const again = (errors: Record<string, string>) =>
    importPage(ctx, project, { sheet, error: errors['sheet'] ?? errors['form'] ?? Object.values(errors)[0] });
  if (confirm === 'on') return submitOnce(ctx, (ctx) => addItems(ctx, project, sheet), again);
  try {
    ctx.res.send(importPage(ctx, project, { sheet, rows: await rowsOf(ctx, project, sheet) }));
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
    ctx.res.status(error.status).send(again(translated(error.fields, translatorOf(ctx), error.values)));
  }
}

async function addItems(ctx: RequestContext, project: ProjectHead, sheet: string): Promise<string> {
  const { db, actor, membership } = ctx;
  const items = (await rowsOf(ctx, project, sheet)).map(({ vendor_cell: _cell, vendor: _name, vendor_id, ...row }) => ({
    ...row,
    unit: row.unit || undefined,
    vendor: vendor_id,
  }));
  const { activity_id } = await act(db.knex, actor, project.id, 'import_budget', { items });
  return `/${membership.slug}/projects/${project.key}/budget?done=saved&undo=${activity_id ?? ''}`;
}

/** What was pasted, or else the file's text. @throws Invalid */
async function sheetIn({ req }: RequestContext): Promise<string> {
  const { sheet } = formInput({ req });
  const [file] = Array.isArray(req.files) ? req.files : [];
  if (file?.too_large || (file?.held && file.held.size > MOST_LETTERS)) return ' '.repeat(MOST_LETTERS + 1);
  if (file?.held?.size) return decodeText(await readFile(file.held.path));
  return typeof sheet === 'string' ? sheet : '';
}

type Placed = SheetRow & { vendor_id?: string };

/** The sheet's rows with the vendors that they name. @throws Invalid that names the cell */
async function rowsOf({ db, actor }: RequestContext, { currency }: ProjectHead, sheet: string): Promise<Placed[]> {
  if (sheet.length > MOST_LETTERS) throw new Invalid({ sheet: 'This sheet is too large.' });
  const rows = readSheet(sheet, i18nOf(actor).t('Other'), currency);
  const names = [...new Set(rows.flatMap(({ vendor }) => (vendor ? [vendor.toLowerCase()] : [])))];
  const [found] = await read(db.pool, actor, vendorsByName(actor, names));
  const known = new Map(found.map(({ id, name }) => [name.toLowerCase(), id]));
  return rows.map((row) => {
    if (!row.vendor) return row;
    const vendor_id = known.get(row.vendor.toLowerCase());
    const values = { cell: row.vendor_cell, name: row.vendor };
    if (!vendor_id)
      throw new Invalid(
        { sheet: 'Cell {{cell}}: no vendor is called “{{name}}”. Add the vendor first, or empty the cell.' },
        values,
      );
    return { ...row, vendor_id };
  });
}

const vendorsByName = ({ organization_id }: Actor, names: string[]): Query<{ id: string; name: string }> => ({
  name: 'budget_vendors_by_name',
  text: `select id, name from partners
    where organization_id = $1 and is_vendor and lower(name) = any ($2::text[]) order by name_key, id limit 2000`,
  values: [organization_id, names],
});

interface Shown {
  sheet: string;
  error?: string | undefined;
  rows?: Placed[];
}

function importPage(ctx: RequestContext, project: ProjectHead, { sheet, error, rows }: Shown): string {
  const { actor, membership } = ctx;
  const i18n = i18nOf(actor);
  const url = `/${membership.slug}/projects/${project.key}/budget`;
  const title = i18n.t('Import a budget');
  return contextPage(ctx, importView, title, {
    ...{ name: project.name, action: `${url}/import`, cancel: url, error },
    sheet: sheet.length > MOST_LETTERS ? '' : sheet,
    preview: rows ? previewOf(rows, project.currency, i18n) : null,
  });
}

function previewOf(rows: Placed[], currency: string, { format }: ReturnType<typeof i18nOf>) {
  const priced = rows.map((row) => ({ ...row, ...pricesOf(row, currency) }));
  const sum = (name: 'cost' | 'price') => priced.reduce((sum, row) => sum + row[name], 0);
  return {
    rows: priced.slice(0, SHOWN).map(({ group, name, quantity, unit, cost, price, vendor }) => ({
      ...{ group, name, vendor, quantity: [format.number(quantity), unit].filter(Boolean).join(' ') },
      ...{ cost: format.amount(cost, currency), price: format.amount(price, currency) },
    })),
    ...{ more: Math.max(0, rows.length - SHOWN), count: rows.length },
    ...{ cost: format.money(sum('cost'), currency), price: format.money(sum('price'), currency) },
  };
}
