import { invoice } from './invoice.js';
import type { Action, DocumentType } from './type.js';

export type { Action, DocumentType, Effect, Facts, Question, Side, Tone } from './type.js';

/** Every type of document there is. A new type is a file and a line here. */
export const types: DocumentType[] = [invoice];

/** @throws Error if there is no such type: names of types come from the database, never from outside. */
export function typeNamed(name: string): DocumentType {
  const type = types.find((type) => type.name === name);
  if (!type) throw new Error(`There is no document type "${name}".`);
  return type;
}

/** What an action needs to be known of the one who does it. */
export const assuranceFor = (action: Action, side: string) => action.needs ?? (side === 'staff' ? 'verified' : 'link');
