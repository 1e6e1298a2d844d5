import type { Knex } from 'knex';
import { record } from '../../activity/record.js';
import { systemActor } from '../../db/scope.js';
import { queueEmail } from '../outbox/queue.js';

interface Link {
  organization_id: string;
  person_id: string;
  document_id: string;
}

/** At most so many fresh links to one person in an hour. */
const PER_HOUR = 3;

/**
 * Mails a fresh link to the same person and page. Whoever asks learns nothing, and can't make us send more than a
 * few.
 */
export async function sendFreshLink(
  db: Knex.Transaction,
  { organization_id, person_id, document_id }: Link,
): Promise<void> {
  const person = await db('people')
    .where({ organization_id, id: person_id, removed_at: null })
    .forUpdate()
    .first('email');
  const lately = await db('activities')
    .where({ organization_id, document_id, action: 'fresh_link' })
    .whereRaw(`details->>'reader' = ?`, [person_id])
    .where('created_at', '>', db.raw(`now() - interval '1 hour'`))
    .select('id');
  if (!person || lately.length >= PER_HOUR) return;
  const activity = await record(db, systemActor(organization_id), {
    action: 'fresh_link',
    document_id,
    details: { reader: person_id },
  });
  await queueEmail(db, {
    organization_id,
    kind: 'event',
    person_id,
    activity_id: activity.id,
    document_id,
    subject_id: null,
    to_address: person.email,
  });
}
