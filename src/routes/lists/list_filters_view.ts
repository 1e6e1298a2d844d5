import type { DocumentType } from '../../document_types/index.js';
import type { Actor } from '../../db/scope.js';
import type { I18n } from '../../documents/queries/sheet.js';
import type { Choice, Field, Filters } from '../../pages/views/components.js';
import { periodsOf } from './list_periods.js';
import { FILTERS, isFiltered, type ListParams, listUrl, OR } from './list_request.js';
import type { ListPage } from './list_view.js';

/** The form that filters a list: search and choices, and behind a button the ranges of date and amount. */
export function filtersOf(list: ListPage, { side, locale }: Pick<Actor, 'side' | 'locale'>, i18n: I18n): Filters {
  const { params, url, partners, day } = list;
  const { typed, filter, sorted } = params;
  const hidden = {
    show: filter.tab,
    // Where there are too many partners to choose from, one that the address names stays.
    partner: partners.length ? null : typed.partner,
    sort: sorted ? filter.sort : null,
    turned: filter.turned ? '1' : null,
  };
  return {
    action: url,
    search: { name: 'q', value: typed.q, label: i18n.t('Search') },
    choices: choicesOf(list, side, i18n),
    fields: rangeFields(params, i18n),
    periods: periodsOf(url, params, { day, locale }, i18n.t),
    more: RANGES.some(([name]) => typed[name] !== ''),
    hidden: Object.fromEntries(Object.entries(hidden).flatMap(([name, value]) => (value ? [[name, value]] : []))),
    clear: isFiltered(params) ? listUrl(url, params, NO_FILTERS) : null,
  };
}

const NO_FILTERS = Object.fromEntries(FILTERS.map((name) => [name, null]));
const RANGES = [
  ['from', 'date', 'From date'],
  ['to', 'date', 'To date'],
  ['least', 'number', 'Amount from'],
  ['most', 'number', 'Amount to'],
] as const;

const rangeFields = ({ typed, errors }: ListParams, { t }: I18n): Field[] =>
  RANGES.map(([name, kind, label]) => {
    const error = errors[name] ? t(errors[name]) : null;
    return { name, id: `filter-${name}`, kind, label: t(label), value: typed[name], error, optional: false };
  });

function choicesOf({ types, params, projects, partners }: ListPage, side: string, { t }: I18n): Filters['choices'] {
  const { filter } = params;
  const choice = (name: string, label: string, value: string | null, choices: Choice[]) => ({
    name,
    label: t(label),
    value: value ?? '',
    choices: [{ value: '', label: t('Any') }, ...choices],
  });
  const ofPartners = partners.map(({ id, name }) => ({ value: id, label: name }));
  const ofProjects = projects.map(({ id, key, name }) => ({ value: id, label: `${key} · ${name}` }));
  return [
    ...(types.length > 1 ? [choice('type', 'Type', params.typed.type, typeChoices(types, t))] : []),
    choice('state', 'State', filter.state ?? filter.labels?.join(OR) ?? null, stateChoices(types, side, t)),
    ...(partners.length ? [choice('partner', 'Partner', filter.partner_id, ofPartners)] : []),
    ...(projects.length ? [choice('project', 'Project', filter.project_id, ofProjects)] : []),
  ];
}

const typeChoices = (types: DocumentType[], t: I18n['t']): Choice[] =>
  types.map(({ name, label }) => ({ value: name, label: t(label) }));

/**
 * The states of one type; of several, each label that they are shown by, once: what is one word in the reader's language
 * may be several in English. Drafts are seen only by the side that starts them, discarded ones by nobody.
 */
function stateChoices(types: DocumentType[], side: string, t: I18n['t']): Choice[] {
  const several = types.length > 1;
  const values = new Map<string, Set<string>>();
  for (const { states, stateLabels, startedBy, draft, discarded } of types)
    for (const state of states) {
      if (state === discarded || (state === draft && side !== startedBy)) continue;
      const label = stateLabels[state]?.label ?? state;
      const key = several ? t(label) : state;
      values.set(key, (values.get(key) ?? new Set()).add(several ? label : state));
    }
  return [...values].map(([key, names]) => ({
    value: [...names].join(OR),
    label: several ? key : t(types[0]?.stateLabels[key]?.label ?? key),
  }));
}

/** The filters as text, for print. */
export const filterText = ({ typed, filter }: ListParams, { t, format }: I18n): string =>
  [
    typed.q,
    filter.from && t('from {{day}}', { day: format.date(filter.from) }),
    filter.to && t('to {{day}}', { day: format.date(filter.to) }),
  ]
    .filter(Boolean)
    .join(' · ');
