import type { Request } from 'express';
import { isId } from '../../db/ids.js';
import type { Actor } from '../../db/scope.js';
import type { DocumentType } from '../../document_types/index.js';
import { parseDecimal } from '../../documents/content/decimals.js';
import { type ListFilter, searchWords } from '../../documents/queries/list.js';
import { type Sort, SORTS } from '../../documents/queries/list_clauses.js';
import { isDay } from '../../pages/valid_input.js';
import type { Errors } from '../shared/form.js';

/** The filters of a list as they were typed, by field. */
export const FILTERS = ['q', 'state', 'partner', 'project', 'from', 'to', 'least', 'most'] as const;
type Typed = Record<(typeof FILTERS)[number], string>;

/**
 * What the address of a list asks for: its tab, its filters as typed and as they are used, and what of them can't be
 * used.
 */
export interface ListParams {
  typed: Typed;
  narrowing: ListFilter;
  errors: Errors;
  /** An order was asked for: otherwise it is the usual one of what is asked. */
  sorted: boolean;
}

/** Reads the address of a list of these types. What can't be used is not used, and said. */
export function parseListParams({ query }: Pick<Request, 'query'>, types: DocumentType[], actor: Actor): ListParams {
  const text = (name: string) => (typeof query[name] === 'string' ? query[name].trim().slice(0, 200) : '');
  const typed = Object.fromEntries(FILTERS.map((name) => [name, text(name)])) as Typed;
  const errors: Record<string, string> = {};
  const used = <T>(name: keyof Typed, read: (typed: string) => T | null, wrong: string): T | null => {
    const value = typed[name] ? read(typed[name]) : null;
    if (typed[name] && value === null) errors[name] = wrong;
    return value;
  };
  const day = (typed: string) => (isDay(typed) ? typed : null);
  const amount = (typed: string) => parseDecimal(typed, actor.locale);
  const [type] = types;
  const narrowing: ListFilter = {
    tab: types.length === 1 ? (type?.tabs.find(({ name }) => name === text('show'))?.name ?? null) : null,
    state: types.some(({ states }) => states.includes(typed.state)) ? typed.state : null,
    partner_id: isId(typed.partner) ? typed.partner : null,
    project_id: isId(typed.project) ? typed.project : null,
    from: used('from', day, 'Give a date.'),
    to: used('to', day, 'Give a date.'),
    least: used('least', amount, 'Give a number.'),
    most: used('most', amount, 'Give a number.'),
    words: searchWords(typed.q),
    sort: Object.hasOwn(SORTS, text('sort')) ? (text('sort') as Sort) : usualSort(typed),
    turned: text('turned') === '1',
    after: isId(text('before')) ? text('before') : null,
  };
  return { typed, narrowing, errors, sorted: Object.hasOwn(SORTS, text('sort')) };
}

/** Who asks for a time or an amount reads by it; and by its index such a list begins at once. */
const usualSort = ({ from, to, least, most }: Typed): Sort =>
  from || to ? 'date' : least || most ? 'total' : 'newest';

/** Whether anything is narrowed down, apart from the tab. */
export const isFiltered = ({ typed }: ListParams) => FILTERS.some((name) => typed[name] !== '');

/**
 * The list's address with what it is narrowed to; `changed` in its place, null for nothing. A page further on is only
 * asked for by `before`.
 */
export function addressOf(
  url: string,
  { typed, narrowing, sorted }: ListParams,
  changed: Record<string, string | null> = {},
): string {
  const { tab, sort, turned } = narrowing;
  const asked = { show: tab, ...typed, sort: sorted ? sort : null, turned: turned ? '1' : null, ...changed };
  const query = new URLSearchParams(Object.entries(asked).flatMap(([name, value]) => (value ? [[name, value]] : [])));
  return query.size ? `${url}?${query}` : url;
}
