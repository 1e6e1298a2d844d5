import { typeNamed } from '../../document_types/index.js';
import type { Tone } from '../../document_types/index.js';
import { overdue } from '../../document_types/shared/dates.js';
import { keyOf } from '../../documents/content/document.js';
import type { ListedDocument } from '../../documents/queries/list.js';
import type { PageFile } from '../../conversation/conversation.js';
import { describeState, type I18n } from '../../documents/queries/sheet.js';
import type { FileRow, Link } from '../../pages/views/components.js';

/** A document as lists show it. Amounts in minor units, days as ISO 8601. */
export interface DocumentRow {
  type_label: string;
  number: string | null;
  title: string;
  url: string;
  /** The partner; null for what goes to several. */
  other: string | null;
  issued_on: string;
  due_on: string | null;
  overdue: boolean;
  state_label: string;
  tone: Tone;
  currency: string;
  /** Nothing on it has a price yet. */
  unpriced: boolean;
  total: number;
  open: number;
  /** Of an order: what is not billed yet, and the number of its bills. */
  left: number;
  counted: number;
  /** It is to be paid to bank details that are a few days old. */
  bank_changed: boolean;
  /** Where the rest of an order is billed, if this side may do so now. */
  bill: Link | null;
}

/** A document's row in a list, as one side sees it. */
export function documentRow(
  row: ListedDocument,
  slug: string,
  side: 'staff' | 'partner',
  today: string,
  i18n: I18n,
): DocumentRow {
  const { type, number, title, issued_on, due_on, total, open, left, counted, currency, partner, bank_changed } = row;
  const { state_label, tone } = describeState(row, side, today, i18n);
  return {
    type_label: i18n.t(typeNamed(type).label),
    ...{ number, title, issued_on, due_on, total, open, left, counted, currency, state_label, tone },
    bank_changed: bank_changed && open > 0,
    unpriced: isUnpriced(row),
    overdue: overdue(row, today),
    other: partner,
    url: `/${slug}/documents/${keyOf(row)}`,
    bill: billLink(row, slug, side, i18n),
  };
}

function billLink({ left, state, ...row }: ListedDocument, slug: string, side: string, { t }: I18n): Link | null {
  const { billedBy, actions } = typeNamed(row.type);
  if (!billedBy || left <= 0) return null;
  const found = Object.entries(actions).find(
    ([, { creates, by, from }]) => creates === billedBy && (by === 'either' || by === side) && from?.includes(state),
  );
  const [name, { label = '' }] = found ?? ['', {}];
  return name ? { href: `/${slug}/documents/${keyOf(row)}?open=${name}`, label: t(label) } : null;
}

/** Whether nothing on it has a price, or none was offered yet. */
export function isUnpriced({ type, total }: Pick<ListedDocument, 'type' | 'total'>): boolean {
  const { features, answers } = typeNamed(type);
  return features.includes('unpriced') || (answers !== undefined && total === 0);
}

/** A file with the address of its download. */
export const fileRow = (slug: string, { id, name, size }: PageFile): FileRow => ({
  name,
  size,
  url: `/${slug}/files/${id}/${encodeURIComponent(name)}`,
});
