import Big from 'big.js';
import type { I18n } from '../../../documents/queries/sheet.js';
import type { BudgetGroup } from '../../../projects/budget/budget_rows.js';
import { type BarView, barView } from '../finances/bar_view.js';

/** What stands above the table: cost, price and margin. */
export interface BudgetSummary {
  cost: BarView & { big: string; of: string };
  price: BarView & { big: string; of: string };
  expected: string;
  planned: string;
  /** "$261.50 over on 2 items" */
  over: string | null;
}

export type BudgetTotals = Omit<BudgetGroup, 'id' | 'name'>;

const NUMBERS = [
  ...(['cost', 'price', 'offered', 'accepted', 'invoiced', 'ordered', 'billed', 'actual'] as const),
  ...(['committed', 'to_invoice', 'items', 'over_items', 'over', 'expected'] as const),
] as const;

/** The sums of all groups. */
export function totalsOfGroups(groups: readonly BudgetGroup[]): BudgetTotals {
  const sums = NUMBERS.map((name) => [name, groups.reduce((sum, group) => sum + group[name], 0)] as const);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each of its fields is among the names
  return Object.fromEntries(sums) as unknown as BudgetTotals;
}

/** A share in percent with one decimal; '0' of nothing. */
export const shareIn = (part: number, of: number): string =>
  of === 0 ? '0' : Big(part).times(100).div(of).round(1, Big.roundHalfUp).toString();

/** What stands above the table of a budget with these sums. */
export function budgetSummary(all: BudgetTotals, currency: string, { t, format }: I18n): BudgetSummary {
  const money = (minor: number) => format.money(minor, currency);
  const { cost, price, actual, committed, invoiced, accepted } = all;
  const spent = { cost: money(cost), committed: money(committed), actual: money(actual) };
  const sold = { price: money(price), accepted: money(accepted), invoiced: money(invoiced) };
  const part = (value: number, label: string) => ({ value, label, text: money(value) });
  return {
    cost: {
      ...{ big: money(committed), of: t('of {{cost}} committed', { cost: money(cost) }) },
      ...barView('budget-cost', {
        ...{ max: cost, solid: part(actual, t('Actual')), hatched: part(committed, t('Committed')) },
        ...{ rest: part(cost - committed, t('Left')) },
        sentence: t('Of {{cost}} cost, {{committed}} is committed and {{actual}} is billed or logged', spent),
      }),
    },
    price: {
      ...{ big: money(invoiced), of: t('of {{price}} invoiced', { price: money(price) }) },
      ...barView('budget-price', {
        ...{ max: price, solid: part(invoiced, t('Invoiced')), hatched: part(accepted, t('Accepted')) },
        ...{ rest: part(accepted - invoiced, t('Left')) },
        sentence: t('Of {{price}}, {{accepted}} is accepted and {{invoiced}} is invoiced', sold),
      }),
    },
    expected: format.percent(shareIn(price - all.expected, price)),
    planned: format.percent(shareIn(price - cost, price)),
    over: all.over_items
      ? t('{{amount}} over on {{count}} items', { amount: money(all.over), count: all.over_items })
      : null,
  };
}
