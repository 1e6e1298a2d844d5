import Big from 'big.js';
import type { Actor } from '../../db/scope.js';
import { type DocumentType, type Tab, types } from '../../document_types/index.js';
import { isOneOf, quotedNames } from '../../document_types/type_sql.js';

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
  /** Of a list of several types: the labels, in English, of the states that are shown. */
  labels: string[] | null;
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

const UNACCENTED: Record<string, string> = {
  ...{ ς: 'σ', ø: 'o', đ: 'd', ł: 'l', ı: 'i', ð: 'd', ħ: 'h', ŧ: 't' },
  ...{ ß: 'ss', æ: 'ae', œ: 'oe', þ: 'th' },
};

/** A text as it is searched, small letters without accents: as `folded` of the database does. */
export const foldedText = (text: string) =>
  text
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]+/g, '')
    .replace(/[ςøđłıðħŧßæœþ]/g, (letter) => UNACCENTED[letter] ?? letter)
    .normalize('NFC');

/** Around a word, as `words_of` of the database leaves it out. */
const PUNCTUATION = '[.,;:!?()[\\]{}<>"\'`´„“”‚‘’«»…–—/\\\\&*+#|]+';
const AROUND = new RegExp(`^${PUNCTUATION}|${PUNCTUATION}$`, 'g');

/** The words of a typed search, at most six; null if it is empty. The database keeps 60 characters of each. */
export function searchWords(typed: string): string[] | null {
  const words = foldedText(typed.slice(0, 200))
    .split(/\s+/)
    .map((word) => /^.{0,60}/su.exec(word.replace(AROUND, ''))?.[0] ?? '')
    .filter(Boolean)
    .slice(0, 6);
  return words.length ? words : null;
}

/** The longest is likely to be the rarest. */
const longestFirst = (words: string[]) => words.toSorted((a, b) => b.length - a.length);

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
}

/** The SQL of a list's filters. Only names from our own code (types, states) become part of it. */
export interface FilterSql {
  /** Names the conditions. */
  keys: string;
  values: unknown[];
  /** Conditions on documents `d`, without those on their types and states. */
  where: string;
  /** The condition on their types, and on the states of the tab. */
  kinds: string;
  /** The same as rows `t`, each with its condition, for an index that sorts within one of them; null: needless. */
  split: { rows: string; where: string } | null;
  /** For each word of the search, the subjects that hold it. */
  words: string[];
}

export function filterSql(actor: Actor, listed: DocumentType[], filter: ListFilter, today: string): FilterSql {
  const clauses = new Clauses();
  const { state, project_id, from, to } = filter;
  const tab = listed.length === 1 ? listed[0]?.tabs.find(({ name }) => name === filter.tab) : undefined;
  clauses.add('', 'd.organization_id = ?', actor.organization_id);
  const partner = actor.side === 'partner' ? actor.partner_id : filter.partner_id;
  clauses.add('p', 'd.partner_id = ?', partner);
  if (tab?.late) clauses.add('d', `${DUE} < ?`, today);
  clauses.add('s', 'd.state = ?', state);
  clauses.add('j', 'd.project_id = ?', project_id);
  clauses.add('f', 'd.issued_on >= ?', from);
  clauses.add('t', 'd.issued_on <= ?', to);
  const amounts = addAmounts(clauses, filter);
  // A draft is seen only by the side that started it: others' are not looked at.
  const seen = listed.filter(({ draft, startedBy }) => state === null || state !== draft || startedBy === actor.side);
  const labelled = filter.labels && kindsLabelled(clauses, seen, filter.labels, actor.side);
  const words = longestFirst(filter.words ?? []).map((word) => withWord(clauses, seen, partner, word));
  addAfter(clauses, filter);
  return {
    keys: `${actor.side}_${keyOf(seen)}_${tab?.name ?? ''}_${labelled ? 'k' : ''}_${clauses.keys}`,
    values: clauses.values,
    where: clauses.parts.join(' and '),
    kinds: labelled?.condition ?? isOneOf('d.type', seen) + (tab ? ` and d.state in (${quotedNames(tab.states)})` : ''),
    split: splitSql(actor, seen, tab, filter, amounts, labelled),
    words,
  };
}

/** The states of some types, as rows `(type, state)` and as a condition. */
interface Kinds {
  rows: string;
  condition: string;
}

/** Those that are shown by these labels. They are values: there would be too many statements. */
function kindsLabelled({ values }: Clauses, listed: DocumentType[], labels: string[], side: string): Kinds {
  const kinds = listed.flatMap(({ name, startedBy, stateLabels, draft, discarded }) =>
    Object.entries(stateLabels)
      .filter(([state, { label }]) => labels.includes(label) && state !== discarded)
      .filter(([state]) => state !== draft || startedBy === side)
      .map(([state]) => `${name} ${state}`),
  );
  const parameter = `$${values.push(kinds)}::text[]`;
  const part = (n: number) => `split_part(kind, ' ', ${n})`;
  return {
    rows: `(select ${part(1)} as type, ${part(2)} as state from unnest(${parameter}) kind) t`,
    condition: `(d.type || ' ' || d.state) = any (${parameter})`,
  };
}

