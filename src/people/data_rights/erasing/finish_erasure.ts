import type { Knex } from 'knex';
import { JOBS_BY_ID } from '../../../db/jobs.js';
import { systemActor, withActor } from '../../../db/scope.js';
import { queueEmail } from '../../../mail/outbox/queue.js';
import type { Erasure } from './erasure.js';

/** What a job failed of may name an address. */
const FORGET_ERRORS = `update ${JOBS_BY_ID} set last_error = null
  where lower(last_error) like any(?::text[])`;

/** Tells the person, and forgets what was looked for. Their address stays with that email until it is delivered. */
export async function finishErasure(db: Knex.Transaction, erasure: Erasure): Promise<void> {
  const { organization_id, id, people, addresses, activity_id } = erasure;
  const [person_id = null] = people;
  const [to_address] = addresses;
  await db.raw(FORGET_ERRORS, [addresses.map((address) => `%${address}%`)]);
  const about = { organization_id, person_id, activity_id, subject_id: null, cause_id: null };
  const email_id = to_address ? await queueEmail(db, { ...about, kind: 'notice', to_address }) : null;
  await db('erasures')
    .where({ organization_id, id })
    .update({ current_name: '', names: [], addresses: [], photos: [], email_id, finished_at: db.raw('app_now()') });
}

const TOLD = `select x.id, x.email_id, x.replacement_address, x.account_kept, e.to_address
  from erasures x join emails e on e.organization_id = x.organization_id and e.id = x.email_id
  where x.organization_id = ? and x.email_id is not null and e.state <> 'queued'`;

interface Told {
  id: string;
  email_id: string;
  replacement_address: string;
  account_kept: boolean;
  to_address: string;
}

/** Once the email that all is erased was delivered or given up, its address is erased, too. */
export async function forgetAddresses(db: Knex): Promise<void> {
  for (const organization_id of await db('organizations').pluck('id'))
    await withActor(db, systemActor(organization_id), async (db) => {
      const { rows } = await db.raw<{ rows: Told[] }>(TOLD, [organization_id]);
      for (const told of rows) await forgetAddress(db, organization_id, told);
    });
}

async function forgetAddress(db: Knex.Transaction, organization_id: string, told: Told): Promise<void> {
  const { id, email_id, replacement_address: to_address, account_kept } = told;
  await db('emails').where({ organization_id, id: email_id }).update({ to_address, detail: '' });
  // Of a demo or a test: nobody reads them there any more.
  if (!account_kept) await db('mailbox_messages').where({ mail_to: told.to_address }).delete();
  await db('erasures').where({ organization_id, id }).update({ email_id: null });
}
