import { createHash } from 'node:crypto';
import type { Knex } from 'knex';
import type { Writable } from 'node:stream';
import type pg from 'pg';
import type { Actor } from './actor.js';

export * from './actor.js';

const SETTINGS = {
  name: 'scope',
  text: `select set_config('app.organization', $1, true), set_config('app.side', $2, true), set_config('app.person', $3, true),
    set_config('app.partner', $4, true), set_config('app.user', $5, true), set_config('app.documents', $6, true),
    set_config('app.now', $7, true)`,
};

const settings = (actor: Actor) => [
  actor.organization_id ?? '',
  actor.side,
  actor.person_id ?? '',
  actor.partner_id ?? '',
  actor.user_id ?? '',
  actor.document_ids ? `{${actor.document_ids.join(',')}}` : '',
  actor.now?.toISOString() ?? '',
];

/**
 * Work that sees and changes only what `actor` may: one transaction, which row security binds to them. It ends with
 * the work.
 */
export function withActor<T>(db: Knex, actor: Actor, work: (db: Knex.Transaction) => Promise<T>): Promise<T> {
  return db.transaction(async (db) => {
    await setActor(db, actor);
    return work(db);
  });
}

/**
 * Changes who is asking for the rest of this transaction. Consequences of an allowed act (numbers, emails) are the
 * clock's. It takes no round trip: it is sent ahead on the transaction's own connection, where whatever is asked next
 * comes after it, and fails if it failed.
 */
export async function setActor(db: Knex.Transaction, actor: Actor): Promise<void> {
  const connection = await connectionOf(db);
  connection.query(SETTINGS.text, settings(actor)).catch(() => {});
}

const connectionOf = (db: Knex.Transaction) =>
  (db.client as { acquireConnection(): Promise<pg.Client> }).acquireConnection();

/**
 * The first row of a query, prepared on the transaction's own connection: for those that are asked all the time and
 * take ten times as long to plan as to run. Named by its text, so build it in few shapes. @throws what `again` does
 * again, where a pooler has lost it.
 */
export async function firstRow<Row>(db: Knex.Transaction, query: Knex.QueryBuilder): Promise<Row | undefined> {
  const { sql, bindings } = query.limit(1).toSQL().toNative();
  const [row] = await queryPrepared<Row>(db, sql, [...bindings]);
  return row;
}

/** As `firstPrepared`, for a query in words ($1, $2, …): all its rows. */
export async function queryPrepared<Row>(
  db: Knex.Transaction,
  text: string,
  values: readonly unknown[],
): Promise<Row[]> {
  const name = createHash('sha1').update(text).digest('hex');
  const connection = await connectionOf(db);
  const asked = connection.query<Row & pg.QueryResultRow>({ ...(prepared ? { name } : {}), text, values: [...values] });
  const { rows } = await asked.catch((error: unknown) => {
    if (isLostStatement(error)) prepared = false;
    throw error;
  });
  return rows;
}

export interface Query<Row = Record<string, unknown>> {
  /** Names the prepared statement; one name, one text. */
  name: string;
  text: string;
  values?: unknown[];
  /** Never there: it carries the type. */
  row?: Row;
}

let prepared = true;

/**
 * The rows of each query, as `actor` sees them, all in one round trip and one read-only transaction. Statements are
 * prepared, unless a pooler in between loses them: then they are sent whole from the first such failure on.
 */
export async function read<Queries extends readonly Query<unknown>[]>(
  pool: pg.Pool,
  actor: Actor,
  ...queries: Queries
): Promise<QueryRows<Queries>> {
  const [, ...answers] = await pipeline(pool, [{ ...SETTINGS, values: settings(actor) }, ...queries]);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the one place where rows get the type that their query promises
  return answers as QueryRows<Queries>;
}

/** The rows of each query. */
export type QueryRows<Queries extends readonly Query<unknown>[]> = {
  -readonly [K in keyof Queries]: RowOf<Queries[K]>[];
};
type RowOf<Asked> = Asked extends Query<infer Row> ? (unknown extends Row ? Record<string, unknown> : Row) : never;

/** As `read`, before it is known who asks: the queries themselves say whose secret was shown. */
export async function pipeline(pool: pg.Pool, queries: Query<unknown>[]): Promise<Record<string, unknown>[][]> {
  try {
    return await send(pool, queries);
  } catch (error) {
    if (!prepared || !isLostStatement(error)) throw error;
    prepared = false;
    return send(pool, queries);
  }
}

// 26000: prepared on another connection; 42P05: prepared here by somebody else; 0A000: a table has got a column since.
const LOST = new Set(['26000', '42P05', '0A000']);
const isLostStatement = (error: unknown) => error instanceof Error && 'code' in error && LOST.has(String(error.code));

// What the types of `pg` leave out.
interface Corked {
  connection: { stream: Writable };
}

async function send(pool: pg.Pool, queries: Query<unknown>[]): Promise<Record<string, unknown>[][]> {
  const client = await pool.connect();
  // One packet for all: PostgreSQL wakes once, and so do we.
  const { stream } = (client as unknown as Corked).connection;
  stream.cork();
  const sent = [
    client.query('begin transaction read only'),
    ...queries.map(({ name, text, values = [] }) =>
      client.query<Record<string, unknown>>(prepared ? { name, text, values } : { text, values }),
    ),
    client.query('commit'),
  ];
  stream.uncork();
  const settled = await Promise.allSettled(sent);
  const failed = settled.find((result) => result.status === 'rejected');
  client.release(failed ? true : undefined);
  if (failed) throw failed.reason;
  return settled.slice(1, -1).map((result) => (result.status === 'fulfilled' ? result.value.rows : []));
}
