/**
 * How PostgreSQL plans what is asked in a transaction. Under row security the planner doesn't know how many rows
 * somebody sees, and its statistics are of the average organization, which is tiny beside the largest.
 * - One plan for all organizations, made once for each connection. A plan for the values at hand takes longer to make
 *   than to run, and is another one in a small organization than in a large one.
 * - A page out of order costs hardly more than the next one, which is so on an SSD and in memory. Else the first page
 *   of a list would be cut from all of its rows, sorted, instead of read in the order of its index.
 * - Nothing is kept of what a join looked up for a row, in case another row asks for the same: whether that is thought
 *   to save time depends on how many rows the organization has for which the plan happens to be made.
 * - Joins are made in the order in which they are written: a query begins with what it knows the key of.
 * Set in each transaction: a pooler in transaction mode drops what a connection is opened with, and what is set on a
 * connection may come to another client. A setting of the role would hold for whatever else uses the role.
 */
const PLANNER = {
  plan_cache_mode: 'force_generic_plan',
  random_page_cost: '1.1',
  enable_memoize: 'off',
  join_collapse_limit: '1',
};

/** The settings, as SQL for a select list. */
export const SET_PLANNER = Object.entries(PLANNER)
  .map(([name, value]) => `set_config('${name}', '${value}', true)`)
  .join(', ');

/**
 * SQL: whether there is a row, asked for each row at hand; `from`: the query from there on. Not `exists`: where the
 * planner expects few rows it answers that for all at once, by reading the whole table.
 */
export const finds = (from: string) => `coalesce((select true from ${from} limit 1), false)`;

/** SQL: the row of a table of organization $1 that has this key, looked up for each row before it, whatever that costs. */
export const rowOf = (table: string, id: string) =>
  `lateral (select * from ${table} where organization_id = $1 and id = ${id} limit 1)`;
