import type { I18n } from '../../documents/queries/sheet.js';
import { type DocumentType, types } from '../../document_types/index.js';
import { isDay } from '../../input/valid_input.js';
import type { SavedView } from '../../people/preferences/saved_views.js';
import { OR } from './list_request.js';

/** What a saved view shows, in words: "Invoices · Overdue · Reception fit-out · from January 5". */
export function describeView({ path, partner, project }: SavedView, { t, format }: I18n): string {
  const [list = '', query = ''] = path.split('?');
  const asked = new URLSearchParams(query);
  const type = types.find((one) => one.path === list);
  const value = (name: string) => asked.get(name) ?? '';
  const day = (name: string) => (isDay(value(name)) ? format.date(value(name)) : null);
  const of = types.find(({ name }) => name === value('type'));
  const parts = [
    t(type?.plural ?? 'All documents'),
    of && !type && t(of.plural),
    type && tabLabel(type, value('show'), t),
    stateLabel(type, value('state'), t),
    partner,
    project,
    value('q') && t('“{{words}}”', { words: value('q') }),
    day('from') && t('from {{day}}', { day: day('from') ?? '' }),
    day('to') && t('to {{day}}', { day: day('to') ?? '' }),
    value('least') && t('at least {{amount}}', { amount: value('least') }),
    value('most') && t('at most {{amount}}', { amount: value('most') }),
  ];
  return parts.filter(Boolean).join(' · ');
}

function tabLabel({ tabs }: DocumentType, show: string, t: I18n['t']): string | null {
  const tab = tabs.find(({ name }) => name === show);
  return tab ? t(tab.label) : null;
}

/** In a list of all types a view names states by their labels. */
const stateLabel = (type: DocumentType | undefined, state: string, t: I18n['t']): string | null => {
  const label = type ? type.stateLabels[state]?.label : state.split(OR)[0];
  const known = types.some(({ stateLabels }) => Object.values(stateLabels).some((one) => one.label === label));
  return label && known ? t(label) : null;
};
