import type { Knex } from 'knex';
import { type Actor, systemActor, withActor } from '../db/scope.js';
import { act } from '../act.js';
import { today } from '../pages/days.js';
import { FACTS } from '../documents/content/document.js';
import { actionsFor } from '../acting/permitted.js';
import { types } from '../document_types/index.js';
import { HttpError } from '../errors.js';
import type { SubjectFacts } from '../subjects/may.js';

/** Reminders go out from this hour on, in the organization's time zone. */
const MORNING_HOUR = 9;

/**
 * Does the scheduled actions that are due: reminders in the morning, expiry once the last day has ended in the
 * organization's time zone. Each once, since `act` checks again whether it is due. `now` is for demo and tests.
 */
export async function tick(db: Knex, now = new Date()): Promise<void> {
  const organizations = await db('organizations').select<{ id: string; time_zone: string }[]>('id', 'time_zone');
  for (const { id, time_zone } of organizations) {
    const hour = Number(new Intl.DateTimeFormat('en-GB', { hour: '2-digit', timeZone: time_zone }).format(now));
    await actOnDue(db, { ...systemActor(id, null, now), time_zone }, hour >= MORNING_HOUR);
  }
}

type Candidate = SubjectFacts & { id: string };

async function actOnDue(db: Knex, actor: Actor, morning: boolean): Promise<void> {
  const day = today(actor);
  for (const { id, ...document } of await candidates(db, actor, day)) {
    const due = Object.entries(actionsFor(document, actor, day)).find(
      ([, action]) => action.schedule === 'hour' || (morning && action.schedule === 'morning'),
    );
    if (!due) continue;
    await act(db, actor, id, due[0]).catch((error: unknown) => {
      if (!(error instanceof HttpError)) throw error; // someone acted on it in the meantime
    });
  }
}

/** By type, the states that have scheduled actions. */
const SCHEDULED = types.flatMap(({ name, actions }) => {
  const states = Object.values(actions).flatMap((action) => (action.schedule ? (action.from ?? []) : []));
  return states.length ? [{ name, states: [...new Set(states)] }] : [];
});

/** Documents whose last day is near or past, or that have been silent for some days. */
const candidates = (db: Knex, actor: Actor, day: string): Promise<Candidate[]> =>
  withActor(db, actor, (db) =>
    db('documents as d')
      .where('d.organization_id', actor.organization_id)
      .where((any) =>
        SCHEDULED.forEach(
          ({ name, states }) => void any.orWhere((type) => type.where('d.type', name).whereIn('d.state', states)),
        ),
      )
      .whereRaw(`(d.due_on <= ?::date + 3 or d.updated_at < ?::date - 3)`, [day, day])
      .select<Candidate[]>(
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
