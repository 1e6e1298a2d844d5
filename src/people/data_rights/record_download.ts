import type { Knex } from 'knex';
import { record } from '../../activity/record.js';
import { actingAs, type Actor, systemActor, withActor } from '../../db/scope.js';
import { NotFound } from '../../errors.js';
import type { DataSubject } from './data_queries.js';

/** Notes that somebody is about to download a person's data: for some minutes the download is open to them. */
export const recordDownload = (
  db: Knex,
  actor: Actor,
  { id: person_id, name, partner_id }: Pick<DataSubject, 'id' | 'name' | 'partner_id'>,
): Promise<void> => {
  const { organization_id, now } = actor;
  if (!organization_id) throw new NotFound();
  const action = person_id === actor.person_id ? 'download_own_data' : 'download_data';
  return withActor(db, actor, (db) =>
    actingAs(db, systemActor(organization_id, actor.person_id, now), async () => {
      await record(db, actor, { action, partner_id, details: { name, person_id }, visible_to: 'staff' });
    }),
  );
};