/** Names a selection of types. */
const keyOf = (selected: DocumentType[]) =>
  selected.length === 1
    ? selected[0]?.name
    : selected.reduce((sum, type) => sum + 2 ** types.indexOf(type), 0).toString(36);

/**
 * The newest are in order within a type and state, and all of them, and so are the due; totals within a type and the
 * digits of a currency, other orders within a type. The newest of what is late are found among all of a type.
 */
function splitSql(
  { side }: Actor,
  selected: DocumentType[],
  tab: Tab | undefined,
  { sort, state, partner_id }: ListFilter,
  amounts: string[],
  labelled: Kinds | null,
): FilterSql['split'] {
  // A partner may have no document of many types: all of theirs would be read for a page.
  const ofPartner = side === 'partner' || partner_id !== null;
  if (labelled && sort !== 'total') return { rows: labelled.rows, where: 'd.type = t.type and d.state = t.state' };
  const ofTypes = `unnest(array[${quotedNames(selected.map(({ name }) => name))}]::text[]) t (type)`;
  if (tab && tab.states.length > 1 && (sort === 'due' || (sort === 'newest' && !tab.late)))
    return {
      rows: `${ofTypes} cross join unnest(array[${quotedNames(tab.states)}]) s (state)`,
      where: 'd.type = t.type and d.state = s.state',
    };
  if (sort === 'total')
    return {
      rows: `${ofTypes} cross join (values ${DIGITS.map((n) => `(${n}, ${n + 1})`).join(', ')}) u (digits, place)`,
      where: ['d.type = t.type and d.digits = u.digits', ...(labelled ? [labelled.condition] : []), ...amounts].join(
        ' and ',
      ),
    };
  if (sort === 'number' && selected.length) {
    // The other side's drafts, which have no number yet, would all come first and not be seen.
    const rows = selected.map(({ name, startedBy }) => `('${name}', '${startedBy === side ? '' : '!'}')`);
    return {
      rows: `(values ${rows.join(', ')}) t (type, lowest)`,
      where: `d.type = t.type and ${SORTS.number.by} >= t.lowest`,
    };
  }
  return selected.length > 1 && (sort !== 'newest' || state !== null || ofPartner)
    ? { rows: ofTypes, where: 'd.type = t.type' }
    : null;
}

/** How many digits currencies have after the point. */
const DIGITS = [0, 2, 3];

/** An amount in minor units, by the digits of a currency. */
const minorUnits = (amount: string, round: 'up' | 'down') =>
  [0, 1, 2, 3].map((digits) => {
    const units = Big(amount).times(Big(10).pow(digits));
    const whole = units.round(0, Big.roundDown);
    const beyond = round === 'up' ? units.gt(whole) : units.lt(whole);
    return whole.plus(beyond ? (round === 'up' ? 1 : -1) : 0).toFixed();
  });

/**
 * The range of the total, in each document's currency. Returns the same for rows `u` of the digits of currencies, in
 * words that row security lets an index compare.
 */
function addAmounts(clauses: Clauses, { least, most }: ListFilter): string[] {
  const add = (key: string, operator: string, amounts: string[] | null): string[] => {
    clauses.add(key, `d.total ${operator} (?::bigint[])[d.digits + 1]`, amounts);
    return amounts ? [`d.total ${operator} ($${clauses.values.length}::bigint[])[u.place]`] : [];
  };
  return [
    ...add('l', '>=', least === null ? null : minorUnits(least, 'up')),
    ...add('m', '<=', most === null ? null : minorUnits(most, 'down')),
  ];
}

/**
 * SQL: subjects of these types with a word of this prefix; a partner's own, so that the index of their words is used.
 * U+10FFFF sorts after every character that can follow it.
 */
function withWord(clauses: Clauses, listed: DocumentType[], partner: string | null, word: string): string {
  const { values } = clauses;
  const n = values.push(word, `${word}\u{10ffff}`);
  clauses.keys += 'w';
  return `select w.subject_id from subject_words w
    where w.organization_id = $1 and ${isOneOf('w.kind', listed)} and w.word >= $${n - 1} and w.word < $${n}
      ${partner === null ? '' : `and w.partner_id = $${values.push(partner)}`}`;
}

function addAfter(clauses: Clauses, { sort, turned, after }: ListFilter): void {
  const { by, down } = SORTS[sort];
  const operator = down === turned ? '>' : '<';
  if (by === 'd.id') return clauses.add('b', `d.id ${operator} ?`, after);
  // Two values rather than a row of a subquery, or the page would be read from the list's first row on.
  const last = `(select ${by} from documents d where d.organization_id = $1 and d.id = ?)`;
  clauses.add('b', `(${by}, d.id) ${operator} (${last}, ?::uuid)`, after);
}
