import type { Knex } from 'knex';
import { queryPrepared } from '../../db/scope.js';
import { has, typeNamed } from '../../document_types/index.js';
import { Invalid } from '../../errors.js';
import { formatFor } from '../../pages/format.js';
import type { ActContext } from '../acting/document_act.js';
import type { Line, LineTax } from '../content/content.js';
import { isCounted } from '../content/totals.js';
import { bindsToDay, NOT_VALID, namesTaxes } from './line_taxes.js';
import type { TaxSide } from './partner_taxes.js';
import { decidedSeries, isValidOn, type TaxRate } from './tax_rates.js';

/** What the taxes of a document are judged by. */
interface Facts {
  lines: Pick<Line, 'taxes' | 'tax_rate' | 'choice' | 'picked' | 'refused'>[];
  rates: TaxRate[];
  name: string;
  /** What the partner pays, or charges. */
  tax_series: string[] | null;
  tax_number: string;
  own_tax_number: string;
  issued_on: string;
}

const FACTS = `select p.name, case when $4 then p.vendor_tax_series else p.tax_series end as tax_series, p.tax_number, o.tax_number as own_tax_number,
    (select issued_on from documents where organization_id = $1 and id = $2) as issued_on,
    coalesce((select json_agg(x) from (select taxes, tax_rate::text as tax_rate, choice, picked, refused from lines
      where organization_id = $1 and document_id = $2) x), '[]') as lines,
    coalesce((select json_agg(x) from (select id, series, valid_from, valid_until from tax_rates
      where organization_id = $1) x), '[]') as rates
  from organizations o left join partners p on p.organization_id = o.id and p.id = $3 where o.id = $1`;

/**
 * Before a document is first sent, or with new content: its taxes are valid on its day, and nobody who was never asked
 * about gets none. @throws Invalid
 */
export async function refuseWrongTaxes(db: Knex.Transaction, { document, actor, input }: ActContext): Promise<void> {
  const type = typeNamed(document.type);
  const { organization_id, id, partner_id, version, origin_id, late_charge } = document;
  const given = input['content'] !== undefined;
  // A deposit is sent by nobody, and has the taxes of what it is a part of.
  if (late_charge || (version > 0 && !given) || !namesTaxes(type) || (has(type, 'prepayment') && origin_id)) return;
  const [facts] = await queryPrepared<Facts>(db, FACTS, [organization_id, id, partner_id, type.partner === 'vendor']);
  if (!facts) return;
  const lines = facts.lines.filter(isCounted);
  const taxes = lines.flatMap(({ taxes = [] }) => taxes);
  if (lines.some(({ taxes = [], tax_rate }) => !taxes.length && Number(tax_rate) === 0))
    refuseUndecided(facts, type.partner, given);
  const ended = taxes.find((tax) =>
    facts.rates.some((rate) => rate.id === tax.id && !isValidOn(rate, facts.issued_on)),
  );
  if (ended && bindsToDay(type))
    throw new Invalid({ form: NOT_VALID }, { tax: ended.name, date: formatFor(actor).date(facts.issued_on) });
  if (type.partner === 'customer') refuseWithoutNumbers(taxes, facts);
}

/** `editing`: the form that asks it is open. @throws Invalid if nobody has said which taxes the partner pays */
function refuseUndecided({ rates, tax_series, name }: Facts, side: TaxSide, editing: boolean): void {
  if (!rates.length || decidedSeries(rates, tax_series)) return;
  throw new Invalid({ 'content.partner_taxes': (editing ? CHOOSE : EDIT)[side] }, { name });
}

const CHOOSE = { customer: 'Choose which tax they pay.', vendor: 'Choose which tax they charge.' };
const EDIT = {
  customer: 'Edit the draft and choose which taxes {{name}} pays.',
  vendor: 'Edit the draft and choose which taxes {{name}} charges.',
};

/** Categories of which invoices name both sides' tax numbers (EN 16931 BR-AE-2, BR-IC-2). */
const TAKES_NUMBERS = new Set(['AE', 'K']);

/** @throws Invalid if a tax number is missing that the taxes require */
function refuseWithoutNumbers(taxes: readonly LineTax[], { name, tax_number, own_tax_number }: Facts): void {
  if (!taxes.some(({ category }) => TAKES_NUMBERS.has(category))) return;
  if (!own_tax_number) throw new Invalid({ form: 'For this tax, invoices need your tax number: see Getting paid.' });
  if (!tax_number) throw new Invalid({ form: 'For this tax, invoices need the tax number of {{name}}.' }, { name });
}
