import type { I18n } from '../../../documents/queries/sheet.js';
import { typeNamed } from '../../../document_types/index.js';
import type { Choice } from '../../../pages/views/components.js';
import type { BudgetGroup, BudgetRow, UnplacedLine } from '../../../projects/budget/budget_rows.js';

/** Lines of documents that are in no item, with the form that places each. */
export interface UnplacedView {
  action: string;
  lines: { document: string; line: string; label: string; url: string; text: string; amount: string }[];
  items: Choice[];
  /** Where a line becomes a new item. */
  groups: Choice[];
}

interface Context {
  i18n: I18n;
  project_url: string;
  slug: string;
}

/** Null: there are none, or nowhere to place them. */
export function unplacedView(
  lines: UnplacedLine[],
  groups: BudgetGroup[],
  rows: BudgetRow[],
  { i18n: { t, format }, project_url, slug }: Context,
): UnplacedView | null {
  if (!lines.length || !groups.length) return null;
  return {
    action: `${project_url}/place_line`,
    lines: lines.map(({ document_id, line_id, type, number, description, amount, currency }) => ({
      ...{ document: document_id, line: line_id, url: `/${slug}/documents/${number ?? document_id}` },
      label: `${t(typeNamed(type).label)} ${number ?? ''}`,
      text: description.split('\n')[0] ?? '',
      amount: format.money(amount, currency),
    })),
    items: rows.map(({ id, name, group }) => ({ value: id, label: `${group} · ${name}` })),
    groups: groups.map(({ id, name }) => ({ value: id, label: t('New item in {{group}}', { group: name }) })),
  };
}
