import type { Knex } from 'knex';
import { record } from '../../activity/record.js';
import { actingAs, type Actor, retry, systemActor, withActor } from '../../db/scope.js';
import type { Module } from '../../document_types/shared/lifecycle.js';
import { NotFound } from '../../errors.js';
import { tell } from './tell.js';
import { findGranters } from './who_grants.js';

// The second time within a day changes nothing, and returns no row.
const ASK = `insert into module_requests (organization_id, person_id, module) values (?, ?, ?)
  on conflict (organization_id, person_id, module) do update set asked_at = excluded.asked_at
  where module_requests.asked_at < app_now() - interval '1 day' returning module`;

/** Asks those who can give a contact a module, once a day. */
export const askForModule = (db: Knex, actor: Actor, module: Module): Promise<void> => {
  const { organization_id, person_id, partner_id, name, now } = actor;
  if (!organization_id || !person_id || !partner_id) throw new NotFound();
  const attempt = () =>
    withActor(db, actor, (db) =>
      actingAs(db, systemActor(organization_id, person_id, now), async () => {
        const { rows } = await db.raw<{ rows: unknown[] }>(ASK, [organization_id, person_id, module]);
        if (!rows.length) return;
        const details = { module, name, person_id };
        const activity = await record(db, actor, { action: 'ask_module', partner_id, details });
        await tell(db, activity, await findGranters(db, organization_id, person_id, partner_id));
      }),
    );
  return db.isTransaction ? attempt() : retry(attempt);
};
