import type { Knex } from 'knex';
import { type Actor, systemActor, withActor } from '../db/scope.js';

/** The reader has seen the document: what told them of it counts as read, and emails that still wait are not sent. */
export async function markRead(db: Knex, actor: Actor, document_id: string): Promise<void> {
  const { organization_id, person_id } = actor;
  await withActor(db, systemActor(organization_id, person_id), (db) =>
    db('notifications')
      .where({ organization_id, document_id, person_id, read_at: null })
      .update({ read_at: db.fn.now() }),
  );
}
