import type { Actor, Query } from '../../db/scope.js';
import { finds } from '../../db/planner.js';

/** Counts go up to here: "100+". */
export const MOST_COUNTED = 100;
/** So many rows of a word itself, and of words that begin with it, are looked at, the newest of each first. */
const STAFF_LOOKS = 500;
/** Row security looks at the subject of each. */
const PARTNER_LOOKS = 200;

/** What a query of a search brings: its first rows, each with how many there are, up to one more than are counted. */
export interface Counted {
  n: number;
}

/** A table of words, and what its rows are rows of. */
interface WordTable {
  name: string;
  /** The column that leads its index, and the values of it that are looked through one after the other. */
  by: string;
  kinds: string[];
  /** The columns that name what was found, the one that its index ends with first. */
  id: string;
  /** The condition that another row of words `o` is of the same. */
  same: string;
}

/** One word is the beginning of another from here to before `last`. U+10FFFF sorts after all that can follow it. */
const last = (word: string) => `${word}\u{10ffff}`;

/** Collects values, the organization first: `add` returns the placeholder. */
class Values {
  readonly list: unknown[];
  constructor({ organization_id }: Actor) {
    this.list = [organization_id];
  }
  add(value: unknown): string {
    return `$${this.list.push(value)}`;
  }
}

/** SQL: without what the other side says among itself, so that the index of a side is used. */
export const READ = {
  staff: `w.audience <> 'partner'`,
  partner: `w.audience <> 'staff'`,
  system: 'true',
} as const;

const quoted = (names: string[]) => names.map((name) => `'${name}'`).join(', ');

/**
 * SQL for a from-clause: the keys `w` of what holds words that begin with all of these. It goes by the longest, which is
 * likely to be the rarest, and looks at a bounded number of its rows, whatever the organization's size. `counts`: in no
 * order.
 */
function holding(actor: Actor, values: Values, table: WordTable, words: string[], counts = false): string {
  const [longest = '', ...others] = words.toSorted((a, b) => b.length - a.length);
  const own = actor.side === 'partner' ? `and w.partner_id = ${values.add(actor.partner_id)}` : '';
  const [from, to] = [values.add(longest), values.add(last(longest))];
  const read = table.name === 'part_words' ? `and ${READ[actor.side]}` : '';
  const rows = (of: string, more: string) => `select ${table.id} from ${table.name} w
    where w.organization_id = $1 ${own} ${read} and w.${table.by} ${of} and ${more}`;
  const looks = actor.side === 'partner' ? PARTNER_LOOKS : STAFF_LOOKS;
  const [key = ''] = table.id.split(', ');
  const inTurn = `(${rows('= k.kind', `w.word = ${from}`)} order by ${key} desc limit ${looks})
    union all (${rows('= k.kind', `w.word > ${from} and w.word < ${to}`)} order by w.word desc, ${key} desc limit ${looks})`;
  const found = counts
    ? `${rows(`in (${quoted(table.kinds)})`, `w.word >= ${from} and w.word < ${to}`)} limit ${2 * looks}`
    : `select w.* from unnest(array[${quoted(table.kinds)}]) k (kind) cross join lateral (${inTurn}) w`;
  const alike = others.map(
    (other) =>
      `and ${finds(`${table.name} o where o.organization_id = $1 and ${table.same}
      and o.word >= ${values.add(other)} and o.word < ${values.add(last(other))}`)}`,
  );
  return `(select distinct ${table.id} from (${found}) w where true ${alike.join(' ')}) w`;
}

/** Parts of subjects, of one kind. */
const partWords = (part: 'line' | 'comment' | 'file' | 'person'): WordTable => ({
  ...{ name: 'part_words', by: 'part', kinds: [part], id: 'w.id, w.subject_id' },
  same: 'o.subject_id = w.subject_id and o.id = w.id',
});

/** Subjects of these kinds. */
const subjectWords = (kinds: string[]): WordTable => ({
  ...{ name: 'subject_words', by: 'kind', kinds, id: 'w.subject_id', same: 'o.subject_id = w.subject_id' },
});

/** The name of a prepared statement: one name, one text. */
const nameOf = (name: string, actor: Actor, words: string[], size: number) =>
  `search_${name}_${actor.side}_${words.length}_${size}`;

/** SQL: the newest of what was found, and as `n` how many there are, up to one more than are counted. */
const first = (rows: string, size: number) => `select f.*, (count(*) over ())::integer as n
  from (${rows} limit ${MOST_COUNTED + 1}) f order by f.id desc limit ${size}`;

/** Where something was found: the subject that it belongs to. */
export interface OfSubject extends Counted {
  id: string;
  subject_id: string;
  kind: string;
  number: string | null;
  subject_title: string;
}

export interface FoundLine extends OfSubject {
  description: string;
  quantity: string;
  unit: string;
  unit_price: string;
  amount: number;
  currency: string;
}

/** Lines of documents that were sent. Amounts in minor units, quantities and prices as decimals. */
export function foundLines(actor: Actor, words: string[], size: number): Query<FoundLine> {
  const values = new Values(actor);
  const rows = `select w.id, w.subject_id, l.description, l.quantity::text, l.unit, l.unit_price::text, l.amount
    from ${holding(actor, values, partWords('line'), words)}
      cross join lateral (select * from lines l where l.organization_id = $1
        and l.document_id = w.subject_id and l.id = w.id limit 1) l`;
  const columns = `f.*, s.kind, s.number, s.title as subject_title, d.currency`;
  return {
    name: nameOf('lines', actor, words, size),
    text: `select ${columns} from (${first(rows, size)}) f ${SUBJECT}
      cross join lateral (select d.currency from documents d
        where d.organization_id = $1 and d.id = f.subject_id limit 1) d`,
    values: values.list,
  };
}

