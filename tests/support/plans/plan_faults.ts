import type { Knex } from 'knex';
import type { LoggedPlan, PlanNode } from './plan_log.js';

/** Rows that a step of a plan may look at: more than the longest page shows, fewer than the busiest partner has. */
const MOST_ROWS = 1500;

/** What is wrong with a statement's plan, and what the test was doing when it ran. `name`: of a prepared statement. */
export interface Fault {
  doing: string;
  name: string;
  text: string;
  what: string;
}

/** A plan's nodes from the top, each with those below it. */
const nodesOf = (plan: PlanNode): PlanNode[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];

/** What a plan is but for its numbers. */
function shapeOf(plan: PlanNode): string {
  const { 'Node Type': type, 'Relation Name': table, 'Index Name': index, 'Join Type': join, Plans: below = [] } = plan;
  const name = [type, join, table, index].filter(Boolean).join(' ');
  return below.length ? `${name} (${below.map(shapeOf).join(', ')})` : name;
}

/** How many rows a node has looked at in all its loops. */
function rowsRead(node: PlanNode): number {
  const { 'Actual Rows': rows = 0, 'Actual Loops': loops = 0 } = node;
  const removed = (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0);
  return Math.round((rows + removed) * loops);
}

/** The tables that hold rows of organizations, and the first column of each of their indexes. */
export interface Schema {
  tables: Set<string>;
  indexes: Map<string, string>;
}

export async function readSchema(db: Knex): Promise<Schema> {
  // What belongs to the installation alone is for the system alone.
  const tables = await db('pg_policies').where({ cmd: 'SELECT' }).whereNot({ qual: 'is_system()' }).pluck('tablename');
  const { rows } = await db.raw<{ rows: { name: string; first: string }[] }>(
    `select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid, 1, true) as first
      from pg_index i where i.indrelid::regclass::text = any (?)`,
    [tables],
  );
  return { tables: new Set(tables), indexes: new Map(rows.map(({ name, first }) => [name, first])) };
}

/** What a node does that takes longer the more rows there are, of its own organization or of all. */
function faultOf(node: PlanNode, { tables, indexes }: Schema): string | null {
  const { 'Node Type': type, 'Relation Name': table = '', 'Index Name': index = '', 'Index Cond': condition } = node;
  const first = indexes.get(index);
  if (type === 'Seq Scan' && tables.has(table)) return `reads all of ${table}`;
  if (first === 'organization_id' && !condition?.includes('organization_id = ')) return `reads all of ${index}`;
  if (first && !condition) return `reads all of ${index}`;
  const rows = rowsRead(node);
  return rows > MOST_ROWS ? `${type} of ${rows} rows ${index || table}` : null;
}

/** Every fault of these plans, once for each statement and what it was for. */
export function faultsIn(plans: LoggedPlan[], schema: Schema): Fault[] {
  const faults = new Map<string, Fault>();
  for (const { doing, name, text, plan } of plans)
    for (const node of nodesOf(plan)) {
      const what = faultOf(node, schema);
      if (what) faults.set(`${doing} ${text}`, { doing, name, text, what });
    }
  return [...faults.values()];
}

/** Statements on rows of organizations that ran by more than one plan, with their plans. */
export function changingPlans(plans: LoggedPlan[], { tables }: Schema): Record<string, string[]> {
  const shapes = new Map<string, Set<string>>();
  for (const { text, plan } of plans) {
    if (!nodesOf(plan).some((node) => tables.has(node['Relation Name'] ?? ''))) continue;
    shapes.set(text, (shapes.get(text) ?? new Set()).add(shapeOf(plan)));
  }
  return Object.fromEntries([...shapes].filter(([, { size }]) => size > 1).map(([text, found]) => [text, [...found]]));
}
