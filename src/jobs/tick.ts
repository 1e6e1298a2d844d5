import type { Knex } from 'knex';
import { type Actor, systemActor, withActor } from '../db/scope.js';
import { act } from '../documents/act.js';
import { today } from '../documents/content/today.js';
import { FACTS } from '../documents/content/document.js';
import { actionsFor, type LifecycleFacts } from '../documents/acting/lifecycle.js';
import { types } from '../document_types/index.js';
import { HttpError } from '../errors.js';

/** The hour, on the organization's clock, from which reminders go out. */
const MORNING = 9;

/**
 * Does what the clock does by itself to every document whose time has come: reminders in the morning, expiry once the
 * last day has ended where the organization is. Once: the door itself asks again whether it is due. `now` is for
 * tests.
 */
export async function tick(db: Knex, now = new Date()): Promise<void> {
  const organizations = await db('organizations').select<{ id: string; time_zone: string }[]>('id', 'time_zone');
  for (const { id, time_zone } of organizations) {
    const hour = Number(new Intl.DateTimeFormat('en-GB', { hour: '2-digit', timeZone: time_zone }).format(now));
    await tickIn(db, { ...systemActor(id, null, now), time_zone }, hour >= MORNING);
  }
}

type Due = LifecycleFacts & { id: string };

async function tickIn(db: Knex, actor: Actor, morning: boolean): Promise<void> {
  const day = today(actor);
  for (const { id, ...document } of await waiting(db, actor, day)) {
    const due = Object.entries(actionsFor(document, actor, day)).find(
      ([, action]) => action.schedule === 'hour' || (morning && action.schedule === 'morning'),
    );
    if (!due) continue;
    await act(db, actor, id, due[0]).catch((error: unknown) => {
      if (!(error instanceof HttpError)) throw error; // done, or answered, in the meantime
    });
  }
}

/** The states in which the clock may do something, by type. */
const WAITING = types.flatMap(({ name, actions }) => {
  const states = Object.values(actions).flatMap((action) => (action.schedule ? (action.from ?? []) : []));
  return states.length ? [{ name, states: [...new Set(states)] }] : [];
});

/** A last day that is near or over, or nothing heard for some days. */
const waiting = (db: Knex, actor: Actor, day: string): Promise<Due[]> =>
  withActor(db, actor, (db) =>
    db('documents as d')
      .where('d.organization_id', actor.organization_id)
      .where((one) =>
        WAITING.forEach(
          ({ name, states }) => void one.orWhere((of) => of.where('d.type', name).whereIn('d.state', states)),
        ),
      )
      .whereRaw(`(d.due_on <= ?::date + 3 or d.updated_at < ?::date - 3)`, [day, day])
      .select<Due[]>(
        'd.id',
        'd.type',
        'd.number',
        'd.state',
        'd.started_by',
        'd.due_on',
        'd.partial_payments',
        'd.signature_required',
        'd.reference_required',
        db.raw(FACTS),
      ),
  );
