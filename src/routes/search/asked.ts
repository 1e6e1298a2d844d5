import type { Request } from 'express';
import { z } from 'zod';
import { searchWords } from '../../documents/queries/list.js';
import { readNumber } from '../../input/read_number.js';
import { textParam } from '../shared/params.js';

/** What a search can be narrowed to, in the order in which it is shown. */
export const SCOPES = ['documents', 'partners', 'people', 'work', 'lines', 'messages', 'files'] as const;
export type Scope = (typeof SCOPES)[number];

/** What somebody looks for. */
export interface Asked {
  /** As it was typed. */
  typed: string;
  /** Its words, small and without accents. */
  words: string[];
  /** A total as a decimal, if it can be read as an amount in the reader's locale. */
  amount: string | null;
  /** Null: everything. */
  scope: Scope | null;
}

const Params = z.object({ q: textParam, in: z.enum(SCOPES).nullable().catch(null) });

/** A currency's sign or code, before an amount or after it. */
const CURRENCY = /^(?:\p{Sc}|[A-Z]{3}\s)\s*|\s*(?:\p{Sc}|\s[A-Z]{3})$/gu;

/** Reads the address of a search: `q`, and `in` for one scope. */
export function readAsked({ query }: Pick<Request, 'query'>, locale: string): Asked {
  const { q: typed, in: scope } = Params.parse(query);
  const amount = readNumber(typed.replace(CURRENCY, ''), locale);
  return { typed, words: searchWords(typed) ?? [], amount: amount?.startsWith('-') ? null : amount, scope };
}
