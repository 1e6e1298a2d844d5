/** What the staff's own approved work on an item has cost so far. */
export interface OwnTime {
  own_minutes: number;
  /** Minor units of the budget's currency. */
  own_cost: number;
}

const OF_ITEM = 'from task_time tt where tt.organization_id = i.organization_id and tt.task_id = i.task_id limit 1';

/** Time costs in the organization's currency: in a budget of another one it is no amount. */
const IN_ITS_CURRENCY = `(select p.currency from projects j cross join lateral (
    select p.currency from partners p where p.organization_id = j.organization_id and p.id = j.partner_id limit 1) p
  where j.organization_id = i.organization_id and j.id = i.project_id)
  = (select o.currency from organizations o where o.id = i.organization_id)`;

/** SQL: the approved time of the task of an item `i`, and what it costs, as columns. */
export const OWN_TIME = `coalesce((select tt.approved_minutes::integer ${OF_ITEM}), 0) as own_minutes,
  case when i.task_id is null then 0 when ${IN_ITS_CURRENCY}
    then coalesce((select tt.cost ${OF_ITEM}), 0) else 0 end::bigint as own_cost`;
