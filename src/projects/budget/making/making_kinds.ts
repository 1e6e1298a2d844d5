import Big from 'big.js';
import { type DocumentType, has } from '../../../document_types/index.js';
import { changeTypes, isForSeveral, isStartable } from '../../../document_types/relations.js';
import type { BudgetRow } from '../budget_rows.js';

/** What of an item a document would have: the amount that is left for it, and the quantity. */
export interface Share {
  /** Minor units. */
  left: number;
  /** A decimal; null: it doesn't go by quantities. */
  quantity: number | null;
  /** The price of one, as a decimal. */
  unit_price: string;
  /** It brings what was agreed to the budget, which has changed already. */
  follows?: boolean;
}

/** A way to make a document of items. */
interface MakingKind {
  fits: (type: DocumentType) => boolean;
  /** What it would contain, in a line. */
  explains: string;
  /** Why it can't be made of what was chosen. */
  otherwise: string;
  /** Null: nothing of this item. */
  share: ((row: BudgetRow) => Share | null) | null;
  /** Its amount says something. */
  priced: boolean;
}

const rest = (of: string, ...taken: string[]) => taken.reduce((left, one) => left.minus(one), Big(of)).toNumber();

/** What is not agreed on and was not offered yet. */
function unoffered(row: BudgetRow): Share | null {
  const { full_quantity, offered_quantity, accepted_quantity, price, offered, accepted, unit_price } = row;
  const quantity = rest(full_quantity, offered_quantity, accepted_quantity);
  if (offered || accepted) return quantity > 0 ? { left: price - offered - accepted, quantity, unit_price } : null;
  return { left: price, quantity: Number(full_quantity), unit_price };
}

/** Of what was agreed, or where nothing was offered of the budget, what isn't invoiced. */
function uninvoiced(row: BudgetRow): Share | null {
  const { offered, accepted, accepted_quantity, full_quantity, price, invoiced, invoiced_quantity, unit_price } = row;
  if (offered && !accepted) return null;
  const quantity = rest(accepted ? accepted_quantity : full_quantity, invoiced_quantity);
  return { left: (accepted || price) - invoiced, quantity, unit_price };
}

/** What was agreed is brought to the budget's price, or else one more is added. No change order takes something off. */
function changed(row: BudgetRow): Share | null {
  const { accepted, price, unit_price, full_quantity } = row;
  if (!accepted) return { left: price, quantity: Number(full_quantity), unit_price };
  if (price < accepted) return null;
  return price === accepted
    ? { left: 0, quantity: 1, unit_price }
    : { left: price - accepted, quantity: null, unit_price, follows: true };
}

/** The staff do it themselves. */
const isOwn = (row: BudgetRow) => row.task_id !== null && row.vendor_id === null;

function unordered(row: BudgetRow): Share | null {
  if (isOwn(row)) return null;
  const { cost, committed, full_quantity, ordered_quantity, unit_cost } = row;
  return { left: cost - committed, quantity: rest(full_quantity, ordered_quantity), unit_price: unit_cost };
}

function unbilled(row: BudgetRow): Share | null {
  if (isOwn(row)) return null;
  const of = row.ordered ? row.ordered_quantity : row.full_quantity;
  return {
    left: (row.ordered || row.cost) - row.billed,
    quantity: rest(of, row.billed_quantity),
    unit_price: row.unit_cost,
  };
}

function requested(row: BudgetRow): Share | null {
  const quantity = rest(row.full_quantity, row.ordered_quantity);
  return isOwn(row) || quantity <= 0 ? null : { left: 0, quantity, unit_price: '0' };
}

const invoiced = (row: BudgetRow): Share | null =>
  row.invoiced > 0 ? { left: row.invoiced, quantity: Number(row.invoiced_quantity), unit_price: row.unit_price } : null;

const NOTHING_ORDERED = 'All of it is ordered already';

/** In the order in which they are tried. */
const KINDS: readonly MakingKind[] = [
  {
    fits: (type) => changeTypes.includes(type),
    ...{
      explains: 'Change the agreed quantity or price',
      otherwise: 'More is agreed than the budget has',
      share: changed,
      priced: false,
    },
  },
  {
    fits: ({ group }) => group === 'quotes',
    ...{
      explains: 'What isn’t offered yet',
      otherwise: 'All of it is offered already',
      share: unoffered,
      priced: true,
    },
  },
  {
    fits: (type) => has(type, 'prepayment'),
    ...{ explains: '', otherwise: 'Deposits come from the accepted estimate', share: null, priced: true },
  },
  {
    fits: ({ owes }) => owes === 'receivable',
    ...{
      explains: 'What isn’t invoiced yet',
      otherwise: 'Nothing is left to invoice',
      share: uninvoiced,
      priced: true,
    },
  },
  {
    fits: ({ owes }) => owes === 'credit',
    ...{
      explains: 'Gives back what was invoiced',
      otherwise: 'Nothing is invoiced yet',
      share: invoiced,
      priced: true,
    },
  },
  {
    fits: ({ partner, billedBy }) => partner === 'customer' && billedBy !== undefined,
    ...{ explains: 'What isn’t agreed yet', otherwise: 'All of it is offered already', share: unoffered, priced: true },
  },
  {
    fits: isForSeveral,
    ...{ explains: 'To one or more vendors, without your prices', otherwise: NOTHING_ORDERED },
    ...{ share: requested, priced: false },
  },
  {
    fits: ({ billedBy }) => billedBy !== undefined,
    ...{ explains: 'What isn’t ordered yet, at cost', otherwise: NOTHING_ORDERED, share: unordered, priced: true },
  },
  {
    fits: ({ owes }) => owes === 'payable',
    ...{ explains: 'One you received', otherwise: 'All of it is billed already', share: unbilled, priced: true },
  },
];

/** How documents of this type are made of items; null if nobody starts one. */
export const makingKind = (type: DocumentType): MakingKind | null =>
  isStartable(type) ? (KINDS.find(({ fits }) => fits(type)) ?? null) : null;
