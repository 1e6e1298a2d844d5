import { isId } from '../../../db/ids.js';
import type { Selection } from '../../../projects/budget/budget_rows.js';
import { many } from '../../forms/field_values.js';
import type { RequestContext } from '../../shared/request_context.js';

/** What the address of a budget says. */
export interface BudgetRequest {
  chosen: Selection;
  /** New is open. */
  making: boolean;
  /** The item or group that is being edited, or the group that gets an item. */
  edit: string | null;
  add: string | null;
  /** Only items over budget. */
  over: boolean;
  /** The open group of a large budget, or all are open. */
  group: string | null;
  open: boolean;
  /** The change that can be undone. */
  undo: string | null;
  /** Documents that were just made. */
  made: string[];
}

type Fields = Record<string, unknown>;

const ids = (fields: Fields, name: string) => many(fields, name).filter(isId);
const oneId = (fields: Fields, name: string) => ids(fields, name)[0] ?? null;

/** What was ticked, in an address or a form. */
export const selectionIn = (fields: Fields): Selection => ({
  items: ids(fields, 'pick'),
  groups: ids(fields, 'all_of'),
  all: many(fields, 'all').includes('on'),
});

export function budgetRequest({ req }: Pick<RequestContext, 'req'>): BudgetRequest {
  const query: Fields = req.query;
  return {
    chosen: selectionIn(query),
    making: 'new' in query,
    over: 'over' in query,
    open: query['open'] === 'all',
    ...{ edit: oneId(query, 'edit'), add: oneId(query, 'add'), group: oneId(query, 'group') },
    ...{ undo: oneId(query, 'undo'), made: ids(query, 'made').slice(0, 50) },
  };
}

/** Whether anything was ticked. */
export const isChosen = ({ items, groups, all }: Selection) => all || items.length > 0 || groups.length > 0;
