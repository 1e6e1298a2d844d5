import type { Request } from 'express';
import { z } from 'zod';
import { isId } from '../../db/ids.js';
import type { Actor } from '../../db/scope.js';
import type { DocumentType, Tab } from '../../document_types/index.js';
import { parseDecimal } from '../../documents/content/decimals.js';
import { type ListFilter, searchWords } from '../../documents/queries/list.js';
import { type Sort, SORTS } from '../../documents/queries/list_clauses.js';
import { isDay } from '../../input/valid_input.js';
import type { Errors } from '../shared/form.js';
import { idParam, textParam } from '../shared/params.js';

/** The filters of a list as they were typed. */
const Typed = z.object({
  q: textParam,
  type: textParam,
  state: textParam,
  partner: textParam,
  project: textParam,
  from: textParam,
  to: textParam,
  least: textParam,
  most: textParam,
});
type Typed = z.infer<typeof Typed>;

/** The names of the filters in a list's address. */
export const FILTERS = Typed.keyof().options;

const Paging = z.object({
  show: textParam,
  sort: z
    .string()
    .refine((name): name is Sort => Object.hasOwn(SORTS, name))
    .nullable()
    .catch(null),
  turned: textParam.transform((typed) => typed === '1'),
  before: idParam,
});

/** What the address of a list asks for: its filters as typed, those that can be used, and what is wrong with others. */
export interface ListParams {
  typed: Typed;
  filter: ListFilter;
  errors: Errors;
  /** The address names an order; otherwise it follows from the filters. */
  sorted: boolean;
}

/** Between several labels of states in an address. */
export const OR = '~';

/** The labels in an address that one of the types shows a state by; null for none. */
function labelsIn(types: DocumentType[], typed: string): string[] | null {
  const known = new Set(types.flatMap(({ stateLabels }) => Object.values(stateLabels).map(({ label }) => label)));
  const labels = typed.split(OR).filter((label) => known.has(label));
  return labels.length ? labels : null;
}

/** The types of a list of several that the address asks for: one of them, or all. */
export const typesAsked = ({ query }: Pick<Request, 'query'>, types: DocumentType[]): DocumentType[] => {
  const asked = types.filter(({ name }) => name === query['type']);
  return types.length > 1 && asked.length ? asked : types;
};

/** Reads the address of a list of these types. A filter that can't be used is left out, with a message. */
export function parseListParams({ query }: Pick<Request, 'query'>, types: DocumentType[], actor: Actor): ListParams {
  const typed = Typed.parse(query);
  const { show, sort, turned, before } = Paging.parse(query);
  const { ranges, errors } = readRanges(typed, actor.locale);
  const [type, ...others] = types;
  const tabs = type && !others.length ? type.tabs : [];
  const tab = tabs.find(({ name }) => name === show);
  const filter: ListFilter = {
    ...ranges,
    tab: tab?.name ?? null,
    state: type && !others.length && type.states.includes(typed.state) ? typed.state : null,
    labels: others.length ? labelsIn(types, typed.state) : null,
    partner_id: isId(typed.partner) ? typed.partner : null,
    project_id: isId(typed.project) ? typed.project : null,
    words: searchWords(typed.q),
    sort: sort ?? defaultSort(typed, tab),
    turned,
    after: before,
  };
  return { typed, filter, errors, sorted: sort !== null };
}

type Ranges = Pick<ListFilter, 'from' | 'to' | 'least' | 'most'>;

const day = z.string().refine(isDay, 'Give a date.');
const amount = (locale: string) =>
  z.string().transform((typed, context) => {
    const decimal = parseDecimal(typed, locale);
    if (decimal === null) context.addIssue('Give a number.');
    return decimal;
  });

/** Reads each field by itself: one that can't be used must not disable the others. */
function readRanges(typed: Typed, locale: string): { ranges: Ranges; errors: Errors } {
  const ranges: Ranges = { from: null, to: null, least: null, most: null };
  const errors: Record<string, string> = {};
  const schemas = { from: day, to: day, least: amount(locale), most: amount(locale) };
  for (const name of ['from', 'to', 'least', 'most'] as const) {
    const parsed = typed[name] ? schemas[name].safeParse(typed[name]) : null;
    if (parsed?.success) ranges[name] = parsed.data;
    if (parsed?.error) errors[name] = parsed.error.issues[0]?.message ?? '';
  }
  return { ranges, errors };
}

/** Who filters by date, amount or being late reads in that order; and in the order of its index such a list is fast. */
const defaultSort = ({ from, to, least, most }: Typed, tab: Tab | undefined): Sort =>
  from || to ? 'date' : least || most ? 'total' : tab?.late ? 'due' : 'newest';

/** Whether there is any filter, apart from the tab. */
export const isFiltered = ({ typed }: ListParams) => FILTERS.some((name) => typed[name] !== '');

/**
 * The address of a list with its filters and order, with `changed` in place of some (null: without). It is that of
 * the first page, unless `before` is changed.
 */
export function listUrl(
  url: string,
  { typed, filter, sorted }: ListParams,
  changed: Record<string, string | null> = {},
): string {
  const { tab, sort, turned } = filter;
  const params = { show: tab, ...typed, sort: sorted ? sort : null, turned: turned ? '1' : null, ...changed };
  const query = new URLSearchParams(Object.entries(params).flatMap(([name, value]) => (value ? [[name, value]] : [])));
  return query.size ? `${url}?${query}` : url;
}
