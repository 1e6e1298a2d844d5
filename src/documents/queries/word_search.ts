/** Up to so many rows with a word are looked up; of more, enough are among the first of the list. */
const FEW = 1000;

/** SQL for a list of rows that hold all words of a search. */
interface WordSearch {
  /** Goes before the query. */
  with: string;
  /** The condition that looks the rows up by the rarest word; false if none is rare. */
  rare: string;
  /** The condition on rows as the list comes to them, if no word is rare; else false. */
  common: string;
  /** The same for rows that hold the first word already. */
  others: string;
}

/**
 * How rare a word is differs from organization to organization, and the planner can't know. So it is counted, as far as
 * it matters, and one of two ways is taken. `words`: for each word, SQL of the rows of a table of words `w` that begin
 * with it. `key`: the id of a row of the list, and of its words.
 */
export function wordSearch(words: string[], key: { id: string; in: string }): WordSearch {
  const counts = words.map((found, i) => `(select count(*) from (${found} limit ${FEW + 1}) c) as n${i}`);
  const names = words.map((_, i) => `n${i}`).join(', ');
  const lookups = words.map((found, i) => `when (select n${i} from counted) then array(${found})`).join(' ');
  const each = words.map((found) => `(${found} and ${key.in} = ${key.id} limit 1) is not null`);
  const contains = each.join(' and ');
  const least = `(select least(${names}) from counted)`;
  return {
    with: `with counted as materialized (select ${counts.join(', ')})`,
    rare: `${least} <= ${FEW} and ${key.id} = any (case ${least} ${lookups} end) and ${contains}`,
    common: `${least} > ${FEW} and ${contains}`,
    others: [`${least} > ${FEW}`, ...each.slice(1)].join(' and '),
  };
}
