import Big from 'big.js';
import type { Knex } from 'knex';
import { type Actor, queryPrepared } from '../../db/scope.js';
import type { ContentInput } from '../../document_types/shared/inputs.js';
import { type DocumentType, has } from '../../document_types/index.js';
import { Invalid } from '../../errors.js';
import { formatFor } from '../../pages/format.js';
import type { LineTax } from '../content/content.js';
import { decidePartnerTaxes, type DefaultTaxes, defaultTaxes, knownRates } from './partner_taxes.js';
import { percentages, saidTaxes } from './said_taxes.js';
import {
  decidedSeries,
  haveSameTerms,
  isValidOn,
  lineTax,
  ratesOn,
  readTaxRates,
  TERMS,
  type TaxRate,
} from './tax_rates.js';

type Line = ContentInput['lines'][number];

/** An author's input, with the taxes of each line as it keeps them. */
export type TaxedContent = Omit<ContentInput, 'lines' | 'partner_taxes' | 'untaxed'> & {
  lines: (Omit<Line, 'taxes' | 'tax_rate'> & { tax_rate: string; taxes: LineTax[] })[];
};

/** Whether lines of these documents have the organization's taxes: on others, vendors say theirs. */
export const namesTaxes = (type: DocumentType): boolean =>
  !has(type, 'unpriced') && (type.partner === 'customer' || type.billedBy !== undefined);

/** Whether taxes must be valid on the document's day: what credits an old invoice has those of then. */
export const bindsToDay = ({ owes }: DocumentType): boolean => owes !== 'credit';

interface Owner {
  type: DocumentType;
  partner_id: string | null;
  /** The document itself, and what it is made from: vendors' lines keep what these say. */
  sources: readonly (string | null)[];
}

/**
 * The taxes of the lines by their ids, or those that the partner pays where a line says nothing; keeps what was answered
 * of the partner. @throws Invalid by path for a tax that is unknown, or not valid on the document's day
 */
export async function takeTaxes(
  db: Knex.Transaction,
  actor: Actor,
  owner: Owner,
  content: ContentInput,
): Promise<TaxedContent> {
  const { taxed, used, answer } = await resolved(db, actor, owner, content);
  const unused = used.filter((rate) => !rate.used).map(({ id }) => id);
  const { organization_id } = actor;
  if (unused.length) await keepForGood(db, String(organization_id), unused, used);
  const { partner_id, type } = owner;
  if (answer && partner_id) await decidePartnerTaxes(db, actor, { partner_id, side: type.partner }, answer);
  return taxed;
}

/** The same, changing nothing. */
export const readTaxes = async (
  db: Knex.Transaction,
  actor: Actor,
  owner: Owner,
  content: ContentInput,
): Promise<TaxedContent> => (await resolved(db, actor, owner, content)).taxed;

/** From now on they don't change. @throws Invalid if one has been changed since it was read */
async function keepForGood(
  db: Knex.Transaction,
  organization_id: string,
  ids: string[],
  read: readonly TaxRate[],
): Promise<void> {
  const rows = await db('tax_rates')
    .where({ organization_id })
    .whereIn('id', ids)
    .update({ used_at: db.raw('coalesce(used_at, app_now())') })
    .returning(['id', ...TERMS]);
  const same = (row: TaxRate) => read.some((rate) => rate.id === row.id && haveSameTerms(rate, row));
  if (rows.length < ids.length || !rows.every(same))
    throw new Invalid({ form: 'Somebody just changed a tax. Check the taxes and save again.' });
}

interface Resolved {
  taxed: TaxedContent;
  used: TaxRate[];
  /** What was said of the partner; null: nothing. */
  answer: TaxRate[] | null;
}

async function resolved(db: Knex.Transaction, actor: Actor, owner: Owner, content: ContentInput): Promise<Resolved> {
  const { partner_taxes, untaxed: _untaxed, lines, ...fields } = content;
  const plain = ({ taxes, tax_rate }: Line) => !taxes && tax_rate !== undefined;
  if (!namesTaxes(owner.type))
    return { taxed: await saidTaxes(db, actor, owner.sources, content), used: [], answer: null };
  if (!partner_taxes && lines.every(plain))
    return { taxed: { ...fields, lines: percentages(lines) }, used: [], answer: null };
  const rates = await readTaxRates(db, actor);
  const answer = partner_taxes ? knownRates(rates, partner_taxes, 'content.partner_taxes') : null;
  const usual = answer ?? (await usualRates(db, actor, owner, content, rates));
  const chosen = lines.map((line, n) => ratesOfLine(line, { rates, usual, path: `content.lines.${n}.taxes` }));
  const high = chosen.findIndex((rates) => percentOf(rates).gt(100));
  if (high >= 0) throw new Invalid({ [`content.lines.${high}.taxes`]: 'Together, these taxes exceed 100%.' });
  if (bindsToDay(owner.type)) refuseInvalid(chosen, fields.issued_on, actor);
  const taxed = lines.map(({ tax_rate, ...line }, n) => withRates(line, chosen[n] ?? [], tax_rate ?? '0'));
  return { taxed: { ...fields, lines: taxed }, used: [...new Set(chosen.flat())], answer };
}

async function usualRates(
  db: Knex.Transaction,
  actor: Actor,
  { partner_id, type }: Owner,
  { issued_on }: ContentInput,
  rates: readonly TaxRate[],
): Promise<TaxRate[]> {
  if (!rates.length || !partner_id) return [];
  const { text, values = [] } = defaultTaxes(actor, partner_id, type.partner);
  const [found] = await queryPrepared<DefaultTaxes>(db, text, values);
  return ratesOn(rates, decidedSeries(rates, found?.partner) ?? [], issued_on);
}

function ratesOfLine(
  { taxes, tax_rate }: Line,
  { rates, usual, path }: { rates: readonly TaxRate[]; usual: TaxRate[]; path: string },
): TaxRate[] {
  if (Array.isArray(taxes)) return knownRates(rates, taxes, path);
  return taxes === 'partner' || tax_rate === undefined ? usual : [];
}

/** What several taxes come to. */
export const percentOf = (rates: readonly TaxRate[]) => rates.reduce((sum, { percent }) => sum.plus(percent), Big(0));

/** @throws Invalid for each line with a tax that is not valid on the day */
function refuseInvalid(chosen: readonly TaxRate[][], day: string, { locale, time_zone }: Actor): void {
  const wrong = chosen.flatMap((rates, line) => {
    const rate = rates.find((one) => !isValidOn(one, day));
    return rate ? [{ line, rate }] : [];
  });
  const [first] = wrong;
  if (!first) return;
  const errors = wrong.map(({ line }) => [`content.lines.${line}.taxes`, NOT_VALID] as const);
  throw new Invalid(Object.fromEntries(errors), {
    tax: first.rate.name,
    date: formatFor({ locale, time_zone }).date(day),
  });
}

export const NOT_VALID = '“{{tax}}” isn’t valid on {{date}}. Choose another tax, or another date.';

const withRates = (
  line: Omit<Line, 'tax_rate'>,
  rates: readonly TaxRate[],
  typed: string,
): TaxedContent['lines'][number] => ({
  ...line,
  tax_rate: rates.length ? percentOf(rates).toString() : typed,
  taxes: rates.map(lineTax),
});
