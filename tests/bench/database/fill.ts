import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import { root } from '../../../src/config.js';
import { types } from '../../../src/document_types/index.js';

const sql = (name: string) => readFileSync(join(root, 'tests/bench/database', name), 'utf8');

/** How many subjects a large organization gets, beside others of `size` each. */
export interface Sizes {
  large: number;
  others: number;
  size: number;
}

/** Of a thousand documents. */
const SHARES: Record<string, number> = {
  estimate: 100,
  change_order: 30,
  sales_order: 80,
  invoice: 420,
  retainer_invoice: 20,
  credit_note: 30,
  request_for_proposal: 20,
  proposal: 40,
  purchase_order: 120,
  work_order: 40,
  bill: 100,
};

/** Where most documents end. */
const ENDS = ['paid', 'accepted', 'closed', 'applied', 'awarded', 'cancelled'];

const kinds = types.map(({ name, prefix, startedBy, partner, owes, states, discarded, stateLabels, addressedTo }) => {
  const sent = states.slice(1).filter((state) => state !== discarded);
  const open = sent.filter((state) => stateLabels[state]?.awaits);
  const done = sent.filter((state) => !open.includes(state));
  return {
    type: name,
    prefix,
    started_by: startedBy,
    is_vendor: partner === 'vendor',
    owes: owes ?? '',
    several: addressedTo === 'several',
    open,
    done: done.toSorted((a, b) => Number(ENDS.includes(b)) - Number(ENDS.includes(a))),
  };
});
const KIND = `type text, prefix text, started_by text, is_vendor bool, owes text, several bool, open text[], done text[]`;
const mix = kinds.flatMap(({ type }) => Array.from({ length: SHARES[type] ?? 0 }, () => type));

/** Subjects written at a time. What a trigger keeps for each partner is updated often, and each time leaves a dead row. */
const BATCH = 20_000;

/** What these write is written as sets, which is a hundred times as fast; `check.ts` compares. Nobody is away. */
const REPLACED: Record<string, string[]> = {
  activities: ['deputies'],
  ledger_entries: ['sums_kept', 'credit_kept'],
  documents: ['subject_added', 'words_added'],
  projects: ['subject_added', 'words_added'],
  participants: ['words_added'],
  partners: ['own_words_added'],
  people: ['words_added'],
  versions: ['line_words_made'],
  comments: ['words_made'],
};

/**
 * Fills a large organization, which has a customer and a vendor with contacts, and others. `db`: a superuser's
 * connection. Foreign keys are not checked; every other trigger runs.
 */
export async function fill(db: pg.Client, organization_id: string, { large, others, size }: Sizes): Promise<void> {
  await setBulk(db, true);
  await db.query(
    `select setseed(0.5); set work_mem = '128MB'; set maintenance_work_mem = '512MB'; set synchronous_commit = off; set enable_nestloop = off`,
  );
  await db.query(
    `create temp table tenants (organization_id uuid, size int, large bool); create temp table kinds (${KIND})`,
  );
  await db.query(`insert into kinds select * from jsonb_to_recordset($1) as k (${KIND})`, [JSON.stringify(kinds)]);
  await db.query(
    'create temp table mix as select i - 1 as i, type from unnest($1::text[]) with ordinality m (type, i)',
    [mix],
  );
  await db.query('insert into tenants values ($1, $2, true)', [organization_id, large]);
  await db.query('insert into tenants select uuidv7(), $1, false from generate_series(1, $2::int)', [size, others]);
  await db.query(`insert into organizations (id, slug, name, email)
    select organization_id, 'other-' || row_number() over (), 'Other', '' from tenants where not large`);
  await db.query(TRIGGERS_OFF);
  for (const [table, names] of Object.entries(REPLACED))
    for (const name of names) await db.query(`alter table ${table} disable trigger ${name}`);
  const { rows } = await db.query<{ drop: string; make: string }>(INDEXES);
  for (const { drop } of rows) await db.query(drop);
  await db.query(sql('organizations.sql'));
  for (let from = 1; from <= large + others * size; from += BATCH)
    await db.query(
      sql('subjects.sql')
        .replace(':from', `${from}`)
        .replace(':to', `${from + BATCH - 1}`),
    );
  for (const { make } of rows) await db.query(make);
  for (const [table, sums] of Object.entries(SUMS)) await db.query(`insert into ${table} select * from ${sums}`);
  await db.query(eachTable('alter table %I enable trigger all'));
  // What is measured writes more than one person may.
  await db.query(`alter table comments alter column created_at set default '2020-01-01'`);
  await db.query('vacuum (analyze)');
  await db.query('checkpoint');
  await setBulk(db, false);
}

/** The tables of sums, and the views that say what must be in them. */
const SUMS = {
  balances: 'ledger_balances',
  credits: 'ledger_credits',
  credit_kinds: 'ledger_credit_kinds',
  open_items: 'ledger_open_items',
  outstanding: 'ledger_outstanding',
  receivables: 'open_item_sums',
};

/** Nothing waits for checkpoints meanwhile, nor looks after what is only half there. */
const BULK = { max_wal_size: '8GB', autovacuum: 'off' };

/** What is measured has the settings of production again. */
async function setBulk(db: pg.Client, on: boolean): Promise<void> {
  for (const [name, value] of Object.entries(BULK))
    await db.query(`alter system ${on ? `set ${name} = '${value}'` : `reset ${name}`}`);
  await db.query('select pg_reload_conf()');
}

const eachTable = (...statements: string[]) => `do $$ declare name text; begin
  for name in select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' loop
    ${statements.map((statement) => `execute format('${statement}', name);`).join(' ')}
  end loop; end $$`;

/** Leaves on those that are not foreign keys. */
const TRIGGERS_OFF = eachTable('alter table %I disable trigger all', 'alter table %I enable trigger user');

/**
 * Indexes that are made again afterwards, which is faster than to keep them up to date: those of large tables that no
 * foreign key needs. In the order in which they were made: of equals the planner takes the first.
 */
const INDEXES = `select drop, make from (
    select indrelid as of, indexrelid as index, format('drop index %s', indexrelid::regclass) as drop,
      pg_get_indexdef(indexrelid) as make
    from pg_index where not exists (select from pg_constraint c where c.conindid = indexrelid)
    union all
    select conrelid, conindid, format('alter table %s drop constraint %I', conrelid::regclass, conname),
      format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
    from pg_constraint where contype in ('p', 'u')) i
  where of = any ('{documents, subjects, subject_words, part_words, lines, versions, participants, activities, comments, notifications,
      emails, reply_keys, payments, ledger_entries, inbound_deliveries, inbound_words}'::regclass[])
    and not exists (select from pg_constraint c where c.contype = 'f' and c.conindid = index)
  order by index`;
