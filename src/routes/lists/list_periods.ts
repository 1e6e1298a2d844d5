import { addDays } from '../../pages/days.js';
import type { Translate } from '../../pages/i18n.js';
import type { Tab } from '../../pages/views/components.js';
import { weekOf } from '../../pages/weeks.js';
import { type ListParams, listUrl } from './list_request.js';

/** The periods that a list is narrowed to by one click, in the reader's weeks. `day`: today. */
export function periodsOf(
  url: string,
  params: ListParams,
  { day, locale }: { day: string; locale: string },
  t: Translate,
): Tab[] {
  const periods = [
    { label: t('This week'), ...weekOf(day, locale) },
    { label: t('Last week'), ...weekOf(addDays(day, -7), locale) },
    { label: t('This month'), ...monthOf(day) },
    { label: t('Last month'), ...monthOf(addDays(`${day.slice(0, 8)}01`, -1)) },
  ];
  const { typed } = params;
  return periods.map(({ label, from, to }) => ({
    label,
    href: listUrl(url, params, { from, to }),
    current: typed.from === from && typed.to === to,
  }));
}

/** The first and the last day of a day's month. */
function monthOf(day: string): { from: string; to: string } {
  const [year = 0, month = 0] = day.split('-').map(Number);
  return { from: `${day.slice(0, 8)}01`, to: new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10) };
}
