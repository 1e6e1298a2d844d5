/** What the staff's own approved work on an item has cost so far. */
export interface OwnTime {
  own_minutes: number;
  /** Minor units of the budget's currency. */
  own_cost: number;
}

/** Time costs in the organization's currency: in a budget of another one it is no amount. */
const IN_ITS_CURRENCY = `(select p.currency from projects j cross join lateral (
    select p.currency from partners p where p.organization_id = j.organization_id and p.id = j.partner_id limit 1) p
  where j.organization_id = i.organization_id and j.id = i.project_id)
  = (select o.currency from organizations o where o.id = i.organization_id)`;

/** SQL: the approved time of the task of an item `i`, and what it costs, as a row; worked out once for each item. */
export const OWN_TIME = `select coalesce(tt.approved_minutes, 0)::integer as own_minutes,
    case when tt.cost is null then 0 when ${IN_ITS_CURRENCY} then tt.cost else 0 end::bigint as own_cost
  from (select 1) one left join lateral (select * from task_time x
    where x.organization_id = i.organization_id and x.task_id = i.task_id limit 1) tt on true
  offset 0`;
