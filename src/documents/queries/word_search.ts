/** Up to so many rows with a word are looked up; of more, enough are among the first of the list. */
const FEW = 1000;

/** Several words are counted further, to find by the rarest of them. */
const RANKED = 3000;

/** SQL for a list of rows that hold all words of a search. */
interface WordSearch {
  /** Goes before the query. */
  with: string;
  /** The condition that looks the rows up by the rarest word; false if none is rare. */
  rare: string;
  /** The ids of the same rows, as an array, of which those that hold the `other` words are meant; null if none is rare. */
  found: { ids: string; other: string };
  /** The condition on rows as the list comes to them, if no word is rare; else false. */
  common: string;
  /** For each word: whether it is the rarest, and none is rare; and the condition on rows that hold it. */
  leads: { leads: string; others: string }[];
}

/**
 * How rare a word is differs from organization to organization, and the planner can't know. So it is counted, as far as
 * it matters, and one of two ways is taken. `words`: for each word, SQL of the rows of a table of words `w` that begin
 * with it. `key`: the id of a row of the list, and of its words.
 */
export function wordSearch(words: string[], key: { id: string; in: string }): WordSearch {
  const counts = words.map(
    (found, i) => `(select count(*) from (${found} limit ${(words.length > 1 ? RANKED : FEW) + 1}) c) as n${i}`,
  );
  const names = words.map((_, i) => `n${i}`).join(', ');
  const lookups = words.map((rows, i) => `when (select n${i} from counted) then array(${rows})`).join(' ');
  const each = words.map((found) => `(${found} and ${key.in} = ${key.id} limit 1) is not null`);
  const contains = each.join(' and ');
  const least = `(select least(${names}) from counted)`;
  const first = `(select case least(${names}) ${words.map((_, i) => `when n${i} then ${i}`).join(' ')} end from counted)`;
  const ids = `case ${least} ${lookups} end`;
  return {
    with: `with counted as materialized (select ${counts.join(', ')})`,
    rare: `${least} <= ${FEW} and ${key.id} = any (${ids}) and ${contains}`,
    found: { ids: `case when ${least} <= ${FEW} then ${ids} end`, other: words.length > 1 ? contains : 'true' },
    common: `${least} > ${FEW} and ${contains}`,
    leads: words.map((_, i) => ({
      leads: `${least} > ${FEW} and ${first} = ${i}`,
      others: ['true', ...each.toSpliced(i, 1)].join(' and '),
    })),
  };
}
