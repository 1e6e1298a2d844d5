import { type Actor, type Query, read } from '../../db/scope.js';
import { finds } from '../../db/planner.js';
import { usualInvoice } from '../../document_types/relations.js';
import type { RequestContext } from '../shared/request_context.js';
import { READ } from './part_queries.js';

/** In shorter words one letter is a large part. */
const SHORTEST = 5;
/** Longer ones would take too many look-ups, and so would more words. */
const LONGEST = 12;
const MOST_WORDS = 2;
const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

/**
 * What a word may have been meant to be: itself, and what one slip makes of it, the likeliest first: two letters changed
 * places, one too many, another one, one left out. The first letter is thought to be right, and so are numbers.
 */
export function slips(word: string): string[] {
  const letters = Array.from(word);
  if (letters.length < SHORTEST || letters.length > LONGEST || /\d/.test(word)) return [word];
  const places = letters.map((_, i) => i).slice(1);
  const put = (i: number, count: number, ...by: string[]) => letters.toSpliced(i, count, ...by).join('');
  const swapped = places.slice(0, -1).map((i) => put(i, 2, letters[i + 1] ?? '', letters[i] ?? ''));
  const without = places.map((i) => put(i, 1));
  const other = places.flatMap((i) => Array.from(LETTERS, (letter) => put(i, 1, letter)));
  const left = [...places, letters.length].flatMap((i) => Array.from(LETTERS, (letter) => put(i, 0, letter)));
  return [...new Set([word, ...swapped, ...without, ...other, ...left])];
}

/** Beside people, partners and lines: the kinds among whose names and titles a slip is looked for. */
const NAMED = ['project', 'task', usualInvoice.name];

/** Which of some words begin one that the reader may see, by one look-up each in an index. */
function known(actor: Actor, words: string[]): Query<{ word: string }> {
  const own = actor.side === 'partner' ? 'and w.partner_id = $3' : '';
  const starts = `w.word >= c.word and w.word < c.word || U&'\\+10FFFF'`;
  const part = (name: string) =>
    finds(`part_words w
      where w.organization_id = $1 ${own} and ${READ[actor.side]} and w.part = '${name}' and ${starts}`);
  const subject = (kind: string) =>
    finds(`subject_words w where w.organization_id = $1 ${own} and w.kind = '${kind}' and ${starts}`);
  const partner = finds(`partner_words w where w.organization_id = $1 and ${starts}`);
  const wheres = [...(actor.side === 'partner' ? [] : [partner]), part('person'), part('line'), ...NAMED.map(subject)];
  return {
    name: `search_known_${actor.side}`,
    text: `select c.word from unnest($2::text[]) c (word) where ${wheres.join(' or ')}`,
    values: [actor.organization_id, words, ...(own ? [actor.partner_id] : [])],
  };
}

/** The words that are near to these and known to the reader; null if one isn't near to any, or all are known. */
export async function nearWords({ db, actor }: RequestContext, words: string[]): Promise<string[] | null> {
  const tried = words.map((word, i) => (i < MOST_WORDS ? slips(word) : [word]));
  const [rows] = await read(db.pool, actor, known(actor, [...new Set(tried.flat())]));
  const found = new Set(rows.map(({ word }) => word));
  const near = tried.map((meant) => meant.find((word) => found.has(word)));
  const all = near.filter((word) => word !== undefined);
  return all.length === words.length && all.some((word, i) => word !== words[i]) ? all : null;
}
