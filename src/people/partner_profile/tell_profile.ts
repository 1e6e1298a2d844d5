import type { Knex } from 'knex';
import type { Activity } from '../../activity/record.js';
import type { Actor } from '../../db/scope.js';
import { queueEmail } from '../../mail/outbox/queue.js';

interface Recipient {
  person_id: string;
  to_address: string;
}

/** Roles of the staff who look after partners, and of those who pay. */
const STAFF = {
  partners: ['owner', 'admin', 'manager'],
  paying: ['owner', 'admin', 'manager', 'accountant'],
};

/** For so many days an address that a contact had before is told of other bank details. */
const FORMER_DAYS = 30;

type Told = Pick<Activity, 'id' | 'organization_id' | 'partner_id'>;

/** Emails what was changed in a partner's profile to the side that did not change it. As the system. */
export async function tellOtherSide(db: Knex.Transaction, actor: Actor, activity: Told): Promise<void> {
  await email(
    db,
    activity,
    actor.side === 'partner' ? await staff(db, activity, STAFF.partners) : await managers(db, activity),
  );
}

/** Emails what expires to both sides. As the system. */
export async function tellManagers(db: Knex.Transaction, activity: Told): Promise<void> {
  await email(db, activity, [...(await staff(db, activity, STAFF.partners)), ...(await managers(db, activity))]);
}

/**
 * Emails other bank details to everybody who would notice a fraud: the staff who pay, all contacts, and the addresses
 * that contacts had until a month ago. As the system.
 */
export async function tellEverybody(db: Knex.Transaction, activity: Told): Promise<void> {
  const [paying, all, former] = [
    await staff(db, activity, STAFF.paying),
    await contacts(db, activity),
    await formerAddresses(db, activity),
  ];
  const addresses = new Set([...paying, ...all].map(({ to_address }) => to_address));
  await email(db, activity, [...paying, ...all, ...former.filter(({ to_address }) => !addresses.has(to_address))]);
}

async function email(db: Knex.Transaction, { organization_id, id }: Told, recipients: Recipient[]): Promise<void> {
  const about = { organization_id, kind: 'profile' as const, activity_id: null, subject_id: null, cause_id: id };
  for (const { person_id, to_address } of recipients) await queueEmail(db, { ...about, person_id, to_address });
}

const people = (db: Knex.Transaction, { organization_id }: Told) =>
  db('people')
    .where({ organization_id, removed_at: null })
    .orderBy('id')
    .select<(Recipient & { role: string })[]>('id as person_id', 'email as to_address', 'role');

const staff = (db: Knex.Transaction, activity: Told, roles: string[]) =>
  people(db, activity).where({ partner_id: null }).whereIn('role', roles);

const contacts = (db: Knex.Transaction, activity: Told) =>
  people(db, activity).where({ partner_id: activity.partner_id, guest: false });

/** The managers of a partner; without one, all its contacts. */
async function managers(db: Knex.Transaction, activity: Told): Promise<Recipient[]> {
  const all = await contacts(db, activity);
  const found = all.filter(({ role }) => role === 'manager');
  return found.length ? found : all;
}

const formerAddresses = (db: Knex.Transaction, { organization_id, partner_id }: Told): Promise<Recipient[]> =>
  db('former_addresses')
    .where({ organization_id, partner_id })
    .where('ended_at', '>', db.raw(`app_now() - interval '${FORMER_DAYS} days'`))
    .distinctOn('email')
    .orderBy('email')
    .select('person_id', 'email as to_address');
