import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import { root } from '../../../src/config.js';
import { types } from '../../../src/document_types/index.js';

const FILL = readFileSync(join(root, 'tests/support/plans/fill.sql'), 'utf8');

/** An organization that exists, and how many subjects it gets. */
export interface Tenant {
  organization_id: string;
  size: number;
}

/** How many of a hundred documents are of each type. */
const SHARES: Record<string, number> = {
  estimate: 10,
  change_order: 3,
  sales_order: 8,
  invoice: 40,
  retainer_invoice: 2,
  credit_note: 3,
  request_for_proposal: 2,
  proposal: 4,
  purchase_order: 12,
  work_order: 4,
  bill: 12,
};

/** Where most documents end. */
const ENDS = ['paid', 'accepted', 'closed', 'applied', 'awarded', 'cancelled'];

/** A thousand documents as frequent as in use: most are done, one in twenty is a draft, one in five is in any state. */
function mix() {
  return types.flatMap(({ name, prefix, startedBy, partner, owes, states }) => {
    const end = states.find((state) => ENDS.includes(state)) ?? states.at(-1);
    const stateOf = (i: number) =>
      i % 20 === 0 ? states[0] : i % 5 === 1 ? states[Math.floor(i / 5) % states.length] : end;
    const kind = {
      type: name,
      prefix,
      started_by: startedBy,
      is_vendor: partner === 'vendor',
      charged: owes === 'receivable',
    };
    return Array.from({ length: (SHARES[name] ?? 1) * 10 }, (_, i) => ({ ...kind, state: stateOf(i) }));
  });
}

const MIX_COLUMNS = 'i int, type text, prefix text, started_by text, is_vendor boolean, charged boolean, state text';

/**
 * Fills organizations with subjects and all that hangs on them. `db`: a superuser's connection, which may switch off
 * triggers and foreign keys. Indexes are made again afterwards, which is faster than to keep them up to date.
 */
export async function fillTenants(db: pg.Client, tenants: Tenant[]): Promise<void> {
  await db.query('set session_replication_role = replica; create temp table tenants (organization_id uuid, size int)');
  const kinds = mix().map((kind, i) => ({ ...kind, i }));
  await db.query(`create temp table mix (${MIX_COLUMNS})`);
  await db.query(`insert into mix select * from jsonb_to_recordset($1) as m (${MIX_COLUMNS})`, [JSON.stringify(kinds)]);
  await db.query('insert into tenants select * from jsonb_to_recordset($1) as t (organization_id uuid, size int)', [
    JSON.stringify(tenants),
  ]);
  const { rows } = await db.query<{ name: string; definition: string }>(INDEXES);
  for (const { name } of rows) await db.query(`drop index ${name}`);
  await db.query(FILL);
  for (const { definition } of rows) await db.query(definition);
  await db.query(`${WITHOUT_AUTOVACUUM}; analyze`);
}

/** Those that no constraint needs, in the order in which they were made. */
const INDEXES = `select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as definition
  from pg_index i join pg_class t on t.oid = i.indrelid
  where t.relnamespace = 'public'::regnamespace
    and not exists (select from pg_constraint c where c.conindid = i.indexrelid)
  order by i.indexrelid`;

/** Fresh statistics in the middle of a test would change plans. */
const WITHOUT_AUTOVACUUM = `do $$ declare name text; begin
  for name in select oid::regclass::text from pg_class
    where relnamespace in ('public'::regnamespace, 'graphile_worker'::regnamespace) and relkind = 'r' loop
    execute format('alter table %s set (autovacuum_enabled = false)', name);
  end loop; end $$`;
