import type { Knex } from 'knex';
import { clock, scoped } from '../db/scope.js';
import { act } from '../documents/act.js';
import { FACTS } from '../documents/documents.js';
import { reminderDue } from '../document_types/dates.js';
import type { Facts } from '../document_types/index.js';
import { HttpError } from '../errors.js';
import { formatFor } from '../pages/format.js';

/** The hour, on the organization's clock, from which reminders go out. */
const MORNING = 9;

/** Reminds of every invoice whose day has come, once: the door itself asks again whether it is due. `now` is for tests. */
export async function remindAll(db: Knex, now = new Date()): Promise<void> {
  const organizations = await db('organizations').select<{ id: string; time_zone: string }[]>('id', 'time_zone');
  for (const { id, time_zone } of organizations) {
    const hour = Number(new Intl.DateTimeFormat('en-GB', { hour: '2-digit', timeZone: time_zone }).format(now));
    if (hour >= MORNING) await remind(db, id, time_zone, now);
  }
}

async function remind(db: Knex, organization_id: string, time_zone: string, now: Date): Promise<void> {
  const actor = { ...clock(organization_id, null, now), time_zone };
  const today = formatFor(actor).today(now);
  const due = await scoped(db, actor, (db) =>
    db('documents as d')
      .where({ organization_id })
      .whereIn('state', ['sent', 'partly_paid'])
      .whereRaw(`due_on <= ?::date + 3`, [today])
      .select<(Facts & { id: string })[]>('d.id', 'd.due_on', 'd.partial_payments', db.raw(FACTS)),
  );
  for (const { id } of due.filter((facts) => reminderDue(facts, today))) {
    await act(db, actor, id, 'remind').catch((error: unknown) => {
      if (!(error instanceof HttpError)) throw error; // paid or reminded in the meantime
    });
  }
}
