import type { I18n } from '../../../documents/queries/sheet.js';
import { barView, type BarView } from './bar_view.js';
import type { ProjectMoney } from './project_money.js';

/** The money of a project as one bar: what was agreed, of that invoiced, of that paid. See money_bar.ejs. */
export interface MoneyBar extends BarView {
  /** "$25,202.88 agreed" */
  title: string;
  /** "$12,126.24", and "by December 9" or "overdue since December 9"; null: nothing is open. */
  to_pay: { amount: string; by: string | null } | null;
  /** What of the agreed amount isn't invoiced; null: all is. */
  not_invoiced: string | null;
  /** "$120.00 more is invoiced than was agreed"; null: it isn't. */
  beyond: string | null;
}

/** A bar for each currency in which something was agreed or invoiced. `day`: today, ISO 8601. */
export const moneyBars = (money: readonly ProjectMoney[], day: string, i18n: I18n): MoneyBar[] =>
  money.filter(({ agreed, invoiced, open }) => agreed || invoiced || open).map((one) => moneyBar(one, day, i18n));

/** The bar of one currency. */
function moneyBar(
  { currency, agreed, invoiced, paid, open, due_on }: ProjectMoney,
  day: string,
  { t, format }: I18n,
): MoneyBar {
  const by = due_on && t(due_on < day ? 'overdue since {{date}}' : 'by {{date}}', { date: format.date(due_on) });
  const money = (minor: number) => format.money(minor, currency);
  const part = (value: number, label: string) => ({ value, label, text: money(value) });
  const amounts = { agreed: money(agreed), invoiced: money(invoiced), paid: money(paid) };
  const nothingAgreed = agreed === 0;
  return {
    ...barView(`money-${currency}`, {
      max: Math.max(agreed, invoiced),
      ...{ solid: part(paid, t('Paid')), hatched: part(invoiced, t('Invoiced')), rest: null },
      sentence: nothingAgreed
        ? t('{{invoiced}} is invoiced, {{paid}} is paid', amounts)
        : t('Of {{agreed}} agreed, {{invoiced}} is invoiced and {{paid}} is paid', amounts),
    }),
    title: nothingAgreed
      ? t('{{amount}} invoiced', { amount: money(invoiced) })
      : t('{{amount}} agreed', { amount: money(agreed) }),
    to_pay: open > 0 ? { amount: money(open), by } : null,
    not_invoiced: agreed > invoiced ? money(agreed - invoiced) : null,
    beyond:
      !nothingAgreed && invoiced > agreed
        ? t('{{amount}} more is invoiced than was agreed', { amount: money(invoiced - agreed) })
        : null,
  };
}
