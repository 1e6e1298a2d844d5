import type { Actor } from '../../db/scope.js';
import type { DocumentType } from '../../document_types/index.js';
import { isOneOf, quotedNames } from '../../document_types/type_sql.js';
import { currencyDigits } from '../content/decimals.js';

/** SQL: when a document `d` is due, in the words of the indexes. */
export const DUE = `(case when d.due_on is null then 'infinity' else d.due_on end)`;

/** How a list can be sorted, in the words of its index; `down`: largest first, unless reversed. */
export const SORTS = {
  newest: { by: 'd.id', down: true },
  number: { by: `(case when d.number is null then '' else d.number end)`, down: true },
  date: { by: 'd.issued_on', down: true },
  due: { by: DUE, down: false },
  total: { by: 'd.total', down: true },
} as const;

export type Sort = keyof typeof SORTS;

/** The filters of a list; null: none. `after` is the id of the last document on the page before. */
export interface ListFilter {
  tab: string | null;
  state: string | null;
  partner_id: string | null;
  project_id: string | null;
  from: string | null;
  to: string | null;
  /** Minimum and maximum total: decimal strings, in each document's currency. */
  least: string | null;
  most: string | null;
  words: string[] | null;
  sort: Sort;
  /** The reverse order. */
  turned: boolean;
  after: string | null;
}

/** A typed search as words, at most six; null if it is empty. */
export function searchWords(typed: string): string[] | null {
  const words = typed.slice(0, 200).split(/\s+/).filter(Boolean).slice(0, 6);
  return words.length ? words : null;
}

/** An `ilike` pattern for a word anywhere in a text, its wildcards escaped. */
export const pattern = (word: string) => `%${word.replace(/[\\%_]/g, '\\$&')}%`;

/** Collects conditions and their values. The keys name the prepared statement: one name, one text. */
class Clauses {
  readonly parts: string[] = [];
  readonly values: unknown[] = [];
  keys = '';
  /** Adds a condition, in which `?` stands for the value, unless the value is null. */
  add(key: string, sql: string, value: unknown): void {
    if (value === null) return;
    this.values.push(value);
    this.parts.push(sql.replaceAll('?', `$${this.values.length}`));
    this.keys += key;
  }
  addFixed(key: string, sql: string): void {
    this.parts.push(sql);
    this.keys += key;
  }
}

/**
 * The SQL conditions of a list, with their keys and values. Only names from our own code (types, states) become part of
 * the SQL. `byType`: for one type at a time, `t.type`.
 */
export function filterSql(actor: Actor, types: DocumentType[], filter: ListFilter, today: string, byType: boolean) {
  const clauses = new Clauses();
  const { state, project_id, from, to, least, most, words } = filter;
  clauses.add('', 'd.organization_id = ?', actor.organization_id);
  const [only, ...others] = types;
  if (only && !others.length) clauses.addFixed(`${only.name}_`, `d.type = '${only.name}'`);
  else {
    const prefixes = types.map(({ prefix }) => prefix).join('');
    clauses.addFixed(`${prefixes}_`, byType ? 'd.type = t.type' : isOneOf('d.type', types));
  }
  clauses.add('p', 'd.partner_id = ?', actor.side === 'partner' ? actor.partner_id : filter.partner_id);
  if (only && !others.length) addTab(clauses, only, filter.tab, today);
  clauses.add('s', 'd.state = ?', state);
  clauses.add('j', 'd.project_id = ?', project_id);
  clauses.add('f', 'd.issued_on >= ?', from);
  clauses.add('t', 'd.issued_on <= ?', to);
  clauses.add('l', `d.total >= ?::numeric * ${UNITS}`, least);
  clauses.add('m', `d.total <= ?::numeric * ${UNITS}`, most);
  // The longest is likely the rarest: its documents are looked up, and the other words looked for in those.
  const [longest, ...rest] = (words ?? []).toSorted((a, b) => b.length - a.length);
  if (longest) addWord(clauses, actor, longest);
  for (const word of rest) clauses.addFixed('w', `exists (${withWord(clauses, word)} and w.subject_id = d.id)`);
  addAfter(clauses, filter);
  return { keys: clauses.keys, where: clauses.parts.join(' and '), values: clauses.values };
}

const currenciesWithDigits = (digits: number) =>
  Intl.supportedValuesOf('currency')
    .filter((code) => currencyDigits(code) === digits)
    .map((code) => `'${code}'`)
    .join(', ');
/** SQL: the minor units in one unit of a document's currency. */
const UNITS = `case when d.currency in (${currenciesWithDigits(0)}) then 1
  when d.currency in (${currenciesWithDigits(3)}) then 1000 else 100 end`;

function addTab(clauses: Clauses, { tabs }: DocumentType, name: string | null, today: string): void {
  const tab = tabs.find((tab) => tab.name === name);
  if (!tab) return;
  clauses.addFixed(`${tab.name}_`, `d.state in (${quotedNames(tab.states)})`);
  if (tab.late) clauses.add('d', 'd.due_on < ?', today);
}

/** SQL: subjects with a word of this prefix. U+10FFFF sorts after every character that can follow it. */
function withWord({ values }: Clauses, word: string): string {
  const n = values.push(word.toLowerCase(), `${word.toLowerCase()}\u{10ffff}`);
  return `select w.subject_id from subject_words w
    where w.organization_id = $1 and w.word >= $${n - 1} and w.word < $${n}`;
}

/** Looked up once and as an array, so that documents are found by their key and in its order. */
function addWord(clauses: Clauses, { side, partner_id }: Actor, word: string): void {
  const found = `d.id = any (array(${withWord(clauses, word)}`;
  // Of a partner's own subjects, so that the index of their words is used.
  if (side === 'partner') clauses.add('o', `${found} and w.partner_id = ?))`, partner_id);
  else clauses.addFixed('q', `${found}))`);
}

function addAfter(clauses: Clauses, { sort, turned, after }: ListFilter): void {
  const { by, down } = SORTS[sort];
  const operator = down === turned ? '>' : '<';
  if (by === 'd.id') return clauses.add('b', `d.id ${operator} ?`, after);
  // Two values rather than a row of a subquery, or the page would be read from the list's first row on.
  const last = `(select ${by} from documents d where d.organization_id = $1 and d.id = ?)`;
  clauses.add('b', `(${by}, d.id) ${operator} (${last}, ?::uuid)`, after);
}
