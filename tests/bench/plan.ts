import { readFile } from 'node:fs/promises';
import type { Knex } from 'knex';
import pg from 'pg';
import { openDatabase } from '../../src/db/database.js';
import { connectionOf } from '../../src/db/knex_connection.js';
import { type Actor, type Query, systemActor, withActor } from '../../src/db/scope.js';
import { types } from '../../src/document_types/index.js';
import { today } from '../../src/pages/days.js';
import { documentList } from '../../src/documents/queries/list.js';
import { documentPage } from '../../src/documents/queries/page.js';
import { readEventEmails } from '../../src/mail/messages/event_email.js';
import { membershipsIn } from '../../src/people/identify.js';
import { partnerHome } from '../../src/routes/home/home_queries.js';
import { todayQueries } from '../../src/routes/home/today_queries.js';
import { parseListParams } from '../../src/routes/lists/list_request.js';
import { partnerPage } from '../../src/routes/partners/partner_queries.js';
import { type Harbor, harbor, partnerActor } from '../support/harbor.js';
import { fillTenants } from '../support/plans/fill.js';
import type { Place } from './place.js';
import { openSite } from './site.js';
import { print } from './slices.js';
import { richInvoice } from './stock.js';

const SUBJECTS = 20_000;
const CONNECTIONS = 15;

type Planned = Pick<Query, 'text' | 'values'>;

/**
 * How long PostgreSQL takes to parse and plan what a page asks, all of its queries together and the longest of them: the
 * first time on a connection, when it reads about the tables, too, and when they are planned again. The least of some
 * connections: what else runs on the same cores only adds to it.
 */
export async function measurePlan(place: Place): Promise<void> {
  const site = await openSite(place.url(), []);
  const { knex } = site.services.db;
  const home = await harbor({ knex });
  const { number } = await richInvoice(knex, home);
  const { organization_id } = home;
  await place.bulk((db) => fillTenants(db, [{ organization_id, size: SUBJECTS }]));
  for (const [name, actor, queries] of await largeQueries(knex, home, number)) {
    const times: { first: number[]; again: number[] }[] = [];
    for (let i = 0; i < CONNECTIONS; i++) times.push(await planned(place, actor, queries));
    print(`plan, ${name}`, {
      queries: queries.length,
      first_ms: least(times.map(({ first }) => sum(first))),
      longest_first_ms: least(times.map(({ first }) => Math.max(...first))),
      again_ms: least(times.map(({ again }) => sum(again))),
    });
  }
  await site.stop();
}

async function largeQueries(knex: Knex, home: Harbor, number: string): Promise<[string, Actor, Planned[]][]> {
  const { staff, slug, maya, partner_id } = home;
  const contact = partnerActor(home, maya);
  const invoices = types.filter(({ path }) => path === 'invoices');
  const { filter } = parseListParams({ query: {} }, invoices, staff);
  return [
    ['memberships', staff, [membershipsIn(slug)]],
    ['document page', staff, [documentPage(staff, number)]],
    ['portal home', contact, partnerHome(contact)],
    ['today', staff, todayQueries(staff, today(staff))],
    ['invoice list', staff, [documentList(staff, invoices, filter, today(staff))]],
    ['partner page', staff, partnerPage(staff, partner_id)],
    ['event email', systemActor(home.organization_id), [await eventEmail(knex, home)]],
  ];
}

/** What an event email is composed from: a prepared statement, found where PostgreSQL lists those of a connection. */
const eventEmail = (knex: Knex, { organization_id }: Harbor): Promise<Planned> =>
  withActor(knex, systemActor(organization_id), async (db) => {
    const { id } = await db('emails').where({ kind: 'event' }).first('id');
    await readEventEmails(db, organization_id, [id]);
    const { statement } = await db('pg_prepared_statements').where('statement', 'like', '%merged%').first('statement');
    return { text: statement, values: [organization_id, `{${id}}`] };
  });

const least = (values: number[]) => Math.min(...values);
const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);

/** The times of each query, on a connection of its own. */
async function planned(place: Place, actor: Actor, queries: Planned[]) {
  const db = openDatabase({ connectionString: place.url() }, 1);
  const all = async (connection: pg.Client, pid: number) => {
    const times: number[] = [];
    for (const query of queries) times.push(await plan(connection, pid, query));
    return times;
  };
  const times = await withActor(db.knex, actor, async (db) => {
    const connection = await connectionOf(db);
    const { rows } = await connection.query<{ pid: number }>('select pg_backend_pid() as pid');
    const pid = rows[0]?.pid ?? 0;
    return { first: await all(connection, pid), again: await all(connection, pid) };
  });
  await db.close();
  return times;
}

/** The server's processor time for parsing and planning a query, in ms. Printing a plan that is made takes some, too. */
async function plan(connection: pg.Client, pid: number, { text, values = [] }: Planned): Promise<number> {
  const given = values.map((value) => (value === null ? 'null' : pg.escapeLiteral(value as string)));
  const explain = `explain (costs off) execute planned${given.length ? `(${given.join(', ')})` : ''}`;
  const start = await processorTime(pid);
  await connection.query(`prepare planned as ${text}`);
  await connection.query(explain);
  const planned = await processorTime(pid);
  await connection.query(explain);
  const printed = await processorTime(pid);
  await connection.query('deallocate planned');
  return planned - start - (printed - planned);
}

const processorTime = async (pid: number) =>
  Number((await readFile(`/proc/${pid}/schedstat`, 'utf8')).split(' ')[0]) / 1e6;
