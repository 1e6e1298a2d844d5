import type { Knex } from 'knex';
import { type Actor, setActor, systemActor, withActor } from '../../db/scope.js';
import { Invalid, NotFound } from '../../errors.js';
import { parseBy } from '../../input/fields.js';
import { isOffered, requireMay } from '../../subjects/may.js';
import { staffParticipants } from '../../subjects/participants.js';
import { meetingInput, newEventInput } from '../../subjects/project/event_input.js';
import { hasWork, validGuests } from './event_guests.js';
import { validRule, validTimes } from './event_times.js';
import { insertEvent } from './insert_event.js';

interface FoundProject {
  partner_id: string;
  manager_id: string | null;
  shown: string[];
}

/**
 * Adds an event to a project; `plan` then sends its invitations. `input`: by `newEventInput`. Returns its id.
 * @throws Invalid by field, NotFound, NotAllowed
 */
export function addEvent(db: Knex, actor: Actor, project_id: string, input: object): Promise<string> {
  requireMay(actor, 'planning');
  return withActor(db, actor, async (db) => {
    const { organization_id, person_id } = actor;
    const project = await findProject(db, actor, project_id);
    if (!project || !organization_id) throw new NotFound();
    const place = { organization_id, project_id };
    const { guests = [], vendor = null, ...given } = parseBy(newEventInput, input);
    const { title, place: where = '', note = '', whole_day = false, time_zone, shown = true } = given;
    const times = validTimes(given, { time_zone, whole_day });
    const rule = validRule(given, given.starts_on);
    if (vendor && !(await hasWork(db, place, vendor)))
      throw new Invalid({ vendor: 'Choose a vendor with work in this project.' });
    const customer = shown && project.shown.includes('calendar') ? project.partner_id : null;
    const people = await validGuests(db, { organization_id, partner_id: vendor ?? customer }, guests, 'guests');
    await setActor(db, systemActor(organization_id, person_id, actor.now));
    const what = { title, place: where, note, whole_day, time_zone, shown, organizer_id: person_id, vendor_id: vendor };
    return insertEvent(db, place, { ...what, ...times, ...rule }, [person_id, ...people.map(({ id }) => id)]);
  });
}

/** So many requests of a project may wait for an answer. */
const MOST_REQUESTS = 10;

/**
 * A customer asks for a meeting; `ask_meeting` then tells the staff of the project. Returns its id.
 * @throws Invalid by field, NotFound for whom the project's calendar isn't shown to, NotAllowed
 */
export function addMeeting(db: Knex, actor: Actor, project_id: string, input: object): Promise<string> {
  return withActor(db, actor, async (db) => {
    const { organization_id, person_id, partner_id } = actor;
    const project = await findProject(db, actor, project_id);
    if (!project || !organization_id || !mayAskForMeeting(actor, project)) throw new NotFound();
    const {
      title,
      place: where = '',
      note = '',
      whole_day = false,
      time_zone,
      ...given
    } = parseBy(meetingInput, input);
    const times = validTimes(given, { time_zone, whole_day });
    await setActor(db, systemActor(organization_id, person_id, actor.now));
    const place = { organization_id, project_id };
    await db('projects').where({ organization_id, id: project_id }).forNoKeyUpdate().first('id');
    const waiting = await db('events')
      .where({ ...place, state: 'proposed', customer_id: partner_id })
      .select('id');
    if (waiting.length >= MOST_REQUESTS)
      throw new Invalid({ form: '10 requests are waiting for an answer already. Write a message instead.' });
    const staff = await staffParticipants(db, { organization_id, id: project_id });
    const organizer_id = project.manager_id ?? staff[0] ?? null;
    const what = { title, place: where, note, whole_day, time_zone, shown: true, organizer_id, vendor_id: null };
    return insertEvent(db, place, { ...what, ...times, ...validRule({}, given.starts_on) }, [
      person_id,
      organizer_id,
      ...staff,
    ]);
  });
}

/** Whether somebody of the customer may ask for a meeting: they see the project's calendar. */
export const mayAskForMeeting = (actor: Actor, { partner_id, shown }: Pick<FoundProject, 'partner_id' | 'shown'>) =>
  actor.side === 'partner' &&
  actor.partner_id === partner_id &&
  shown.includes('calendar') &&
  isOffered(actor, { permits: 'message' });

/** The project, if its conversation is shared with the actor. */
async function findProject(db: Knex.Transaction, actor: Actor, id: string): Promise<FoundProject | undefined> {
  const { organization_id } = actor;
  const [seen, project] = await Promise.all([
    db('subjects').where({ organization_id, id }).first('id'),
    db('projects').where({ organization_id, id }).first<FoundProject | undefined>('partner_id', 'manager_id', 'shown'),
  ]);
  return seen ? project : undefined;
}