const SUBJECT = `cross join lateral (select s.kind, s.number, s.title from subjects s
  where s.organization_id = $1 and s.id = f.subject_id limit 1) s`;

export interface FoundComment extends OfSubject {
  body: string;
  author: string | null;
  internal: boolean;
  created_at: Date;
}

/** Messages, among them notes of the reader's own side. Of each the part that holds the word is shown. */
export function foundComments(actor: Actor, words: string[], size: number): Query<FoundComment> {
  const values = new Values(actor);
  const rows = `select w.id, w.subject_id, left(concat_ws(': ', nullif(c.title, ''), c.body), 4000) as body, c.person_id,
      c.audience <> 'shared' as internal, c.created_at
    from ${holding(actor, values, partWords('comment'), words)}
      cross join lateral (select * from comments c where c.organization_id = $1 and c.id = w.id limit 1) c`;
  const reader = `${values.add(actor.side === 'partner' ? actor.partner_id : null)}::uuid`;
  return {
    name: nameOf('comments', actor, words, size),
    text: `select f.*, s.kind, s.number, s.title as subject_title,
        shown_author($1, ${reader}, f.subject_id, s.kind, 'comment', f.person_id, (select p.name from people p
          where p.organization_id = $1 and p.id = f.person_id)) as author
      from (${first(rows, size)}) f ${SUBJECT}`,
    values: values.list,
  };
}

export interface FoundFile extends OfSubject {
  name: string;
  size: number;
  created_at: Date;
}

/** Files by their names. */
export function foundFiles(actor: Actor, words: string[], size: number): Query<FoundFile> {
  const values = new Values(actor);
  const rows = `select w.id, w.subject_id, x.name, x.size, x.created_at
    from ${holding(actor, values, partWords('file'), words)}
      cross join lateral (select * from files x where x.organization_id = $1 and x.id = w.id limit 1) x`;
  return {
    name: nameOf('files', actor, words, size),
    text: `select f.*, s.kind, s.number, s.title as subject_title from (${first(rows, size)}) f ${SUBJECT}`,
    values: values.list,
  };
}

export interface FoundPerson extends Counted {
  id: string;
  name: string;
  email: string;
  title: string;
  photo_sha256: string | null;
  partner_id: string | null;
  partner: string | null;
}

/** Contacts, and who works here; for contacts, their colleagues. */
export function foundPeople(actor: Actor, words: string[], size: number): Query<FoundPerson> {
  const values = new Values(actor);
  const rows = `select w.id, p.name, p.email, p.title, p.photo_sha256, p.partner_id
    from ${holding(actor, values, partWords('person'), words)}
      cross join lateral (select * from people p
        where p.organization_id = $1 and p.id = w.id and p.removed_at is null limit 1) p`;
  return {
    name: nameOf('people', actor, words, size),
    text: `select f.*, (select o.name from partners o where o.organization_id = $1 and o.id = f.partner_id) as partner
      from (${first(rows, size)}) f`,
    values: values.list,
  };
}

export interface FoundSubject extends Counted {
  id: string;
  kind: string;
  number: string | null;
  title: string;
  state: string;
  partner: string | null;
}

/** Subjects of these kinds: projects, tasks and what else has no list of documents. */
export function foundSubjects(actor: Actor, kinds: string[], words: string[], size: number): Query<FoundSubject> {
  const values = new Values(actor);
  const table = subjectWords(kinds);
  const rows = `select s.id, s.kind, s.number, s.title, s.state, s.partner_id
    from ${holding(actor, values, table, words)}
      cross join lateral (select * from subjects s where s.organization_id = $1 and s.id = w.subject_id limit 1) s`;
  return {
    name: nameOf(`subjects_${kinds.join('_')}`, actor, words, size),
    text: `select f.id, f.kind, f.number, f.title, f.state, f.n,
        (select o.name from partners o where o.organization_id = $1 and o.id = f.partner_id) as partner
      from (${first(rows, size)}) f`,
    values: values.list,
  };
}

/** How many documents of these types hold the words, up to one more than are counted. */
export function countDocuments(actor: Actor, types: string[], words: string[]): Query<Counted> {
  const values = new Values(actor);
  return {
    name: nameOf(`documents_${types.length}`, actor, words, types.length ? 1 : 0),
    text: `select count(*)::integer as n from (
      select from ${holding(actor, values, subjectWords(types), words, true)}
        cross join lateral (select from documents d where d.organization_id = $1 and d.id = w.subject_id limit 1) d
      limit ${MOST_COUNTED + 1}) f`,
    values: values.list,
  };
}

/** How many partners hold the words, up to one more than are counted. */
export function countPartners(actor: Actor, words: string[]): Query<Counted> {
  const values = new Values(actor);
  const [longest = '', ...others] = words.toSorted((a, b) => b.length - a.length);
  const starts = (word: string) => `>= ${values.add(word)} and w.word < ${values.add(last(word))}`;
  const rows = `select w.partner_id from partner_words w
    where w.organization_id = $1 and w.word ${starts(longest)} limit ${2 * STAFF_LOOKS}`;
  const alike = others.map(
    (word) =>
      `and ${finds(`partner_words w where w.organization_id = $1 and w.partner_id = f.partner_id and w.word ${starts(word)}`)}`,
  );
  return {
    name: nameOf('partners', actor, words, 0),
    text: `select count(*)::integer as n from (
      select distinct f.partner_id from (${rows}) f where true ${alike.join(' ')} limit ${MOST_COUNTED + 1}) f`,
    values: values.list,
  };
}
