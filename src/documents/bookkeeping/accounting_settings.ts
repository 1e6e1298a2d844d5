import type { Knex } from 'knex';
import { record } from '../../activity/record.js';
import type { Actor, Query } from '../../db/scope.js';
import { NotFound } from '../../errors.js';
import { requireMay } from '../../subjects/may.js';
import { type Accounts, type Chart, type OwnAccount, usualChart } from './account_chart.js';

/** What an accountant's program knows an organization by, and the accounts it books on. */
export interface AccountingSettings extends Accounts {
  consultant_number: string;
  client_number: string;
  /** In which the organization's year begins: 1 to 12. */
  first_month: number;
}

interface Row extends Omit<AccountingSettings, 'chart'> {
  chart: Chart | null;
  locale: string;
}

/** One row: `settingsOf` reads it. */
export const accountingQuery = ({ organization_id }: Actor): Query<Row> => ({
  name: 'accounting',
  text: `select a.chart, o.locale, coalesce(a.consultant_number, '') as consultant_number,
      coalesce(a.client_number, '') as client_number, coalesce(a.first_month, 1) as first_month,
      coalesce((select json_agg(b order by b.purpose, b.tax) from booking_accounts b
        where b.organization_id = o.id), '[]') as own
    from organizations o left join accounting a on a.organization_id = o.id where o.id = $1`,
  values: [organization_id],
});

/** With the chart of its language until one is chosen. */
export function settingsOf([row]: readonly Row[]): AccountingSettings {
  if (!row) throw new NotFound();
  const { locale, chart, ...settings } = row;
  return { ...settings, chart: chart ?? usualChart(locale) };
}

/** Sets it, with all of the organization's own accounts. @throws NotAllowed */
export async function saveAccounting(db: Knex.Transaction, actor: Actor, settings: AccountingSettings): Promise<void> {
  const { organization_id } = actor;
  requireMay(actor, 'taxes');
  const { own, ...fields } = settings;
  await db('organizations').where({ id: organization_id }).forNoKeyUpdate().first('id');
  await db('accounting')
    .insert({ organization_id, ...fields })
    .onConflict('organization_id')
    .merge();
  await db('booking_accounts').where({ organization_id }).delete();
  if (own.length) await db('booking_accounts').insert(own.map((account) => ({ organization_id, ...rowOf(account) })));
  await record(db, actor, { action: 'set_accounting', details: { chart: fields.chart }, visible_to: 'staff' });
}

const rowOf = ({ purpose, tax, account, tax_account, tax_key }: OwnAccount) => ({
  ...{ purpose, tax, account, tax_account, tax_key },
});
