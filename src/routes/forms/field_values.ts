import { parseDecimal } from '../../documents/content/decimals.js';

/** The fields of a form, as they were sent. */
export type Fields = Record<string, unknown>;

/** A field's trimmed value; '' if it is missing. */
export const one = (fields: Fields, name: string) => (typeof fields[name] === 'string' ? fields[name].trim() : '');

/** All values of a repeated field, which forms name with brackets. */
export const many = (fields: Fields, name: string): string[] =>
  [fields[name] ?? fields[`${name}[]`] ?? []].flat().map((value) => (typeof value === 'string' ? value.trim() : ''));

/** Stands for what could not be read as a number, so that no schema takes it. */
const UNREADABLE = null;

/** A typed number as a decimal string; undefined if nothing was typed. */
export const decimalIn = (typed: string, locale: string): string | null | undefined =>
  typed === '' ? undefined : (parseDecimal(typed, locale) ?? UNREADABLE);
