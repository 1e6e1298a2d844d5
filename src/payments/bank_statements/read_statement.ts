import { Invalid } from '../../errors.js';
import { decodeText } from '../../files/decode_text.js';
import { numberIn } from '../../people/getting_paid/payment_reference.js';
import { type KeyedEntry, withKeys } from './bank_entry.js';
import { readCamt } from './camt.js';
import { readCsv } from './csv.js';

const MOST_ENTRIES = 5000;

/**
 * The money that came in by a bank's file, camt.053 or CSV, in whatever encoding it names or is in. `currency`: of a CSV
 * that doesn't say; `locale`: how days are read that may be either way.
 * @throws Invalid if it can't be read
 */
export function readStatement(bytes: Buffer, currency: string, locale: string): KeyedEntry[] {
  const text = decodeText(bytes);
  const entries = /^\s*<(\?xml|\w)/.test(text) ? readCamt(text) : readCsv(text, currency, locale);
  if (entries.length > MOST_ENTRIES) throw new Invalid({ files: 'This file has too many entries: 5,000 at most.' });
  if (entries.some(({ booked_on }) => !/^\d{4}-\d\d-\d\d$/.test(booked_on)))
    throw new Invalid({ files: 'An entry in this file has no date.' });
  return withKeys(entries).map((entry) => ({ ...entry, reference: withNumbers(entry.reference) }));
}

/** With the numbers that Swiss references stand for. */
function withNumbers(reference: string): string {
  const numbers = [...reference.matchAll(/(?:\d ?){26}\d/g)].map(([found]) => numberIn(found));
  return [reference, ...numbers].filter(Boolean).join(' ');
}
