import { z } from 'zod';
import { Invalid } from '../../errors.js';
import { currency, line, readForm, required, submittedText, text } from '../form_values.js';
import { ACCOUNT_KINDS, type AccountKind, checkNumbers, COUNTRIES, NUMBER_FIELDS } from './bank_number.js';
import type { BankAccountFields, PartnerAccountFields } from './bank_accounts.js';

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

/** Parses the form of a partner's account: in the US, it says whose it is. @throws Invalid by field */
export function parsePartnerAccount(body: unknown): PartnerAccountFields {
  const { kind, holder_type = '' } = submittedText(body);
  const said = holder_type === 'company' || holder_type === 'person' ? holder_type : null;
  const errors = !said && accountKind(kind) === 'us' ? { holder_type: 'Say whose account it is.' } : {};
  return { ...parseBankAccount(body, errors), holder_type: said ?? 'company' };
}

/** Parses the form of a bank account; `wrong`: what else is wrong in it. @throws Invalid by field */
export function parseBankAccount(body: unknown, wrong: Readonly<Record<string, string>> = {}): BankAccountFields {
  const typed = submittedText(body);
  const kind = accountKind(typed['kind']);
  const fields = Account.safeParse({ ...typed, kind });
  const read = readForm(Numbers, typed);
  const asked = Object.fromEntries(
    Object.keys(NUMBER_FIELDS[kind]).map((name) => [name, read[name as keyof typeof read]]),
  );
  const { numbers, errors } = checkNumbers(kind, asked);
  Object.assign(errors, wrong);
  for (const { path, message } of fields.error?.issues ?? []) errors[path.join('.')] ??= message;
  if (!fields.success || Object.keys(errors).length) throw new Invalid(errors);
  return { ...fields.data, numbers };
}

/** A kind of account by its name; without one, by IBAN. */
export const accountKind = (typed: unknown): AccountKind => ACCOUNT_KINDS.find((kind) => kind === typed) ?? 'iban';
