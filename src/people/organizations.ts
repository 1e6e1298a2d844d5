import type { Knex } from 'knex';
import { record } from '../activity/record.js';
import { newId } from '../db/ids.js';
import { clock, scoped } from '../db/scope.js';
import { userFor } from './contacts.js';

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
}

interface Owner {
  name: string;
  email: string;
  title?: string;
}

/** An organization with its owner, recorded. Returns both ids. @throws on a slug that is taken (unique), so that two can't set up at once. */
export function setUp(db: Knex, fields: Omit<Organization, 'id'>, owner: Owner): Promise<{ organization_id: string; person_id: string }> {
  const organization_id = newId();
  return scoped(db, clock(organization_id), async (db) => {
    await db('organizations').insert({ ...fields, id: organization_id });
    const person_id = await insertStaff(db, organization_id, owner, 'owner', fields);
    await record(db, clock(organization_id, person_id), { action: 'set_up', details: { name: fields.name }, visible_to: 'staff' });
    return { organization_id, person_id };
  });
}

/** Another member of the staff. Returns the person's id. */
export function addStaff(db: Knex, organization: Organization, person: Owner, role: 'admin' | 'manager' | 'member'): Promise<string> {
  return scoped(db, clock(organization.id), async (db) => {
    const person_id = await insertStaff(db, organization.id, person, role, organization);
    await record(db, clock(organization.id), { action: 'add_staff', details: { name: person.name, person_id }, visible_to: 'staff' });
    return person_id;
  });
}

async function insertStaff(db: Knex.Transaction, organization_id: string, person: Owner, role: string, place: { locale: string; time_zone: string }) {
  const id = newId();
  const email = person.email.toLowerCase();
  const { locale, time_zone } = place;
  const user_id = await userFor(db, email);
  await db('people').insert({ organization_id, id, user_id, name: person.name, email, title: person.title ?? '', role, locale, time_zone });
  return id;
}
