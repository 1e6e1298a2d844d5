import type { Knex } from 'knex';
import { notifyRemoved, record } from '../activity/record.js';
import { newId } from '../db/ids.js';
import { type Actor, retry, withActor } from '../db/scope.js';
import { Invalid, NotFound } from '../errors.js';
import { revokeLinks } from '../mail/links/issue_keys.js';
import { changeRecipient } from '../mail/outbox/queue.js';
import { clearBounces } from '../mail/suppression/suppression.js';
import { requireMay } from '../subjects/may.js';
import { addContact, cleaned, type PersonFields, userFor } from './contact.js';
import { managedContact, managing } from './invitations/managing.js';
import { tell } from './invitations/tell.js';
import { findOurs } from './invitations/who_grants.js';

/**
 * The fields of a partner that staff can edit. `terms_days`: payment terms; `tolerance_percent`: how much a vendor's
 * bill may differ from its order and still match, as a decimal string; `discount_percent`: what a vendor gives for paying
 * within `discount_days`.
 */
export interface PartnerFields {
  name: string;
  is_customer: boolean;
  is_vendor: boolean;
  email: string;
  address: string;
  tax_number: string;
  currency: string;
  locale: string;
  terms_days: number;
  tolerance_percent?: string;
  discount_percent?: string;
  discount_days?: number;
  /** Their accounts in the organization's books; null: the next that is free. */
  debtor_number?: number | null;
  creditor_number?: number | null;
}

/** Runs `work` in a transaction as a verified staff member. @throws NotAllowed for anyone else */
function asStaff<T>(
  db: Knex,
  actor: Actor,
  work: (db: Knex.Transaction, organization_id: string) => Promise<T>,
): Promise<T> {
  const attempt = () =>
    withActor(db, actor, async (db) => {
      requireMay(actor, 'partners');
      if (!actor.organization_id) throw new NotFound();
      return work(db, actor.organization_id);
    });
  // An email that is being sent to the contact may wait for what this has locked, and the reverse.
  return db.isTransaction ? attempt() : retry(attempt);
}

/** Creates a partner, and records it. Returns its id. @throws NotAllowed */
export const addPartner = (db: Knex, actor: Actor, fields: PartnerFields): Promise<string> =>
  asStaff(db, actor, async (db, organization_id) => {
    const id = newId();
    await refuseTakenAccounts(db, organization_id, id, fields);
    await db('partners').insert({ ...fields, organization_id, id });
    await record(db, actor, {
      action: 'add_partner',
      partner_id: id,
      details: { name: fields.name },
      visible_to: 'staff',
    });
    return id;
  });

/** Updates a partner, and records the changed fields. @throws NotFound, NotAllowed */
export const changePartner = (db: Knex, actor: Actor, id: string, fields: PartnerFields): Promise<void> =>
  asStaff(db, actor, async (db, organization_id) => {
    const before = await db('partners').where({ organization_id, id }).forUpdate().first();
    if (!before) throw new NotFound();
    const changed = Object.entries(fields).filter(([name, value]) => before[name] !== value);
    if (changed.length === 0) return;
    await refuseTakenAccounts(db, organization_id, id, fields);
    await db('partners').where({ organization_id, id }).update(Object.fromEntries(changed));
    const details = { name: fields.name, fields: changed.map(([name]) => name) };
    await record(db, actor, { action: 'change_partner', partner_id: id, details, visible_to: 'staff' });
  });

/**
 * The customer or vendor that something new is begun for; null if there is none. What goes on with one, such as the bill
 * of an order, doesn't ask. @throws Invalid, by `field`, if it is archived
 */
export async function partnerForNew(
  db: Knex.Transaction,
  { organization_id, id }: { organization_id: string | null; id: string },
  kind: 'customer' | 'vendor',
  field = 'form',
): Promise<{ id: string; currency: string } | null> {
  const found = await db('partners')
    .where({ organization_id, id, [`is_${kind}`]: true })
    .first('id', 'currency', 'archived_at');
  if (found?.archived_at) throw new Invalid({ [field]: 'This partner is archived. Restore it first.' });
  return found ?? null;
}

/** Takes a partner out of what is offered for new things, or puts it back, and records that. @throws NotFound, NotAllowed */
export const archivePartner = (db: Knex, actor: Actor, id: string, archive: boolean): Promise<void> =>
  asStaff(db, actor, async (db, organization_id) => {
    const before = await db('partners').where({ organization_id, id }).forUpdate().first('name', 'archived_at');
    if (!before) throw new NotFound();
    if ((before.archived_at !== null) === archive) return;
    await db('partners')
      .where({ organization_id, id })
      .update({ archived_at: archive ? db.raw('app_now()') : null });
    const action = archive ? 'archive_partner' : 'restore_partner';
    await record(db, actor, { action, partner_id: id, details: { name: before.name }, visible_to: 'staff' });
  });

