import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../../src/config.js';
import { openDatabase } from '../../../src/db/database.js';
import { addProject } from '../../../src/projects/project.js';
import { addVendor, type Harbor, harbor } from '../../support/harbor.js';
import type { Cluster, Place } from '../database/cluster.js';

const SQL = join(root, 'tests/bench/projects/project.sql');

export const KEY = 'MAPLE';

/** A database with a project of so many tasks, and much else in proportion to them. */
export interface FilledProject extends Place {
  home: Harbor;
  project_id: string;
  tasks: number;
}

/** Fills a database. Nobody is connected to it afterwards. */
export async function fillProject(cluster: Cluster, tasks: number): Promise<FilledProject> {
  const place = await cluster.clone();
  const db = openDatabase({ connectionString: place.url() });
  const home = await harbor(db);
  const { vendor } = await addVendor(db, home, VENDOR);
  const project_id = await addProject(db.knex, home.staff, {
    ...{ key: KEY, name: 'Reception fit-out', partner: home.partner_id, starts_on: '2026-01-01' },
  });
  await db.close();
  const admin = await cluster.admin(place);
  await admin.query(`update projects set shown = shown || '{time}'`);
  await admin.query('begin; set local session_replication_role = replica; select setseed(0.5)');
  await admin.query(
    `create temp table home as select $1::uuid as organization_id, $2::uuid as project_id, $3::uuid as customer_id,
      $4::uuid as vendor_id, $5::uuid as staff_id, $6::uuid as customer_person, $7::int as tasks`,
    [home.organization_id, project_id, home.partner_id, vendor, home.olivia.id, home.maya.id, tasks],
  );
  await admin.query(readFileSync(SQL, 'utf8'));
  await admin.query('commit');
  await admin.query(
    `alter table comments alter column created_at set default '2020-01-01'; update comments set created_at = '2020-01-01'`,
  );
  await admin.query('vacuum (analyze)');
  await admin.end();
  return { ...place, home, project_id, tasks };
}

/** The vendor's contact. */
export const VENDOR = 'erik@northern.example';
