import pg from 'pg';
import { z } from 'zod';
import { connectionTo } from '../database.js';
import type { Portal } from '../portal.js';

/** A node of a plan as EXPLAIN (ANALYZE, FORMAT JSON) prints it; rows are an average over its loops. */
export interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Index Cond'?: string;
  'Join Type'?: string;
  'Subplan Name'?: string;
  'Actual Rows'?: number;
  'Actual Loops'?: number;
  'Rows Removed by Filter'?: number;
  'Rows Removed by Index Recheck'?: number;
  Plans?: PlanNode[];
}

/** A statement that ran, its plan, and what the test was doing. `name`: of a prepared statement, else ''. */
export interface LoggedPlan {
  doing: string;
  name: string;
  text: string;
  plan: PlanNode;
}

const Explained = z.object({ 'Query Text': z.string(), Plan: z.custom<PlanNode>((plan) => Boolean(plan)) });

/** PostgreSQL's auto_explain notifies a connection of the plan of each of its statements, also of those in functions. */
const SETTINGS = {
  session_preload_libraries: 'auto_explain',
  'auto_explain.log_min_duration': '0',
  'auto_explain.log_nested_statements': 'on',
  'auto_explain.log_analyze': 'on',
  'auto_explain.log_timing': 'off',
  'auto_explain.log_format': 'json',
  'auto_explain.log_level': 'notice',
};

export interface PlanLog {
  plans: LoggedPlan[];
  /** What the test does from now on; '': nothing that is looked at. */
  doing: string;
}

/** Logs the plans of all that a portal asks of its database from now on. */
export async function logPlans(portal: Portal): Promise<PlanLog> {
  const log: PlanLog = { plans: [], doing: '' };
  const admin = new pg.Client({ ...connectionTo(portal.database), user: 'postgres' });
  await admin.connect();
  for (const [name, value] of Object.entries(SETTINGS))
    await admin.query(`alter database ${portal.database} set ${name} = '${value}'`);
  await admin.end();
  const names = new Map<string, string>();
  await renewConnections(portal, (client) => {
    rememberNames(client, names);
    client.on('notice', ({ message = '' }) => read(log, names, message));
  });
  return log;
}

/** The settings of a database are those of connections that are made later. */
async function renewConnections({ db, knex }: Portal, watch: (client: pg.ClientBase) => void): Promise<void> {
  const idle = await Promise.all(Array.from({ length: db.pool.idleCount }, () => db.pool.connect()));
  idle.forEach((client) => client.release(true));
  db.pool.on('connect', watch);
  await knex.destroy();
  knex.initialize();
  knex.client.pool.on('createSuccess', (_id: number, client: pg.ClientBase) => watch(client));
}

function rememberNames(client: pg.ClientBase, names: Map<string, string>): void {
  const query = client.query.bind(client) as (...given: unknown[]) => unknown;
  const remember = (...given: unknown[]) => {
    const { name, text } = Object(given[0]) as { name?: string; text?: string };
    if (name && text) names.set(text, name);
    return query(...given);
  };
  client.query = remember as typeof client.query;
}

function read({ plans, doing }: PlanLog, names: Map<string, string>, message: string): void {
  const json = doing && /^duration: .*?plan:\n(.*)$/s.exec(message)?.[1];
  if (!json) return;
  const { 'Query Text': text, Plan: plan } = Explained.parse(JSON.parse(json));
  plans.push({ doing, name: names.get(text) ?? '', text, plan });
}
