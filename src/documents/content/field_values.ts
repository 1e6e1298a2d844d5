/** What a form sent, and what is wrong with it by field. */
export type Errors = Record<string, string>;
export type Fields = Record<string, unknown>;

export const one = (fields: Fields, name: string) => (typeof fields[name] === 'string' ? fields[name].trim() : '');
/** A field that comes any number of times; forms name it with brackets behind it. */
export const many = (fields: Fields, name: string): string[] =>
  [fields[name] ?? fields[`${name}[]`] ?? []].flat().map((value) => (typeof value === 'string' ? value.trim() : ''));
