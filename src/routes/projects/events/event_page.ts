import { isTwice, repeatText, whenText } from '../../../calendar/event_words.js';
import { answerOn, spanOn } from '../../../calendar/series.js';
import { read } from '../../../db/scope.js';
import type { I18n } from '../../../documents/queries/sheet.js';
import { NotFound } from '../../../errors.js';
import { isDay } from '../../../input/valid_input.js';
import { today } from '../../../pages/days.js';
import type { ActionButton, Badge, Composer, Link, TimelineItem } from '../../../pages/views/components.js';
import { defineView } from '../../../pages/views/render.js';
import { partnerOfEvent } from '../../../projects/events/event.js';
import { isOffered, requireMay } from '../../../subjects/may.js';
import { event as lifecycle } from '../../../subjects/project/event_lifecycle.js';
import { composerView, type ConversationParts, conversationView } from '../../conversation/conversation_view.js';
import { timelineView } from '../../conversation/timeline_view.js';
import { one } from '../../forms/field_values.js';
import { type ActionPage, formInput, type FormState } from '../../shared/form.js';
import { i18nOf } from '../../shared/layout.js';
import { contextPage, type RequestContext } from '../../shared/request_context.js';
import { keyIn } from '../project_page.js';
import { eventActions } from './event_actions.js';
import { asShown } from '../without_staff.js';
import { answersOf, type GuestList, guestList } from './event_guest_view.js';
import {
  type Answer,
  type EventPage,
  eventPage,
  type Invitable,
  invitable,
  type SeriesTime,
  seriesTimes,
} from './event_queries.js';
import { type ShownTime, shownTime, type TimesInput, timesView } from './times_view.js';

interface EventInput extends ConversationParts, GuestList {
  /** Null for whom the project isn't shown to. */
  project: Link | null;
  title: string;
  number: string;
  badge: Badge;
  facts: { label: string; value: string; note?: string | null }[];
  note: string;
  /** What was proposed instead, and by whom. */
  proposal: string | null;
  /** The times of a series; null for what happens once. */
  series: TimesInput | null;
  /** What the reader has answered, in a sentence. */
  answer: string | null;
  actions: ActionButton[];
  /** Null for whom only its row is shown to. */
  composer: Composer | null;
  timeline: TimelineItem[];
  live_url: string;
  seen_url: string;
  with: string;
}

export const eventView = defineView<EventInput>('projects/events/event');

/** The event of the address, as its reader may see it. @throws NotFound, NotAllowed for who came by another's link */
export const findEventPage = async (ctx: RequestContext): Promise<EventPage> => (await findEvent(ctx)).page;

interface Found {
  page: EventPage;
  times: SeriesTime[];
  people: Invitable[];
  plans: boolean;
}

/** With its times from a day on, if it is a series, and who can be invited, for those who may. */
async function findEvent(ctx: RequestContext, on: string | null = null): Promise<Found> {
  const { db, req, actor, membership } = ctx;
  const number = keyIn(ctx);
  const plans = isOffered(actor, 'planning');
  const from = dayIn(req.query['from']) ?? today(actor);
  const [[found], times, people = []] = await read(
    ...([db.pool, actor, eventPage(actor, number, on), seriesTimes(actor, number, on ?? from)] as const),
    ...(plans ? [invitable(actor, 'event', number)] : []),
  );
  if (!found) requireMay(actor, 'everything');
  if (!found) throw new NotFound();
  const page = asShown(found, actor, membership.organization);
  return { page, times, people, plans: plans && page.state !== 'canceled' };
}

const dayIn = (given: unknown): string | null => (typeof given === 'string' && isDay(given) ? given : null);

/** After an act on one time of a series, back to it. */
export const afterEvent: NonNullable<ActionPage['next']> = (ctx, { number }) => {
  const fields = formInput(ctx);
  const on = dayIn(fields['on']);
  const alone = !['after', 'all'].includes(one(fields, 'which'));
  return on && alone ? `/${ctx.membership.slug}/events/${number}?on=${on}&done=done` : null;
};

