import type { Knex } from 'knex';
import { newId } from '../db/ids.js';
import { Invalid } from '../errors.js';
import { canonicalAddress } from '../input/email_address.js';
import { oneLine } from '../input/valid_input.js';

export interface PersonFields {
  name: string;
  email: string;
  title?: string;
  /** Defaults to the partner's locale. */
  locale?: string;
  /** Defaults to the organization's time zone. */
  time_zone?: string;
  /** Limited access: sees only documents shared with them. */
  guest?: boolean;
}

/** Returns the user id for an email address, creating the user if needed. A user without memberships has no access. */
export async function userFor(db: Knex.Transaction, email: string): Promise<string> {
  const address = canonicalAddress(email);
  await db('users').insert({ id: newId(), email: address }).onConflict('email').ignore();
  return (await db('users').where({ email: address }).first('id')).id;
}

/** A person's name and address as they are stored, wherever they came from. @throws Invalid if none can be seen */
export function cleaned<F extends { name: string; email: string }>(fields: F): F {
  const name = oneLine(fields.name);
  if (!name) throw new Invalid({ name: 'Fill this in.' });
  return { ...fields, name, email: canonicalAddress(fields.email) };
}

/** Adds a contact to a partner, or finds the one with this address. Returns the person's id. Not recorded. */
export async function addContact(
  db: Knex.Transaction,
  organization_id: string,
  partner_id: string,
  fields: PersonFields,
) {
  const { name, email, title = '' } = cleaned(fields);
  const user_id = await userFor(db, email);
  const existing = await db('people').where({ organization_id, partner_id, user_id, removed_at: null }).first('id');
  if (existing) return String(existing.id);
  const partner = await db('partners').where({ organization_id, id: partner_id }).first('locale');
  const organization = await db('organizations').where({ id: organization_id }).first('time_zone');
  const id = newId();
  const person = {
    organization_id,
    id,
    user_id,
    partner_id,
    name,
    email,
    title,
    guest: fields.guest === true,
  };
  await db('people').insert({
    ...person,
    locale: fields.locale ?? partner.locale,
    time_zone: fields.time_zone ?? organization.time_zone,
  });
  return id;
}
