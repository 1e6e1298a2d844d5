import type { Knex } from 'knex';
import { z } from 'zod';
import { record } from '../../activity/record.js';
import { newId } from '../../db/ids.js';
import { type Actor, withActor } from '../../db/scope.js';
import { Invalid, NotFound } from '../../errors.js';
import { day, parseBy, shortText } from '../../input/fields.js';
import { addDays } from '../../pages/days.js';
import { requireMay } from '../../subjects/may.js';
import { LONGEST, MOST_DAYS_OFF } from './days_off.js';

const given = z.object({ name: shortText, starts_on: day, ends_on: day.optional() });

/** Adds days off. `input`: `ends_on` left out, one day. @throws Invalid by field, NotAllowed */
export function addDayOff(db: Knex, actor: Actor, input: object): Promise<void> {
  requireMay(actor, 'planning');
  return withActor(db, actor, async (db) => {
    const organization_id = String(actor.organization_id);
    const { name, starts_on, ends_on = starts_on } = parseBy(given, input);
    if (!/^20\d\d/.test(starts_on)) throw new Invalid({ starts_on: 'Choose a day of this century.' });
    if (ends_on < starts_on) throw new Invalid({ ends_on: 'This is before it starts.' });
    if (ends_on > addDays(starts_on, LONGEST - 1)) throw new Invalid({ ends_on: 'Use at most 62 days.' });
    await db('organizations').where({ id: organization_id }).forNoKeyUpdate().first('id');
    const kept = await db('days_off')
      .where({ organization_id })
      .orderBy('starts_on')
      .select('id', 'starts_on', 'ends_on');
    if (kept.length >= MOST_DAYS_OFF) throw new Invalid({ form: 'There are 300 already. Remove those that are over.' });
    if (kept.some((one) => one.starts_on <= ends_on && one.ends_on >= starts_on))
      throw new Invalid({ starts_on: 'This is a day off already.' });
    await db('days_off').insert({ organization_id, id: newId(), name, starts_on, ends_on });
    await record(db, actor, { action: 'add_day_off', details: { name, starts_on }, visible_to: 'staff' });
  });
}

/** Removes days off. @throws NotFound, NotAllowed */
export function removeDayOff(db: Knex, actor: Actor, id: string): Promise<void> {
  requireMay(actor, 'planning');
  return withActor(db, actor, async (db) => {
    const [found]: { name: string; starts_on: string }[] = await db('days_off')
      .where({ organization_id: actor.organization_id, id })
      .delete()
      .returning(['name', 'starts_on']);
    if (!found) throw new NotFound();
    await record(db, actor, { action: 'remove_day_off', details: found, visible_to: 'staff' });
  });
}
