import { overdue } from '../../document_types/shared/dates.js';
import { typeNamed } from '../../document_types/index.js';
import { keyOf } from '../../documents/content/document.js';
import type { ListedDocument } from '../../documents/queries/list.js';
import { describeState, type I18n } from '../../documents/queries/sheet.js';

/** A document as lists show it, to one side. */
export function documentRow(row: ListedDocument, slug: string, side: 'staff' | 'partner', today: string, i18n: I18n) {
  const { type, number, title, issued_on, due_on, total, open, left, counted, currency, partner } = row;
  const { state_label, tone } = describeState(row, side, today, i18n);
  const plain = {
    type_label: i18n.t(typeNamed(type).label),
    number,
    title,
    issued_on,
    due_on,
    total,
    open,
    left,
    counted,
    currency,
  };
  return {
    ...plain,
    state_label,
    tone,
    overdue: overdue(row, today),
    other: partner,
    url: `/${slug}/documents/${keyOf(row)}`,
  };
}
