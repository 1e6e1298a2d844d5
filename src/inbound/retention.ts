import type { Knex } from 'knex';
import { systemActor, withActor } from '../db/scope.js';

/**
 * Lets go of the bytes of messages whose time is over; what was decided about them, and what was posted of them,
 * stays. What still waits for somebody is kept.
 */
export const deleteOldMail = (db: Knex, days: number): Promise<number> =>
  withActor(db, systemActor(null), (db) =>
    db('inbound_messages as m')
      .whereNotNull('raw')
      .whereRaw(`received_at < app_now() - ? * interval '1 day'`, [days])
      .whereNotExists((waits) =>
        waits.from('inbound_deliveries as d').whereRaw('d.message_id = m.id').whereIn('state', ['pending', 'held']),
      )
      .update({ raw: null }),
  );
