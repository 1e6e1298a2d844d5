import { isTwice, repeatText, whenText } from '../../../calendar/event_words.js';
import { read } from '../../../db/scope.js';
import type { I18n } from '../../../documents/queries/sheet.js';
import { NotFound } from '../../../errors.js';
import type { ActionButton, Badge, Composer, Link, TimelineItem } from '../../../pages/views/components.js';
import { defineView } from '../../../pages/views/render.js';
import { partnerOfEvent } from '../../../projects/events/event.js';
import { isOffered, requireMay } from '../../../subjects/may.js';
import { event as lifecycle } from '../../../subjects/project/event_lifecycle.js';
import { composerView, type ConversationParts, conversationView } from '../../conversation/conversation_view.js';
import { timelineView } from '../../conversation/timeline_view.js';
import { one } from '../../forms/field_values.js';
import type { FormState } from '../../shared/form.js';
import { i18nOf } from '../../shared/layout.js';
import { contextPage, type RequestContext } from '../../shared/request_context.js';
import { keyIn } from '../project_page.js';
import { eventActions } from './event_actions.js';
import { asShown } from '../without_staff.js';
import { type GuestList, guestList } from './event_guest_view.js';
import { type Answer, type EventPage, eventPage, type Invitable, invitable } from './event_queries.js';

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

/** With who can be invited, for those who may. */
async function findEvent(ctx: RequestContext): Promise<{ page: EventPage; people: Invitable[]; plans: boolean }> {
  const { db, actor, membership } = ctx;
  const number = keyIn(ctx);
  const plans = isOffered(actor, 'planning');
  const [[found], people = []] = await read(
    ...([db.pool, actor, eventPage(actor, number)] as const),
    ...(plans ? [invitable(actor, 'event', number)] : []),
  );
  if (!found) requireMay(actor, 'everything');
  if (!found) throw new NotFound();
  const page = asShown(found, actor, membership.organization);
  return { page, people, plans: plans && page.state !== 'canceled' };
}

/** An event's page. `form`: a submitted form to show again as it was typed. */
export async function showEvent(ctx: RequestContext, form: FormState | null = null) {
  const { req, res, actor, membership } = ctx;
  const { page, people, plans } = await findEvent(ctx);
  const i18n = i18nOf(actor);
  const { slug, organization } = membership;
  const url = `/${slug}/events/${page.number}`;
  const shown = { ...page, partner_id: partnerOfEvent(page) };
  const context = { actor, slug, i18n, form };
  const own = page.answers.find(({ person_id }) => person_id === actor.person_id)?.answer ?? null;
  const opened = one(req.query, 'open') || null;
  const subject = { ...shown, type: lifecycle.name, currency: '' };
  const input: EventInput = {
    ...conversationView(shown, context),
    ...guestList(page, people, { url, form, plans, i18n }),
    ...headOf(page, slug, i18n),
    ...{ facts: factsOf(page, ctx, i18n), proposal: proposalOf(page, ctx, i18n) },
    answer: own && page.state === 'planned' ? i18n.t(ANSWERED[own]) : null,
    actions: page.shared ? eventActions(page, own && ACTION_OF[own], { actor, url, i18n, form, opened }) : [],
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

function headOf(page: EventPage, slug: string, { t }: I18n) {
  const { label, tone } = lifecycle.stateLabels[page.state as keyof typeof lifecycle.stateLabels];
  const href = `/${slug}/projects/${page.project_key}/calendar`;
  return {
    project: page.project && page.project_key ? { href, label: page.project } : null,
    ...{ title: page.title, number: page.number, note: page.note },
    badge: { label: t(label), tone },
  };
}

function factsOf(page: EventPage, { actor }: RequestContext, i18n: I18n): EventInput['facts'] {
  const { t } = i18n;
  const repeats = repeatText(page, i18n);
  const twice = isTwice(page) ? t('Clocks are put back: it is the first of the two.') : null;
  return [
    { label: t('When'), value: whenText(page, actor, i18n.format), note: twice },
    ...(repeats ? [{ label: t('Repeats'), value: repeats, note: t('Answers are to all of them.') }] : []),
    ...(page.place ? [{ label: t('Where'), value: page.place }] : []),
  ];
}

function proposalOf(page: EventPage, { actor }: RequestContext, i18n: I18n): string | null {
  const { proposed_starts_at: starts_at, proposed_ends_at: ends_at, proposer } = page;
  if (!starts_at || !ends_at) return null;
  const when = whenText({ ...page, starts_at, ends_at }, actor, i18n.format);
  return i18n.t('{{name}} proposes {{when}} instead.', { name: proposer ?? '', when });
}

/** What no form of the page can show. */
const unplaced = (form: FormState | null) =>
  form && form.action !== 'comment' && form.action !== 'invite' ? form.errors['form'] : undefined;
