import Big from 'big.js';
import type { Knex } from 'knex';
import { type Actor, queryPrepared } from '../../db/scope.js';
import type { ContentInput } from '../../document_types/shared/inputs.js';
import { Invalid } from '../../errors.js';
import { translatorFor } from '../../pages/i18n.js';
import type { LineTax } from '../content/content.js';
import type { TaxedContent } from './line_taxes.js';
import { TAX_CATEGORIES } from './tax_rates.js';

type Line = ContentInput['lines'][number];

/** The taxes of a document's lines, and of those that it was made from, by the ids of the lines. */
type KnownTaxes = ReadonlyMap<string, LineTax[]>;

const KNOWN = `select id, taxes from lines
  where organization_id = $1 and document_id = any($2::uuid[]) and taxes <> '[]'::jsonb`;

/**
 * The lines of a vendor's document, who says percentages: one keeps the taxes that it had, or has in what it bills, as
 * long as they come to its percentage. Lines without any say why, if the vendor does. @throws Invalid for a named tax
 */
export async function saidTaxes(
  db: Knex.Transaction,
  actor: Actor,
  sources: readonly (string | null)[],
  { lines, partner_taxes: _answer, untaxed, ...fields }: ContentInput,
): Promise<TaxedContent> {
  const ids = sources.filter((id) => id !== null);
  const values = [actor.organization_id, ids];
  const rows = ids.length ? await queryPrepared<{ id: string; taxes: LineTax[] }>(db, KNOWN, values) : [];
  const known = new Map(rows.map(({ id, taxes }) => [id, taxes]));
  const why = untaxed ? [untaxedBecause(untaxed, actor)] : null;
  const plain = percentages(lines);
  return { ...fields, lines: plain.map((line) => ({ ...line, taxes: taxesOf(line, known, why) })) };
}

function taxesOf(line: TaxedContent['lines'][number], known: KnownTaxes, why: LineTax[] | null): LineTax[] {
  if (why && Number(line.tax_rate) === 0) return why;
  const former = [line.id, line.origin_line].map((id) => known.get(id ?? '') ?? []);
  return former.find((taxes) => taxes.length && !taxes.some(isSaid) && sumOf(taxes).eq(line.tax_rate)) ?? [];
}

const sumOf = (taxes: readonly LineTax[]) => taxes.reduce((sum, { rate }) => sum.plus(rate), Big(0));

/** Whether a vendor said it: it is no tax of the organization's. */
export const isSaid = ({ id }: LineTax): boolean => id === '';

const untaxedBecause = ({ category, note }: NonNullable<ContentInput['untaxed']>, { locale }: Actor): LineTax => ({
  ...{ id: '', name: translatorFor(locale)(TAX_CATEGORIES[category]), rate: '0', category, note },
});

/** @throws Invalid for a line with named taxes */
export function percentages(lines: readonly Line[]): TaxedContent['lines'] {
  const named = lines.findIndex(({ taxes }) => Array.isArray(taxes) && taxes.length > 0);
  if (named >= 0) throw new Invalid({ [`content.lines.${named}.taxes`]: 'Enter a percentage here.' });
  return lines.map(({ tax_rate = '0', taxes: _taxes, ...line }) => ({ ...line, tax_rate, taxes: [] }));
}
