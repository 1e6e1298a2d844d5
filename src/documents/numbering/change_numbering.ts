import type { Knex } from 'knex';
import { record } from '../../activity/record.js';
import { type Actor, withActor } from '../../db/scope.js';
import { typeNamed, types } from '../../document_types/index.js';
import { ChangedMeanwhile, Invalid } from '../../errors.js';
import { counterOf, type Numbering, numberingOf, numberOf } from './numbering.js';

/** What is typed for a type. `next`: the number that the next one gets. */
export interface NumberingForm extends Numbering {
  /** The number that the next one gets; null: left as it is. */
  next: number | null;
  /** How it was numbered when the form was opened. */
  shown: Omit<Numbering, 'type'>;
}

/** No counter goes further than this. */
export const LAST_NUMBER = 99_999_999;

/** Prefixes of what isn't a document, which an organization can't have for one. */
const TAKEN = ['TASK', 'EVENT', 'SUB'];

/**
 * Changes how documents are numbered from now on, and records that with before and after. A number is never given
 * twice: a prefix stays with its type, and the next number only goes up.
 * @throws Invalid by `prefix.TYPE` and `next.TYPE`, or if somebody else has changed it since it was shown
 */
export function changeNumbering(db: Knex, actor: Actor, forms: readonly NumberingForm[], year: string): Promise<void> {
  const { organization_id } = actor;
  return withActor(db, actor, async (db) => {
    // Two who change it at once wait for each other.
    await db('organizations').where({ id: organization_id }).forNoKeyUpdate().first('id');
    await refuseTwins(db, organization_id, forms);
    const changes = [];
    for (const form of forms) {
      const before = await nextOf(db, organization_id, form.type, year);
      if (before.prefix !== form.shown.prefix || before.with_year !== form.shown.with_year)
        throw new ChangedMeanwhile();
      const after = await setNumbering(db, organization_id, form, form.next, year);
      if (before.number !== after) changes.push({ type: form.type, before: before.number, after });
    }
    if (changes.length) await record(db, actor, { action: 'set_numbering', details: { changes }, visible_to: 'staff' });
  });
}

/** @throws Invalid if two types would have one prefix, or one has had another's */
async function refuseTwins(
  db: Knex.Transaction,
  organization_id: string | null,
  forms: readonly NumberingForm[],
): Promise<void> {
  const used: { prefix: string; type: string }[] = await db('number_prefixes')
    .where({ organization_id })
    .whereIn(
      'prefix',
      forms.map(({ prefix }) => prefix),
    );
  const owners = [...types.map(({ name, prefix }) => ({ prefix, type: name })), ...used];
  const wrong = forms.filter(
    ({ type, prefix }) =>
      TAKEN.includes(prefix) ||
      owners.some((owner) => owner.prefix === prefix && owner.type !== type) ||
      forms.some((other) => other.prefix === prefix && other.type !== type),
  );
  if (wrong.length)
    throw new Invalid(
      Object.fromEntries(wrong.map(({ type }) => [`prefix.${type}`, 'Another kind of document uses this prefix.'])),
    );
}

async function nextOf(db: Knex.Transaction, organization_id: string | null, type: string, year: string) {
  const set: Numbering[] = await db('numberings').where({ organization_id, type });
  const numbering = numberingOf(typeNamed(type), set);
  const next = (await given(db, organization_id, numbering, year)) + 1;
  return { ...numbering, number: numberOf(numbering, year, next) };
}

/** The number that was given last. */
async function given(
  db: Knex.Transaction,
  organization_id: string | null,
  { type, with_year }: Numbering,
  year: string,
) {
  const name = counterOf(typeNamed(type), with_year, year);
  const counter: { value: number } | undefined = await db('counters').where({ organization_id, name }).first('value');
  return counter?.value ?? 0;
}

/** Returns the next number. @throws Invalid if it was given already */
async function setNumbering(
  db: Knex.Transaction,
  organization_id: string | null,
  { type, prefix, with_year }: Numbering,
  wanted: number | null,
  year: string,
): Promise<string> {
  const numbering = { type, prefix, with_year };
  const last = await given(db, organization_id, numbering, year);
  const next = wanted ?? last + 1;
  if (next <= last) throw new Invalid({ [`next.${type}`]: 'Enter {{least}} or more.' }, { least: last + 1 });
  await db('number_prefixes').insert({ organization_id, prefix, type }).onConflict().ignore();
  const row = { organization_id, type, prefix, with_year };
  await db('numberings').insert(row).onConflict(['organization_id', 'type']).merge();
  if (next > last + 1) {
    const counter = { organization_id, name: counterOf(typeNamed(type), with_year, year), value: next - 1 };
    await db('counters').insert(counter).onConflict(['organization_id', 'name']).merge();
  }
  return numberOf(numbering, year, next);
}
