/** Messages by field. */
export type Errors = Record<string, string>;
/** The fields of a form, as they were sent. */
export type Fields = Record<string, unknown>;

/** A field's trimmed value; '' if it is missing. */
export const one = (fields: Fields, name: string) => (typeof fields[name] === 'string' ? fields[name].trim() : '');

/** All values of a repeated field, which forms name with brackets. */
export const many = (fields: Fields, name: string): string[] =>
  [fields[name] ?? fields[`${name}[]`] ?? []].flat().map((value) => (typeof value === 'string' ? value.trim() : ''));
