import type { Knex } from 'knex';
import type pg from 'pg';
import { record } from '../activity/record.js';
import { newId } from '../db/ids.js';
import { systemActor, withActor } from '../db/scope.js';
import { NotFound } from '../errors.js';
import { cleaned, userFor } from './contact.js';
import { openSession } from './sessions.js';

export interface Organization {
  id: string;
  slug: string;
  name: string;
  email: string;
  address: string;
  tax_number: string;
  currency: string;
  locale: string;
  time_zone: string;
  accent: string;
  payment_note: string;
  /** The gateway for online payments; null if customers can't pay online. */
  gateway: 'sandbox' | 'stripe' | null;
}

interface Owner {
  name: string;
  email: string;
  title?: string;
}

/** Creates an organization with its owner, and records it. @throws a unique violation if the slug is taken */
export function setUp(
  db: Knex,
  fields: Omit<Organization, 'id'>,
  owner: Owner,
  now?: Date,
): Promise<{ organization_id: string; person_id: string }> {
  const organization_id = newId();
  return withActor(db, systemActor(organization_id, null, now), async (db) => {
    await db('organizations').insert({ ...fields, id: organization_id });
    const person_id = await insertStaff(db, organization_id, owner, 'owner', fields);
    await record(db, systemActor(organization_id, person_id, now), {
      action: 'set_up',
      details: { name: fields.name },
      visible_to: 'staff',
    });
    return { organization_id, person_id };
  });
}

/** Whether the installation has an organization. */
export async function isSetUp(pool: pg.Pool): Promise<boolean> {
  const { rowCount } = await pool.query('select from organizations limit 1');
  return rowCount === 1;
}

/**
 * Creates the first organization of an installation and a session for its owner. Returns the session token. A lock
 * keeps two requests from both being first. @throws NotFound if an organization exists
 */
export function setUpFirst(
  db: Knex,
  fields: Omit<Organization, 'id'>,
  owner: Owner,
  user_agent: string,
): Promise<string> {
  return db.transaction(async (db) => {
    await db.raw(`select pg_advisory_xact_lock(hashtext('set up'))`);
    if (await db('organizations').first('id')) throw new NotFound();
    await setUp(db, fields, owner);
    return openSession(db, await userFor(db, owner.email), user_agent);
  });
}

/** Adds a staff member, and records it. Returns the person's id. */
export function addStaff(
  db: Knex,
  organization: Organization,
  person: Owner,
  role: 'admin' | 'manager' | 'member',
  now?: Date,
): Promise<string> {
  return withActor(db, systemActor(organization.id, null, now), async (db) => {
    const person_id = await insertStaff(db, organization.id, person, role, organization);
    await record(db, systemActor(organization.id, null, now), {
      action: 'add_staff',
      details: { name: person.name, person_id },
      visible_to: 'staff',
    });
    return person_id;
  });
}

async function insertStaff(
  db: Knex.Transaction,
  organization_id: string,
  owner: Owner,
  role: string,
  defaults: { locale: string; time_zone: string },
) {
  const id = newId();
  const { name, email, title = '' } = cleaned(owner);
  const { locale, time_zone } = defaults;
  const user_id = await userFor(db, email);
  await db('people').insert({
    organization_id,
    id,
    user_id,
    name,
    email,
    title,
    role,
    locale,
    time_zone,
  });
  return id;
}
