import { IANAZone } from 'luxon';
import { act } from '../../../act.js';
import { read } from '../../../db/scope.js';
import { NotFound } from '../../../errors.js';
import { isDay } from '../../../input/valid_input.js';
import { today } from '../../../pages/days.js';
import { defineView } from '../../../pages/views/render.js';
import { addEvent, addMeeting, mayAskForMeeting } from '../../../projects/events/add_event.js';
import { type EventRow, eventSubject } from '../../../projects/events/event.js';
import type { ProjectHead } from '../../../projects/project_head.js';
import { isOffered, requireMay } from '../../../subjects/may.js';
import { eventInput, meetingInput } from '../../../subjects/project/event_input.js';
import { event as lifecycle } from '../../../subjects/project/event_lifecycle.js';
import { submitOnce } from '../../acts/once.js';
import { many, one } from '../../forms/field_values.js';
import { readForm } from '../../forms/read_form.js';
import { timeZoneGroups } from '../../settings/time_zones.js';
import { type ActionPage, type Errors, formInput, type FormState } from '../../shared/form.js';
import { i18nOf } from '../../shared/layout.js';
import { contextPage, type RequestContext } from '../../shared/request_context.js';
import { findProject } from '../project_page.js';
import { findEventPage } from './event_page.js';
import { type GuestChoices, guestChoices } from './guest_choices.js';
import { type Invitable, invitable } from './event_queries.js';

/** The form of an event: a new one, one that is changed, or a meeting that a customer asks for. */
interface EventForm {
  title: string;
  text: string | null;
  action: string;
  cancel: string;
  button: string;
  /** As typed. */
  values: Record<string, string>;
  errors: Errors;
  zones: ReturnType<typeof timeZoneGroups>;
  /** For staff: how often, and who sees it. */
  full: boolean;
  /** Of a new one. */
  guests: GuestChoices | null;
}

export const eventForm = defineView<EventForm>('projects/events/form');

/** The form of a new event for staff, or of a meeting for the customer. @throws NotFound for others */
export async function newEventPage(ctx: RequestContext, errors: Errors = {}): Promise<string> {
  const { db, req, actor, membership } = ctx;
  const project = await findProject(ctx);
  requireAsking(ctx, project);
  const full = isOffered(actor, 'planning');
  const people: Invitable[] = full ? (await read(db.pool, actor, invitable(actor, 'project', project.key)))[0] : [];
  const { t } = i18nOf(actor);
  const url = `/${membership.slug}/projects/${project.key}`;
  const typed = req.method === 'POST' ? formInput(ctx) : null;
  const title = t(full ? 'New event' : 'Ask for a meeting');
  const input: EventForm = {
    ...{ title, full, errors, action: `${url}/events`, cancel: `${url}/calendar` },
    text: full ? null : t('{{name}} gets your request by email, and answers it.', { name: membership.organization }),
    button: t(full ? 'Send invitations' : 'Ask for a meeting'),
    values: typed ? textsIn(typed) : initialValues(ctx),
    zones: zonesFor(ctx, typed ? one(typed, 'time_zone') : zoneOf(ctx)),
    guests: full ? guestChoices(people, typed, t) : null,
  };
  return contextPage(ctx, eventForm, title, input);
}

function requireAsking({ actor }: RequestContext, project: ProjectHead): void {
  if (actor.side === 'staff') return requireMay(actor, 'planning');
  if (!project.shared || !mayAskForMeeting(actor, project)) throw new NotFound();
}

const zoneOf = ({ actor }: RequestContext) => actor.organization_zone ?? actor.time_zone;

function initialValues(ctx: RequestContext): Record<string, string> {
  const on = one(ctx.req.query, 'on');
  const starts_on = isDay(on) ? on : today(ctx.actor);
  const times = { starts_time: '09:00', ends_time: '10:00', time_zone: zoneOf(ctx) };
  return { starts_on, ends_on: starts_on, ...times, shown: 'on', repeats: 'no', every: '1' };
}

const zonesFor = ({ actor }: RequestContext, own: string) => {
  const { t } = i18nOf(actor);
  return timeZoneGroups(IANAZone.isValidZone(own) ? own : actor.time_zone, actor.locale, {
    common: t('Common'),
    all: t('All time zones'),
  });
};

const textsIn = (typed: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(typed).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  );

/** Adds an event and sends its invitations, or a customer's request, once. */
export async function createEvent(ctx: RequestContext) {
  const { actor, membership } = ctx;
  const project = await findProject(ctx);
  requireAsking(ctx, project);
  const fields = formInput(ctx);
  const typist = { locale: actor.locale, currency: '' };
  const work = async ({ db }: RequestContext) => {
    const id = await (actor.side === 'staff'
      ? addEvent(db.knex, actor, project.id, { ...readForm(eventInput, fields, typist), ...guestsIn(fields) })
      : addMeeting(db.knex, actor, project.id, readForm(meetingInput, fields, typist)));
    const { number } = await act(db.knex, actor, id, actor.side === 'staff' ? 'plan' : 'ask_meeting');
    return `/${membership.slug}/events/${number}?done=sent`;
  };
  return submitOnce(ctx, work, (errors) => newEventPage(ctx, errors));
}

const guestsIn = (fields: Record<string, unknown>) => ({
  vendor: one(fields, 'vendor') || null,
  guests: many(fields, 'guest').filter(Boolean),
});

/** The form that changes an event, filled as it was typed, or else as the event is. */
export async function showEdit(ctx: RequestContext, form: FormState | null = null) {
  const { res, actor, membership } = ctx;
  const page = await findEventPage(ctx);
  const action = lifecycle.actions['change_event'];
  if (action) requireMay(actor, { name: 'change_event', action, subject: eventSubject(page), today: '' });
  const { t } = i18nOf(actor);
  const url = `/${membership.slug}/events/${page.number}`;
  const values = form ? textsIn(form.input) : valuesOf(page);
  const input: EventForm = {
    ...{ title: t('Edit event'), full: true, guests: null, text: null, values, errors: form?.errors ?? {} },
    ...{ action: `${url}/change_event`, cancel: url, button: t('Save and tell everybody') },
    zones: zonesFor(ctx, values['time_zone'] ?? page.time_zone),
  };
  res.send(contextPage(ctx, eventForm, input.title, input));
}

/** Shown again with what was typed. */
export const eventFormPage: ActionPage = { show: showEdit };

const valuesOf = (row: EventRow): Record<string, string> => ({
  ...{ title: row.title, place: row.place, note: row.note, time_zone: row.time_zone },
  ...{ starts_on: row.starts_at.slice(0, 10), starts_time: row.whole_day ? '' : row.starts_at.slice(11) },
  ...{ ends_on: row.ends_at.slice(0, 10), ends_time: row.whole_day ? '' : row.ends_at.slice(11) },
  ...{ whole_day: row.whole_day ? 'on' : '', shown: row.shown ? 'on' : '' },
  ...{ repeats: row.repeats ?? 'no', every: String(row.every) },
  ...{ until_on: row.until_on ?? '', times: row.times === null ? '' : String(row.times) },
});
