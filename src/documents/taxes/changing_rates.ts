import type { Knex } from 'knex';
import { record } from '../../activity/record.js';
import type { Actor } from '../../db/scope.js';
import { newId } from '../../db/ids.js';
import { Conflict, Invalid, NotFound } from '../../errors.js';
import { addDays } from '../../pages/days.js';
import { requireMay } from '../../subjects/may.js';
import { haveSameTerms, MOST_RATES, readTaxRates, type TaxRate } from './tax_rates.js';

export type TaxFields = Omit<TaxRate, 'id' | 'series' | 'used'>;

/** Adds a tax to the organization's. Returns its id. @throws NotAllowed, Invalid */
export async function addTaxRate(db: Knex.Transaction, actor: Actor, fields: TaxFields): Promise<string> {
  const { rates } = await lockRates(db, actor);
  refuseTaken(rates, fields, null);
  const id = newId();
  const rate = { ...fields, id, series: id };
  refuseOverlap([], rate);
  await insertRate(db, actor, rates, rate);
  await recordChange(db, actor, 'add_tax', fields);
  return id;
}

/**
 * Changes a tax. Of one that documents have, its last day; with anything else, another takes its place from
 * `fields.valid_from` on. @throws NotAllowed, NotFound, Invalid
 */
export async function changeTaxRate(db: Knex.Transaction, actor: Actor, id: string, fields: TaxFields): Promise<void> {
  const { organization_id, rates } = await lockRates(db, actor);
  const rate = requireRate(rates, id);
  refuseTaken(rates, fields, rate.series);
  const replaced = rate.used && !haveSameTerms(rate, fields);
  if (replaced) await replaceRate(db, actor, rates, rate, fields);
  else {
    const { valid_until } = fields;
    const changed = rate.used ? { ...rate, valid_until } : { ...rate, ...fields };
    refuseOverlap(rates, changed);
    const { name, percent, category, note, valid_from } = changed;
    await db('tax_rates')
      .where({ organization_id, id })
      .update({ name, percent, category, note, valid_from, valid_until });
  }
  await recordChange(db, actor, 'change_tax', fields);
}

async function replaceRate(db: Knex.Transaction, actor: Actor, rates: TaxRate[], rate: TaxRate, fields: TaxFields) {
  const { organization_id } = actor;
  const { id, series, valid_from, valid_until } = rate;
  if (fields.valid_from === null) throw new Invalid({ valid_from: 'Give the first day of the change.' });
  if (valid_from !== null && fields.valid_from <= valid_from)
    throw new Invalid({ valid_from: 'Choose a day after its first day.' });
  const last = addDays(fields.valid_from, -1);
  const ended = { ...rate, valid_until: valid_until !== null && valid_until < last ? valid_until : last };
  const next = { ...fields, id: newId(), series };
  refuseOverlap([...rates.filter((one) => one.id !== id), ended], next);
  await db('tax_rates').where({ organization_id, id }).update({ valid_until: ended.valid_until });
  await insertRate(db, actor, rates, next);
}

/** Removes a tax that no document has. @throws NotAllowed, NotFound; Conflict if one has it */
export async function removeTaxRate(db: Knex.Transaction, actor: Actor, id: string): Promise<void> {
  const { organization_id, rates } = await lockRates(db, actor);
  const rate = requireRate(rates, id);
  if (rate.used) throw new Conflict('This tax is on documents. Set a last day instead.');
  await db('tax_rates').where({ organization_id, id }).delete();
  await recordChange(db, actor, 'remove_tax', rate);
}

/** @throws Invalid if another of its series is valid on one of its days, or it ends before it begins */
function refuseOverlap(rates: readonly TaxRate[], rate: TaxFields & Pick<TaxRate, 'id' | 'series'>): void {
  const [first, last] = daysOf(rate);
  if (last < first) throw new Invalid({ valid_until: 'The last day can’t be before the first.' });
  const others = rates.filter(({ id, series }) => series === rate.series && id !== rate.id).map(daysOf);
  if (others.some(([from, until]) => from <= last && first <= until))
    throw new Invalid({ valid_from: 'Another rate of this tax is valid on some of these days.' });
}

const daysOf = ({ valid_from, valid_until }: Pick<TaxRate, 'valid_from' | 'valid_until'>) =>
  [valid_from ?? '0000', valid_until ?? '9999'] as const;

/** The taxes, locked: of two changes, or of one and a document's first use, the later sees the first. @throws NotAllowed */
async function lockRates(db: Knex.Transaction, actor: Actor): Promise<{ organization_id: string; rates: TaxRate[] }> {
  const { organization_id } = actor;
  if (!organization_id) throw new NotFound();
  requireMay(actor, 'taxes');
  await db('organizations').where({ id: organization_id }).forNoKeyUpdate().first('id');
  await db('tax_rates').where({ organization_id }).orderBy('id').forUpdate().select('id');
  return { organization_id, rates: await readTaxRates(db, actor) };
}

function requireRate(rates: readonly TaxRate[], id: string): TaxRate {
  const rate = rates.find((one) => one.id === id);
  if (!rate) throw new NotFound();
  return rate;
}

/** @throws Invalid if another tax has this name */
function refuseTaken(rates: readonly TaxRate[], { name }: TaxFields, series: string | null): void {
  if (rates.some((rate) => rate.series !== series && rate.name.toLowerCase() === name.toLowerCase()))
    throw new Invalid({ name: 'You already have a tax with this name.' });
}

/** Adds one to `rates`. @throws Invalid if there are too many */
async function insertRate(
  db: Knex.Transaction,
  { organization_id, person_id }: Actor,
  rates: readonly TaxRate[],
  rate: TaxFields & Pick<TaxRate, 'id' | 'series'>,
): Promise<void> {
  if (rates.length >= MOST_RATES)
    throw new Invalid({ form: 'You can have at most {{most}} taxes.' }, { most: MOST_RATES });
  await db('tax_rates').insert({ ...rate, organization_id, created_by: person_id });
}

const recordChange = (db: Knex.Transaction, actor: Actor, action: string, { name, percent }: Partial<TaxFields>) =>
  record(db, actor, { action, details: { name, percent }, visible_to: 'staff' });
