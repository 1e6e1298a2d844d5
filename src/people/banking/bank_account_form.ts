import { z } from 'zod';
import { Invalid } from '../../errors.js';
import { currency, line, readForm, required, submittedText, text } from '../form_values.js';
import { ACCOUNT_KINDS, type AccountKind, checkNumbers, COUNTRIES, NUMBER_FIELDS } from './bank_number.js';
import type { BankAccountFields } from './bank_accounts.js';

/** ISO 3166. */
export const country = line(2).refine((typed) => COUNTRIES.has(typed), 'Choose a country.');

const Account = z.object({
  currency,
  kind: z.enum(ACCOUNT_KINDS),
  holder: required(140),
  bank_name: required(140),
  country,
});

const Numbers = z.object({ account: line(60), bic: line(20), routing: line(20), details: text(500) });

/** Parses the form of a bank account. @throws Invalid by field */
export function parseBankAccount(body: unknown): BankAccountFields {
  const typed = submittedText(body);
  const kind = accountKind(typed['kind']);
  const fields = Account.safeParse({ ...typed, kind });
  const read = readForm(Numbers, typed);
  const asked = Object.fromEntries(
    Object.keys(NUMBER_FIELDS[kind]).map((name) => [name, read[name as keyof typeof read]]),
  );
  const { numbers, errors } = checkNumbers(kind, asked);
  for (const { path, message } of fields.error?.issues ?? []) errors[path.join('.')] ??= message;
  if (!fields.success || Object.keys(errors).length) throw new Invalid(errors);
  return { ...fields.data, numbers };
}

/** A kind of account by its name; without one, by IBAN. */
export const accountKind = (typed: unknown): AccountKind => ACCOUNT_KINDS.find((kind) => kind === typed) ?? 'iban';
