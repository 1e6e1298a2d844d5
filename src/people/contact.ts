import type { Knex } from 'knex';
import { newId } from '../db/ids.js';

export interface PersonFields {
  name: string;
  email: string;
  title?: string;
  /** Left out: the partner's language, the organization's time zone. */
  locale?: string;
  time_zone?: string;
  /** Sees only what they take part in. */
  guest?: boolean;
}

/** The identity behind an address; made if it is new. Being known gives no access to anything. */
export async function userFor(db: Knex.Transaction, email: string): Promise<string> {
  const address = email.toLowerCase();
  await db('users').insert({ id: newId(), email: address }).onConflict('email').ignore();
  return (await db('users').where({ email: address }).first('id')).id;
}

/**
 * A contact of a partner; the one there is, if the address is known there already. Returns the person's id. In the
 * caller's transaction.
 */
export async function addContact(
  db: Knex.Transaction,
  organization_id: string,
  partner_id: string,
  fields: PersonFields,
) {
  const { name, email, title = '' } = fields;
  const user_id = await userFor(db, email);
  const known = await db('people').where({ organization_id, partner_id, user_id, removed_at: null }).first('id');
  if (known) return String(known.id);
  const partner = await db('partners').where({ organization_id, id: partner_id }).first('locale');
  const organization = await db('organizations').where({ id: organization_id }).first('time_zone');
  const id = newId();
  const person = {
    organization_id,
    id,
    user_id,
    partner_id,
    name,
    email: email.toLowerCase(),
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