/** @throws Invalid if another partner has one of these accounts in the books */
async function refuseTakenAccounts(db: Knex.Transaction, organization_id: string, id: string, fields: PartnerFields) {
  const { debtor_number = null, creditor_number = null } = fields;
  for (const [column, number] of Object.entries({ debtor_number, creditor_number })) {
    if (number === null) continue;
    await db('organizations').where({ id: organization_id }).forNoKeyUpdate().first('id');
    const other = await db('partners')
      .where({ organization_id, [column]: number })
      .whereNot({ id })
      .first('name');
    if (other) throw new Invalid({ [column]: '{{name}} has this account.' }, { name: other.name });
  }
}

/** Adds a contact to a partner, and records it. @throws NotFound, NotAllowed; Invalid if the address is taken */
export const newContact = (db: Knex, actor: Actor, partner_id: string, person: PersonFields): Promise<string> =>
  asStaff(db, actor, async (db, organization_id) => {
    const fields = cleaned(person);
    if (!(await db('partners').where({ organization_id, id: partner_id }).first('id'))) throw new NotFound();
    const existing = await db('people')
      .where({ organization_id, partner_id, email: fields.email, removed_at: null })
      .first('id');
    if (existing) throw new Invalid({ email: 'This address is a contact already.' });
    const id = await addContact(db, organization_id, partner_id, fields);
    await record(db, actor, {
      action: 'add_contact',
      partner_id,
      details: { name: fields.name, person_id: id },
      visible_to: 'staff',
    });
    return id;
  });

/**
 * Updates a contact, and records it. A new address revokes the old links, which went to another mailbox, and redirects
 * queued mail; pages that are open as they were end. @throws NotFound, NotAllowed; Invalid if another contact of the partner has the address
 */
export const changeContact = (
  db: Knex,
  actor: Actor,
  partner_id: string,
  id: string,
  person: PersonFields,
): Promise<void> =>
  asStaff(db, actor, async (db, organization_id) => {
    const fields = cleaned(person);
    const { email } = fields;
    const before = await contact(db, organization_id, partner_id, id);
    const user_id = await userFor(db, email);
    const taken = await db('people')
      .where({ organization_id, partner_id, user_id, removed_at: null })
      .whereNot({ id })
      .first('id');
    if (taken) throw new Invalid({ email: 'This address is another contact of this partner.' });
    await db('people')
      .where({ organization_id, id })
      .update({ title: '', ...fields, user_id, bounced_at: null });
    if (before.email !== email) {
      await clearBounces(db, organization_id, id);
      await changeRecipient(db, organization_id, id, email);
      await revokeLinks(db, { organization_id, person_id: id });
    }
    if (before.email !== email || (fields.guest && !before.guest)) await notifyRemoved(db, organization_id, id);
    await record(db, actor, {
      action: 'change_contact',
      partner_id,
      details: { name: fields.name, person_id: id },
      visible_to: 'staff',
    });
  });

/**
 * Removes a contact, as staff or as a manager among their colleagues, and records it. Their links and sessions lose
 * access immediately; their emails are held for staff to review. @throws NotFound, NotAllowed, Invalid
 */
export const removeContact = (db: Knex, actor: Actor, partner_id: string, id: string): Promise<void> =>
  managing(db, actor, async (db, organization_id) => {
    const { name, email, activated_at } = await managedContact(db, actor, partner_id, id);
    await db('people').where({ organization_id, id }).update({ removed_at: db.fn.now() });
    await revokeLinks(db, { organization_id, person_id: id });
    await notifyRemoved(db, organization_id, id);
    const visible_to = actor.side === 'staff' ? 'staff' : 'both';
    const details = { name, person_id: id };
    const activity = await record(db, actor, { action: 'remove_contact', partner_id, details, visible_to });
    const ours = actor.side === 'partner' ? await findOurs(db, organization_id, id) : [];
    await tell(db, activity, [...(activated_at ? [{ person_id: id, email }] : []), ...ours]);
  });

async function contact(
  db: Knex.Transaction,
  organization_id: string,
  partner_id: string,
  id: string,
): Promise<{ name: string; email: string; guest: boolean }> {
  const found = await db('people').where({ organization_id, partner_id, id, removed_at: null }).forUpdate().first();
  if (!found) throw new NotFound();
  return found;
}
