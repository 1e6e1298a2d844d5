import { z } from 'zod';
import { isDay } from '../../input/valid_input.js';
import { addDays } from '../../pages/days.js';
import type { Translate } from '../../pages/i18n.js';
import type { Tab } from '../../pages/views/components.js';
import type { Period } from '../../payments/statements/statement.js';
import type { Errors } from '../shared/form.js';
import { textParam } from '../shared/params.js';

const Params = z.object({
  from: textParam,
  to: textParam,
  currency: textParam.transform((typed) => (/^[A-Z]{3}$/.test(typed) ? typed : null)),
});

/** What the address asks for. `period`: null if it can't be read, for which `errors` has the reasons. */
interface StatementParams {
  typed: Period;
  period: Period | null;
  currency: string | null;
  /** In English. */
  errors: Errors;
}

/** Reads the days in a statement's address: the last three months unless it names others, and until today. */
export function parsePeriod(query: unknown, day: string): StatementParams {
  const { from, to, currency } = Params.parse(query);
  const typed = from || to ? { from, to: to || day } : lastMonths(day, 3);
  const errors = errorsOf(typed);
  return { typed, currency, errors, period: Object.keys(errors).length ? null : typed };
}

function errorsOf({ from, to }: Period): Errors {
  const wrong = Object.entries({ from, to }).filter(([, typed]) => !isDay(typed));
  if (wrong.length) return Object.fromEntries(wrong.map(([name]) => [name, 'Give a date.']));
  return to < from ? { to: 'The last day is before the first.' } : {};
}

/** The periods that are one click away. `url`: makes a period's address. */
export function presets(day: string, typed: Period, url: (period: Period) => string, t: Translate): Tab[] {
  const year = Number(day.slice(0, 4));
  const periods: [string, Period][] = [
    [t('This month'), lastMonths(day, 1)],
    [t('Last month'), monthBefore(day)],
    [t('Last 3 months'), lastMonths(day, 3)],
    [t('This quarter'), { from: firstOfMonth(year, Math.floor((monthOf(day) - 1) / 3) * 3 + 1), to: day }],
    [t('This year'), { from: `${year}-01-01`, to: day }],
    [t('Last year'), { from: `${year - 1}-01-01`, to: `${year - 1}-12-31` }],
  ];
  const current = periods.findIndex(([, { from, to }]) => from === typed.from && to === typed.to);
  return periods.map(([label, period], n) => ({ label, href: url(period), current: n === current }));
}

const monthOf = (day: string) => Number(day.slice(5, 7));

/** The months may be zero or less: those of the year before. */
const firstOfMonth = (year: number, month: number) => new Date(Date.UTC(year, month - 1, 1)).toISOString().slice(0, 10);

/** From the first of a month until today, so many months in all. */
const lastMonths = (day: string, months: number): Period => ({
  from: firstOfMonth(Number(day.slice(0, 4)), monthOf(day) - months + 1),
  to: day,
});

function monthBefore(day: string): Period {
  const to = addDays(`${day.slice(0, 8)}01`, -1);
  return { from: `${to.slice(0, 8)}01`, to };
}
