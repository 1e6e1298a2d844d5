import { z } from 'zod';
import type { Action } from '../../document_types/index.js';
import { chosen, decimal, field, id, shortText } from '../../input/fields.js';

/** What actions on a budget change: see projects/budget/budget_effects.ts. */
export type BudgetEffect =
  | 'add group'
  | 'rename group'
  | 'remove group'
  | 'add item'
  | 'change item'
  | 'move item'
  | 'remove item'
  | 'place line'
  | 'import budget'
  | 'undo budget';

type BudgetAction = Action<'open', BudgetEffect>;

/** So many items a budget may have. */
export const MOST_ITEMS = 5000;

const amount = (max: number, decimals: number, label: string) =>
  field(decimal(0, max, decimals).optional(), 'decimal', label);

/** An item as its form gives it: decimals as strings. Its price follows from cost and markup, unless one is given. */
const itemFields = {
  name: shortText,
  unit: field(z.string().trim().max(40, 'Use at most 40 characters.').optional(), 'text'),
  quantity: amount(1e7, 4, 'Quantity'),
  unit_cost: amount(1e9, 6, 'Unit cost'),
  markup: field(decimal(-100, 1e6, 4).optional(), 'decimal', 'Markup %'),
  unit_price: amount(1e9, 6, 'Unit price'),
  vendor: id.optional(),
  task: id.optional(),
  /** The item of the catalog that it was filled from. */
  catalog: id.optional(),
};
export const itemInput = z.object(itemFields);

const group = chosen('Choose a group.');
const item = chosen('Choose an item.');

/** What an import gives of an item: the group by its name. */
export const importedItem = itemInput.extend({ group: shortText });

const common = { by: 'staff', visible: 'staff', formPage: 'budget' } as const satisfies Partial<BudgetAction>;

/** Groups and items of a project's budget. Partners read nothing of it, so that all are of staff alone. */
export const budgetActions = {
  add_budget_group: {
    ...common,
    effect: 'add group',
    asks: z.object({ name: shortText }),
    summary: '{{actor}} added the budget group {{name}}',
  },
  rename_budget_group: {
    ...common,
    effect: 'rename group',
    asks: z.object({ group, name: shortText }),
    summary: '{{actor}} renamed a budget group to {{name}}',
  },
  remove_budget_group: {
    ...common,
    effect: 'remove group',
    asks: z.object({ group }),
    summary: '{{actor}} removed the budget group {{name}}',
  },
  add_item: {
    ...common,
    effect: 'add item',
    asks: itemInput.extend({ group }),
    summary: '{{actor}} added {{name}} to the budget',
  },
  change_item: {
    ...common,
    effect: 'change item',
    asks: itemInput.extend({ item, group }),
    summary: '{{actor}} changed {{name}} in the budget',
  },
  move_item: {
    ...common,
    effect: 'move item',
    asks: z.object({ item, direction: z.enum(['up', 'down'], 'Choose a direction.') }),
    summary: '{{actor}} moved {{name}} in the budget',
  },
  remove_item: {
    ...common,
    effect: 'remove item',
    asks: z.object({ item }),
    summary: '{{actor}} removed {{name}} from the budget',
  },
  place_line: {
    ...common,
    effect: 'place line',
    asks: z.object({ document: id, line: id, to: item }),
    summary: '{{actor}} placed {{name}} in the budget',
  },
  import_budget: {
    ...common,
    effect: 'import budget',
    asks: z.object({ items: z.array(importedItem).min(1).max(2000) }),
    summary: '{{actor}} imported {{count}} budget items',
  },
  undo_budget: {
    ...common,
    effect: 'undo budget',
    asks: z.object({ activity: id }),
    summary: '{{actor}} undid a change to the budget',
  },
} satisfies Record<string, BudgetAction>;
