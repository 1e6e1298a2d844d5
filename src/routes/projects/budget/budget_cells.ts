import type { I18n } from '../../../documents/queries/sheet.js';
import type { Figures } from '../../../projects/budget/budget_rows.js';

/** A cell of a budget: `none`: not begun; `over`: more than there was. */
export interface Cell {
  text: string;
  kind: 'plain' | 'zero' | 'none' | 'over' | 'sent' | 'own';
}

/** The columns behind cost, markup and price. */
export type Cells = Record<'estimated' | 'invoiced' | 'left' | 'ordered' | 'actual' | 'to_spend', Cell>;

interface Shown {
  currency: string;
  i18n: I18n;
  /** The staff do it themselves. */
  own?: boolean;
}

/** The cells of an item or a group. */
export function cellsOf(row: Figures, { currency, i18n, own = false }: Shown): Cells {
  const { t } = i18n;
  const amount = (minor: number): Cell => ({
    text: i18n.format.amount(minor, currency),
    kind: minor === 0 ? 'zero' : 'plain',
  });
  const left = (minor: number): Cell => (minor < 0 ? { ...amount(-minor), kind: 'over' } : amount(minor));
  const none: Cell = { text: '–', kind: 'none' };
  const { accepted, offered, invoiced, to_invoice, ordered, actual, committed, cost } = row;
  const sold = accepted !== 0 || invoiced !== 0;
  return {
    estimated: accepted ? amount(accepted) : offered ? { text: t('Sent'), kind: 'sent' } : none,
    invoiced: sold ? amount(invoiced) : none,
    left: sold ? left(to_invoice) : none,
    ordered: ordered ? amount(ordered) : own ? { text: t('own time'), kind: 'own' } : none,
    actual: committed || actual ? amount(actual) : none,
    to_spend: left(cost - committed),
  };
}
