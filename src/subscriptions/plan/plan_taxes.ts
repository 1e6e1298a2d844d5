import Big from 'big.js';
import type { Knex } from 'knex';
import { type Actor, queryPrepared } from '../../db/scope.js';
import { usualInvoice } from '../../document_types/relations.js';
import { contentInput } from '../../document_types/shared/inputs.js';
import type { LineTax } from '../../documents/content/content.js';
import { takeTaxes } from '../../documents/taxes/line_taxes.js';
import { type DefaultTaxes, defaultTaxes } from '../../documents/taxes/partner_taxes.js';
import { decidedSeries, lineTax, ratesOn, readTaxRates, type TaxRate } from '../../documents/taxes/tax_rates.js';
import { Invalid } from '../../errors.js';
import type { GivenPlanLine, NewPlan } from '../../subjects/subscription/plan_input.js';
import type { PlanLine } from '../subscription.js';

type Given = Pick<NewPlan['content'], 'partner_taxes'> & { lines: readonly GivenPlanLine[] };

/**
 * The lines with the taxes that they name, or that the customer pays: of each series the one of that day. Keeps what was
 * answered of the customer. @throws Invalid by path
 */
export async function takePlanTaxes(
  db: Knex.Transaction,
  actor: Actor,
  partner_id: string,
  { lines, partner_taxes }: Given,
  day: string,
): Promise<PlanLine[]> {
  const rates = await readTaxRates(db, actor);
  const given = lines.map(({ taxes, ...line }) => ({ ...line, taxes: Array.isArray(taxes) ? onDay(taxes) : taxes }));
  const content = contentInput.parse({ issued_on: day, lines: given, partner_taxes });
  const taxed = await takeTaxes(db, actor, { type: usualInvoice, partner_id, sources: [] }, content);
  return taxed.lines.map((line) => ({ ...line, refused: false }));

  function onDay(ids: readonly string[]): string[] {
    return ids.map((id) => rateOn(rates, id, day)?.id ?? id);
  }
}

function rateOn(rates: readonly TaxRate[], id: string, day: string): TaxRate | undefined {
  const rate = rates.find((one) => one.id === id);
  return rate && ratesOn(rates, [rate.series], day)[0];
}

/** The lines with what their taxes were on another day: only what they charge then is compared, so nothing is refused. */
export async function linesOn(
  db: Knex.Transaction,
  actor: Actor,
  lines: readonly PlanLine[],
  day: string,
): Promise<PlanLine[]> {
  const rates = await readTaxRates(db, actor);
  return lines.map((line) => {
    const found = (line.taxes ?? []).flatMap(({ id }) => rateOn(rates, id, day) ?? []);
    if (!found.length) return line;
    const tax_rate = found.reduce((sum, { percent }) => sum.plus(percent), Big(0)).toString();
    return { ...line, tax_rate, taxes: found.map(lineTax) };
  });
}

/** A line as its author gives it, by the taxes that it has. */
export const asGiven = <Line extends { taxes?: LineTax[] | undefined; tax_rate: string }>({
  taxes = [],
  tax_rate,
  ...line
}: Line) => ({ ...line, ...(taxes.length ? { taxes: taxes.map(({ id }) => id) } : { tax_rate }) });

/** @throws Invalid if a line has no tax, and nobody has said which taxes the customer pays */
export async function refuseUndecided(
  db: Knex.Transaction,
  actor: Actor,
  partner_id: string,
  lines: readonly PlanLine[],
): Promise<void> {
  if (lines.every(({ taxes = [], tax_rate }) => taxes.length || Number(tax_rate))) return;
  const rates = await readTaxRates(db, actor);
  if (!rates.length) return;
  const { text, values = [] } = defaultTaxes(actor, partner_id);
  const [found] = await queryPrepared<DefaultTaxes>(db, text, values);
  if (!decidedSeries(rates, found?.partner))
    throw new Invalid({ 'content.partner_taxes': 'Choose which tax they pay.' });
}
