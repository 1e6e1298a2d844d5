import type pg from 'pg';
import { type CalendarEntry, calendarText } from '../../calendar/calendar_text.js';
import { eventTimeOf } from '../../calendar/event_columns.js';
import { seriesEntries } from '../../calendar/series_entries.js';
import { read } from '../../db/scope.js';
import { uidOf } from '../../mail/invitations/invitation.js';
import { addDays, today } from '../../pages/days.js';
import { translatorFor } from '../../pages/i18n.js';
import { event as eventLifecycle } from '../../subjects/project/event_lifecycle.js';
import { task as taskLifecycle } from '../../subjects/project/task_lifecycle.js';
import { subjectUrl } from '../../subjects/subject_url.js';
import { feedEvents, type FeedEvent, feedTasks, type FeedTask } from './feed_queries.js';
import type { FeedOwner } from './feed_token.js';

const YEAR = 366;

interface Place {
  base_url: string;
  mail_domain: string;
}

/** A person's calendar: events of the last year and the next two that they see now, and their own tasks. */
export async function feedText(pool: pg.Pool, owner: FeedOwner, place: Place): Promise<string> {
  const { actor, membership, only_own } = owner;
  const day = today(actor);
  const [from, to] = [addDays(day, -YEAR), addDays(day, 2 * YEAR)];
  const [events, tasks] = await read(pool, actor, feedEvents(actor, only_own, from, to), feedTasks(actor, from, to));
  const context = { ...place, slug: membership.slug };
  const t = translatorFor(actor.locale);
  const due = (task: FeedTask) => taskEntry(task, t('Due: {{title}}', { title: task.title }), context);
  const entries = [
    ...events.flatMap((event) => seriesEntries(eventEntry(event, context), event.changed)),
    ...tasks.map(due),
  ];
  return calendarText('PUBLISH', entries, membership.organization);
}

type Context = Place & { slug: string };

const eventEntry = (event: FeedEvent, { base_url, mail_domain, slug }: Context): CalendarEntry => ({
  ...eventTimeOf(event),
  uid: uidOf(event.id, mail_domain),
  sequence: event.sequence,
  changed_at: event.changed_at,
  ...{ title: event.title, note: event.note, place: event.place },
  url: base_url + subjectUrl(slug, { ...event, kind: eventLifecycle.name }),
  status: event.state === 'planned' ? 'CONFIRMED' : 'TENTATIVE',
});

/** The whole day on which it is due. It has no history: its day stands for when it changed. */
const taskEntry = (
  { id, number, due_on }: FeedTask,
  title: string,
  { base_url, mail_domain, slug }: Context,
): CalendarEntry => ({
  ...{ starts_at: `${due_on}T00:00`, ends_at: `${due_on}T00:00`, time_zone: 'UTC', whole_day: true, recurrence: null },
  uid: uidOf(id, mail_domain),
  sequence: 0,
  changed_at: new Date(due_on),
  ...{ title, note: '', place: '' },
  url: base_url + subjectUrl(slug, { id, number, kind: taskLifecycle.name }),
  status: 'CONFIRMED',
});
