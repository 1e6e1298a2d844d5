import type { DocumentType } from './index.js';

// Conditions on document types, as SQL. Only names from our own code become part of it.

/** "'draft', 'void'": for an SQL list. */
export const quotedNames = (names: readonly string[]) => names.map((name) => `'${name}'`).join(', ');

/** Whether the column names one of these types. */
export const isOneOf = (column: string, types: readonly DocumentType[]) =>
  types.length ? `${column} in (${quotedNames(types.map(({ name }) => name))})` : 'false';
