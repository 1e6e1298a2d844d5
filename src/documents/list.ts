import type { Actor, Query } from '../db/scope.js';
import { OPEN } from './sums.js';
import type { DocumentType } from '../document_types/index.js';

export const PAGE_SIZE = 50;

/** A document as a line of a list. Amounts in minor units, days as ISO 8601. */
export interface ListedDocument {
  id: string;
  type: string;
  number: string | null;
  state: string;
  title: string;
  issued_on: string;
  due_on: string | null;
  currency: string;
  total: number;
  open: number;
  paying: boolean;
  /** Null for what goes to many. */
  partner: string | null;
  started_by: 'staff' | 'partner';
  pay_on: string | null;
  changes_proposed: boolean;
}

/** What a list is narrowed to; null: not by this. `before` is the id of the last document of the page before. */
export interface Narrowing {
  show: 'all' | 'outstanding' | 'overdue';
  state: string | null;
  partner_id: string | null;
  words: string[] | null;
  before: string | null;
}

/** The states of a type in which the other side owes something, as SQL: 'sent', 'partly_paid'. They are names in our own code. */
export const owedStates = ({ looks, startedBy }: DocumentType) =>
  Object.entries(looks)
    .filter(([, { waits }]) => waits && waits !== startedBy)
    .map(([state]) => `'${state}'`)
    .join(', ');

/** The columns of `ListedDocument`, for documents `d` of partners `p`. */
export const LISTED = `d.id, d.type, d.number, d.state, d.title, d.issued_on, d.due_on, d.currency, d.total, d.started_by, d.pay_on, d.proposed is not null as changes_proposed, p.name as partner,
  ${OPEN} as open,
  exists (select from payments e where e.organization_id = d.organization_id and e.document_id = d.id and e.state = 'processing') as paying
  from documents d left join partners p on p.organization_id = d.organization_id and p.id = d.partner_id`;

/** A clause that is used if its value is not null; `?` stands for the value, `key` is its letter in the statement's name. */
interface Clause {
  key: string;
  sql: string;
  value: unknown;
}

/** One page of a type's documents, newest first, and one more to see whether there is a next page. */
export function documentList(actor: Actor, type: DocumentType, narrowing: Narrowing, today: string): Query<ListedDocument> {
  const { show, state, partner_id, words, before } = narrowing;
  const owed = `d.state in (${owedStates(type)})`;
  const clauses: Clause[] = [
    { key: '', sql: 'd.organization_id = ?', value: actor.organization_id },
    { key: '', sql: 'd.type = ?', value: type.name },
    { key: 'p', sql: 'd.partner_id = ?', value: actor.side === 'partner' ? actor.partner_id : partner_id },
    { key: 'o', sql: `${owed} and ?::boolean`, value: show === 'outstanding' || null },
    { key: 'l', sql: `${owed} and d.due_on < ?`, value: show === 'overdue' ? today : null },
    { key: 's', sql: 'd.state = ?', value: state },
    { key: 'q', sql: `concat_ws(' ', d.number, d.title, p.name) ilike all (?::text[])`, value: words?.map(pattern) ?? null },
    { key: 'b', sql: 'd.id < ?', value: before },
  ];
  const used = clauses.filter(({ value }) => value !== null);
  const where = used.map(({ sql }, index) => sql.replace('?', `$${index + 1}`)).join(' and ');
  return {
    name: `list_${type.name}_${used.map(({ key }) => key).join('')}`,
    text: `select ${LISTED} where ${where} order by d.id desc limit ${PAGE_SIZE + 1}`,
    values: used.map(({ value }) => value),
  };
}

/** What was typed into a search, as at most six words; null if it is empty. */
export function wordsIn(typed: string): string[] | null {
  const words = typed.slice(0, 200).split(/\s+/).filter(Boolean).slice(0, 6);
  return words.length ? words : null;
}

/** A word anywhere in a text, for `ilike`: what has a meaning there is taken as it stands. */
export const pattern = (word: string) => `%${word.replace(/[\\%_]/g, '\\$&')}%`;
