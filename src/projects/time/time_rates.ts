import type { Knex } from 'knex';
import { record } from '../../activity/record.js';
import { type Actor, type Query, withActor } from '../../db/scope.js';
import { NotFound } from '../../errors.js';
import { requireMay } from '../../subjects/may.js';

/** Per hour, in minor units of the organization's currency; null: none. */
export interface HourRates {
  cost_rate: number | null;
  bill_rate: number | null;
}

/** What an organization sets for time. `closed_on`: nothing is logged or changed on or before this day. */
export interface TimeSettings extends HourRates {
  closed_on: string | null;
  people: Readonly<Record<string, HourRates>>;
}

/** Sets the rates of time and the closed period, and records it. @throws NotAllowed for all but the owner and admins */
export function saveTimeSettings(db: Knex, actor: Actor, settings: TimeSettings): Promise<void> {
  requireMay(actor, 'administration');
  return withActor(db, actor, async (db) => {
    const { organization_id } = actor;
    const { people, ...own } = settings;
    await db('time_settings')
      .insert({ organization_id, ...own })
      .onConflict('organization_id')
      .merge();
    const ids = Object.keys(people);
    const known = await db('people').where({ organization_id }).whereIn('id', ids).select('id');
    if (known.length !== ids.length) throw new NotFound();
    const rows = ids.map((person_id) => ({ organization_id, person_id, ...people[person_id] }));
    if (rows.length) await db('time_rates').insert(rows).onConflict(['organization_id', 'person_id']).merge();
    await record(db, actor, { action: 'set_time_rates', visible_to: 'staff' });
  });
}

/** The rates and the closed period of an organization. */
export const timeSettingsOf = ({
  organization_id,
}: Actor): Query<Omit<TimeSettings, 'people'> & { currency: string }> => ({
  name: 'time_settings',
  text: `select o.currency, s.closed_on, s.cost_rate::float8 as cost_rate, s.bill_rate::float8 as bill_rate
    from organizations o left join time_settings s on s.organization_id = o.id where o.id = $1`,
  values: [organization_id],
});

/** The staff with their rates. */
export const ratesOfPeople = ({ organization_id }: Actor): Query<HourRates & { id: string; name: string }> => ({
  name: 'rates_of_people',
  text: `select p.id, p.name, r.cost_rate::float8 as cost_rate, r.bill_rate::float8 as bill_rate
    from people p left join lateral (
      select * from time_rates r where r.organization_id = $1 and r.person_id = p.id limit 1) r on true
    where p.organization_id = $1 and p.partner_id is null and p.removed_at is null order by p.id limit 200`,
  values: [organization_id],
});

/** People of vendors who have logged time, with their rates: what their hours cost, and are billed with. */
export const ratesOfVendors = ({
  organization_id,
}: Actor): Query<HourRates & { id: string; name: string; partner: string }> => ({
  name: 'rates_of_vendors',
  text: `with recursive w as (
      (select person_id from time_weeks where organization_id = $1 order by person_id limit 1)
      union all
      select (select t.person_id from time_weeks t where t.organization_id = $1 and t.person_id > w.person_id
        order by t.person_id limit 1) from w where w.person_id is not null
    )
    select p.id, p.name, n.name as partner, r.cost_rate::float8 as cost_rate, r.bill_rate::float8 as bill_rate
    from (select person_id from w where person_id is not null limit 1000) w
    cross join lateral (select p.id, p.name, p.partner_id from people p where p.organization_id = $1
      and p.id = w.person_id and p.partner_id is not null and p.removed_at is null limit 1) p
    cross join lateral (select n.name from partners n where n.organization_id = $1 and n.id = p.partner_id limit 1) n
    left join lateral (
      select * from time_rates r where r.organization_id = $1 and r.person_id = p.id limit 1) r on true
    limit 200`,
  values: [organization_id],
});
