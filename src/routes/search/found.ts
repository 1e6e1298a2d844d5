import { type Query, read } from '../../db/scope.js';
import { documentList, type ListedDocument } from '../../documents/queries/list.js';
import type { ListFilter } from '../../documents/queries/list_clauses.js';
import { today } from '../../pages/days.js';
import { isOffered } from '../../subjects/may.js';
import { type ListedPartner, partnerList } from '../partners/partner_queries.js';
import { reachableTypes } from '../settings/modules_menu.js';
import type { RequestContext } from '../shared/request_context.js';
import type { Asked, Scope } from './asked.js';
import * as queries from './part_queries.js';

/** What was found of one kind: the first of it, and how many there are, up to one more than are counted. */
export interface Hits<Row> {
  rows: Row[];
  n: number;
}

/** What was found, by scope. */
export interface Found {
  documents: Hits<ListedDocument>;
  partners: Hits<ListedPartner>;
  people: Hits<queries.FoundPerson>;
  work: Hits<queries.FoundSubject>;
  lines: Hits<queries.FoundLine>;
  messages: Hits<queries.FoundComment>;
  files: Hits<queries.FoundFile>;
}

/** Shown of each kind among everything, and alone. */
const FEW = 3;
const MANY = 50;

/** Subjects that have no list of documents. */
const WORK = ['project', 'task', 'event', 'subscription'];

const ALL: ListFilter = {
  ...{ tab: null, state: null, labels: null, partner_id: null, project_id: null, from: null, to: null },
  ...{ least: null, most: null, words: null, sort: 'newest', turned: false, after: null },
};

/** Looks for words among everything that the reader may see, in one round trip. */
export async function find(ctx: RequestContext, words: string[], { amount, scope }: Asked): Promise<Found> {
  const { db, actor, membership } = ctx;
  const day = today(actor);
  const desk = isOffered(actor, 'desk');
  const types = reachableTypes(actor, membership);
  const size = (of: Scope) => (scope === of ? MANY : FEW);
  const documents = (filter: Partial<ListFilter>) =>
    documentList(actor, types, { ...ALL, ...filter }, day, size('documents') - 1);
  const [[count], [partnerCount], people, work, lines, messages, files, worded, partners, priced] = await read(
    db.pool,
    actor,
    queries.countDocuments(
      actor,
      types.map(({ name }) => name),
      words,
    ),
    desk ? queries.countPartners(actor, words) : nothing<queries.Counted>(),
    queries.foundPeople(actor, words, size('people')),
    queries.foundSubjects(actor, WORK, words, size('work')),
    queries.foundLines(actor, words, size('lines')),
    queries.foundComments(actor, words, size('messages')),
    queries.foundFiles(actor, words, size('files')),
    documents({ words }),
    desk
      ? partnerList(actor, { kind: null, words, after: null, archived: null }, day, size('partners') - 1)
      : nothing<ListedPartner>(),
    // An amount comes first: who types one knows what it is.
    documents(amount === null ? { words } : { least: amount, most: amount, sort: 'total' }),
  );
  const both = [...new Map([...priced, ...worded].map((row) => [row.id, row])).values()];
  return {
    documents: { rows: both.slice(0, size('documents')), n: Math.max(count?.n ?? 0, both.length) },
    partners: desk ? { rows: partners, n: Math.max(partnerCount?.n ?? 0, partners.length) } : NONE,
    ...{ people: hits(people), work: hits(work), lines: hits(lines), messages: hits(messages), files: hits(files) },
  };
}

/** In the place of a query that would find nothing in many rows. */
const nothing = <Row>(): Query<Row> => ({ name: 'search_nothing', text: 'select where false' });

const NONE = { rows: [], n: 0 };

const hits = <Row extends queries.Counted>(rows: Row[]): Hits<Row> => ({ rows, n: rows[0]?.n ?? 0 });

/** Before anything is looked for. */
export const NOTHING: Found = {
  ...{ documents: NONE, partners: NONE, people: NONE, work: NONE, lines: NONE, messages: NONE, files: NONE },
};

export const isEmpty = (found: Found): boolean => Object.values(found).every(({ n }) => n === 0);
