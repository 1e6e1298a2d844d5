/** How rows come to be or change: methods of the query builder, and words of SQL. */
interface Ways {
  methods: string;
  sql: string;
}

const INSERTS: Ways = { methods: 'insert|upsert|merge', sql: String.raw`insert\s+into|merge\s+into|copy` };
const ALL: Ways = {
  methods: `${INSERTS.methods}|update|delete|del|truncate|increment|decrement`,
  sql: String.raw`${INSERTS.sql}|update|delete\s+from|truncate(?:\s+table)?`,
};

/**
 * The files that change a table's rows, however they say it: by a query builder in one statement, by one that is kept
 * in a variable or made by a function (of any file), or by SQL of their own.
 */
export const writersOf = (table: string, sources: ReadonlyMap<string, string>) => filesThat(ALL, table, sources);

/** The same, of those that add rows. */
export const insertersOf = (table: string, sources: ReadonlyMap<string, string>) => filesThat(INSERTS, table, sources);

function filesThat(ways: Ways, table: string, sources: ReadonlyMap<string, string>): string[] {
  const codes = [...sources].map(([file, source]) => [file, codeOf(source)] as const);
  const functions = codes.flatMap(([, code]) => namesIn(code, madeBy(table)));
  const patterns = [...inPlace(table, ways), ...functions.map((name) => onward(name, '\\(', ways))];
  const variables = (code: string) => namesIn(code, keptIn(table)).map((name) => onward(name, '\\.', ways));
  return codes
    .filter(([, code]) => [...patterns, ...variables(code)].some((pattern) => pattern.test(code)))
    .map(([file]) => file)
    .toSorted();
}

/** Without comments, so that words about changes are none. */
const codeOf = (source: string) => source.replace(/\/\*[^]*?\*\/|(?<![:'"`\\])\/\/.*$/gm, '');

const namesIn = (code: string, pattern: RegExp) => [...code.matchAll(pattern)].map(([, name = '']) => name);

/** A call whose first argument is the table, perhaps under another name. */
const named = (table: string) => String.raw`\(\s*(?<quote>['"${'`'}])${table}(?: as \w+)?\k<quote>\s*[,)]`;

const inPlace = (table: string, { methods, sql }: Ways): RegExp[] => [
  new RegExp(String.raw`${named(table)}[^;]*\.(?:${methods})\(`),
  // What is changed may be said before where: `insert(row).into('documents')`, `batchInsert('documents', rows)`.
  new RegExp(String.raw`\.(?:${methods})\([^;]*\.(?:into|from|table)${named(table)}`),
  new RegExp(String.raw`\bbatchInsert${named(table)}`),
  new RegExp(String.raw`\b(?:${sql})\s+(?:only\s+)?(?:"?public"?\.)?"?${table}\b(?!\.)`, 'i'),
];

/** Variables that hold a builder of the table. */
const keptIn = (table: string) => new RegExp(String.raw`\b(?:const|let)\s+(\w+)[^=;]*=[^;]*?${named(table)}`, 'g');

/** Functions that return one: `function drafts(db) { return db('documents')… }`, or as an arrow. */
const madeBy = (table: string) => {
  const begin = String.raw`(?:export )?(?:async )?(?:function\s+|const\s+)`;
  return new RegExp(String.raw`^${begin}(\w+)(?:(?!^\}|^${begin})[^])*?${named(table)}`, 'gm');
};

/** Where a builder of that name, or one that a function of that name makes, is changed further on. */
const onward = (name: string, begin: '\\.' | '\\(', { methods }: Ways) =>
  new RegExp(String.raw`(?<!['"\w$.])${name}\s*${begin}(?:[^;]*?\.)?(?:${methods})\(`);
