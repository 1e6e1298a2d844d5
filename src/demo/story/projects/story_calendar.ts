import type { Knex } from 'knex';
import { act } from '../../../act.js';
import { addDayOff } from '../../../projects/days_off/change_days_off.js';
import { addEvent } from '../../../projects/events/add_event.js';
import { resolveReferences } from '../references.js';
import { actorAt, entry, type Stage } from '../stage.js';
import type { Event } from '../story.js';

/** Plans an event in a project; `with.guests` names its guests, `with.vendor` a vendor by its key. */
export async function planEvent(db: Knex, stage: Stage, event: Event, now: Date): Promise<void> {
  const actor = actorAt(stage, event.who, now);
  const { guests = {}, vendor, ...said } = event.with;
  const people = typeof guests === 'object' ? Object.values(await resolveReferences(db, stage, guests)) : [];
  const input = {
    time_zone: stage.story.organization.time_zone,
    ...(await resolveReferences(db, stage, said)),
    ...{ whole_day: said['whole_day'] === 'on', guests: people },
    ...(typeof vendor === 'string' ? { vendor: entry(stage.partners, vendor) } : {}),
  };
  const id = await addEvent(db, actor, entry(stage.projects, event.on), input);
  await act(db, actor, id, 'plan');
}

/** Adds days on which the organization is closed. */
export async function addStoryDayOff(db: Knex, stage: Stage, event: Event, now: Date): Promise<void> {
  await addDayOff(db, actorAt(stage, event.who, now), await resolveReferences(db, stage, event.with));
}