/** An event's page. `form`: a submitted form to show again as it was typed. */
export async function showEvent(ctx: RequestContext, form: FormState | null = null) {
  const { req, res, actor, membership } = ctx;
  const on = dayIn(form?.input['on']) ?? dayIn(req.query['on']);
  const { page, times, people, plans } = await findEvent(ctx, on);
  const time = shownTime(page, times, on, form);
  const i18n = i18nOf(actor);
  const { slug, organization } = membership;
  const url = `/${slug}/events/${page.number}`;
  const shown = { ...page, partner_id: partnerOfEvent(page) };
  const context = { actor, slug, i18n, form };
  const own = answerOn(answersOf(page, actor.person_id), page.changed, time?.on ?? null);
  const opened = one(req.query, 'open') || null;
  const subject = { ...shown, type: lifecycle.name, currency: '' };
  const input: EventInput = {
    ...conversationView(shown, context),
    ...guestList(page, people, { url, form, plans, i18n, on: time?.on ?? null }),
    ...headOf(page, time, slug, i18n),
    ...{ facts: factsOf(page, time, ctx, i18n), proposal: proposalOf(page, ctx, i18n) },
    series: timesView(page, times, { actor, i18n, url, on: time?.on ?? null }),
    answer: own && page.state === 'planned' ? i18n.t(ANSWERED[own]) : null,
    actions: page.shared
      ? eventActions(page, own && ACTION_OF[own], { actor, url, i18n, form, opened, one: time })
      : [],
    composer: page.shared ? composerView(shown, context, url) : null,
    timeline: page.shared ? timelineView(subject, page.partner ?? '', actor, i18n) : [],
    live_url: `${url}/live?after=${page.activities.at(-1)?.id ?? ''}`,
    seen_url: `${url}/view`,
    with: actor.side === 'staff' ? (page.partner ?? organization) : organization,
  };
  res.send(contextPage(ctx, eventView, page.title, input, { notice: unplaced(form) }));
}

const ANSWERED: Record<Answer, string> = {
  accepted: 'You said that you’ll come.',
  tentative: 'You said that you may come.',
  declined: 'You said that you can’t come.',
};
const ACTION_OF: Record<Answer, string> = { accepted: 'accept', tentative: 'tentative', declined: 'decline' };

function headOf(page: EventPage, time: ShownTime | null, slug: string, { t }: I18n) {
  const state = time?.canceled ? 'canceled' : (page.state as keyof typeof lifecycle.stateLabels);
  const { label, tone } = lifecycle.stateLabels[state];
  const href = `/${slug}/projects/${page.project_key}/calendar`;
  return {
    project: page.project && page.project_key ? { href, label: page.project } : null,
    ...{ title: page.title, number: page.number, note: page.note },
    badge: { label: t(label), tone },
  };
}

function factsOf(page: EventPage, time: ShownTime | null, { actor }: RequestContext, i18n: I18n): EventInput['facts'] {
  const { t } = i18n;
  const repeats = repeatText(page, i18n);
  const shown = { ...page, ...(time ?? {}) };
  const twice = isTwice(shown) ? t('Clocks are put back: it is the first of the two.') : null;
  const was = time?.moved ? whenText({ ...page, ...spanOn(page, time.on) }, actor, i18n.format) : null;
  const note = was ? t('Moved from {{when}}', { when: was }) : twice;
  const which = time ? 'Answers are to this one.' : 'Answers are to all but those answered alone.';
  return [
    { label: t('When'), value: whenText(shown, actor, i18n.format), note },
    ...(repeats ? [{ label: t('Repeats'), value: repeats, note: t(which) }] : []),
    ...(page.place ? [{ label: t('Where'), value: page.place }] : []),
  ];
}

function proposalOf(page: EventPage, { actor }: RequestContext, i18n: I18n): string | null {
  const { proposed_starts_at: starts_at, proposed_ends_at: ends_at, proposer } = page;
  if (!starts_at || !ends_at) return null;
  const when = whenText({ ...page, starts_at, ends_at }, actor, i18n.format);
  if (page.proposed_on)
    return i18n.t('{{name}} proposes {{when}} instead of the one on {{day}}.', {
      ...{ name: proposer ?? '', when, day: i18n.format.date(page.proposed_on) },
    });
  return i18n.t('{{name}} proposes {{when}} instead.', { name: proposer ?? '', when });
}

/** What no form of the page can show. */
const unplaced = (form: FormState | null) =>
  form && form.action !== 'comment' && form.action !== 'invite' ? form.errors['form'] : undefined;
