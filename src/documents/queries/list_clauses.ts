import type { Actor } from '../../db/scope.js';
import type { DocumentType } from '../../document_types/index.js';
import { currencyDigits } from '../content/decimals.js';

/** What a list can be sorted by; `down`: the largest first, unless it is turned. */
export const SORTS = {
  newest: { by: 'd.id', down: true },
  number: { by: `coalesce(d.number, '')`, down: true },
  date: { by: 'd.issued_on', down: true },
  due: { by: `coalesce(d.due_on, 'infinity')`, down: false },
  total: { by: 'd.total', down: true },
} as const;

export type Sort = keyof typeof SORTS;

/** What a list is narrowed to; null: not by this. `after` is the id of the last document of the page before. */
export interface ListFilter {
  tab: string | null;
  state: string | null;
  partner_id: string | null;
  project_id: string | null;
  from: string | null;
  to: string | null;
  /** Decimal strings, in whichever currency a document has. */
  least: string | null;
  most: string | null;
  words: string[] | null;
  sort: Sort;
  /** The other way round. */
  turned: boolean;
  after: string | null;
}

/** What was typed into a search, as at most six words; null if it is empty. */
export function searchWords(typed: string): string[] | null {
  const words = typed.slice(0, 200).split(/\s+/).filter(Boolean).slice(0, 6);
  return words.length ? words : null;
}

/** A word anywhere in a text, for `ilike`: what has a meaning there is taken as it stands. */
export const pattern = (word: string) => `%${word.replace(/[\\%_]/g, '\\$&')}%`;

/** Collects conditions with their values; the letters name the statement, so that one name has one text. */
class Clauses {
  readonly parts: string[] = [];
  readonly values: unknown[] = [];
  keys = '';
  /** `?` stands for the value. Left out if that is null. */
  add(key: string, sql: string, value: unknown): void {
    if (value === null) return;
    this.values.push(value);
    this.parts.push(sql.replaceAll('?', `$${this.values.length}`));
    this.keys += key;
  }
  say(key: string, sql: string): void {
    this.parts.push(sql);
    this.keys += key;
  }
}

/**
 * The conditions of a list as SQL, with the name of what they are. Types and states are names of our own code; all
 * else is a value.
 */
export function clausesOf(actor: Actor, types: DocumentType[], narrowing: ListFilter, today: string) {
  const clauses = new Clauses();
  const { state, project_id, from, to, least, most, words } = narrowing;
  clauses.add('', 'd.organization_id = ?', actor.organization_id);
  const [only, ...others] = types;
  if (only && !others.length) clauses.say(`${only.name}_`, `d.type = '${only.name}'`);
  else
    clauses.say(
      `${types.map(({ prefix }) => prefix).join('')}_`,
      `d.type in (${types.map(({ name }) => `'${name}'`).join(', ')})`,
    );
  clauses.add('p', 'd.partner_id = ?', actor.side === 'partner' ? actor.partner_id : narrowing.partner_id);
  if (only && !others.length) addTab(clauses, only, narrowing.tab, today);
  clauses.add('s', 'd.state = ?', state);
  clauses.add('j', 'd.project_id = ?', project_id);
  clauses.add('f', 'd.issued_on >= ?', from);
  clauses.add('t', 'd.issued_on <= ?', to);
  clauses.add('l', `d.total >= ?::numeric * ${UNITS}`, least);
  clauses.add('m', `d.total <= ?::numeric * ${UNITS}`, most);
  for (const word of words ?? []) addWord(clauses, word);
  addAfter(clauses, narrowing);
  return { keys: clauses.keys, where: clauses.parts.join(' and '), values: clauses.values };
}

/** Minor units in one of a document's currency. */
const listed = (digits: number) =>
  Intl.supportedValuesOf('currency')
    .filter((code) => currencyDigits(code) === digits)
    .map((code) => `'${code}'`)
    .join(', ');
const UNITS = `case when d.currency in (${listed(0)}) then 1 when d.currency in (${listed(3)}) then 1000 else 100 end`;

function addTab(clauses: Clauses, { tabs }: DocumentType, name: string | null, today: string): void {
  const tab = tabs.find((tab) => tab.name === name);
  if (!tab) return;
  clauses.say(`${tab.name}_`, `d.state in (${tab.states.map((state) => `'${state}'`).join(', ')})`);
  if (tab.late) clauses.add('d', 'd.due_on < ?', today);
}

/** Documents with a word that begins so. U+10FFFF comes after every character that can follow. */
function addWord(clauses: Clauses, word: string): void {
  clauses.values.push(word.toLowerCase(), `${word.toLowerCase()}\u{10ffff}`);
  const n = clauses.values.length;
  const words = `select w.document_id from document_words w where w.organization_id = $1 and w.word >= $${n - 1} and w.word < $${n}`;
  clauses.say('q', `d.id in (${words})`);
}

function addAfter(clauses: Clauses, { sort, turned, after }: ListFilter): void {
  const { by, down } = SORTS[sort];
  const than = down === turned ? '>' : '<';
  if (by === 'd.id') return clauses.add('b', `d.id ${than} ?`, after);
  const last = `select ${by}, d.id from documents d where d.organization_id = $1 and d.id = ?`;
  clauses.add('b', `(${by}, d.id) ${than} (${last})`, after);
}
