import type { Knex } from 'knex';
import type { Act, Outcome } from '../../acting/context.js';
import type { BudgetEffect } from '../../subjects/project/budget_actions.js';
import { addGroup, removeGroup, renameGroup } from './budget_groups.js';
import { importBudget } from './budget_import.js';
import { addItem, changeItem, moveItem, removeItem } from './budget_items.js';
import { undoBudget } from './budget_undo.js';
import { placeLine } from './place_line.js';

type Effect = (db: Knex.Transaction, act: Act) => Promise<Omit<Outcome, 'subject'>>;

/** What each `effect` of a budget's actions changes. */
export const BUDGET_EFFECTS: Record<BudgetEffect, Effect> = {
  'add group': addGroup,
  'rename group': renameGroup,
  'remove group': removeGroup,
  'add item': addItem,
  'change item': changeItem,
  'move item': moveItem,
  'remove item': removeItem,
  'place line': placeLine,
  'import budget': importBudget,
  'undo budget': undoBudget,
};
