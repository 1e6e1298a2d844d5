/** What the staff's own approved work on an item has cost so far. */
export interface OwnTime {
  own_minutes: number;
  /** Minor units of the budget's currency. */
  own_cost: number;
}

/** SQL: the approved time of the task of an item `i`, and what it costs, as columns. */
export const OWN_TIME = '0 as own_minutes, 0::bigint as own_cost';
