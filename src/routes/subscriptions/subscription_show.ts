import { read } from '../../db/scope.js';
import { NotFound } from '../../errors.js';
import type { ActionButton, Composer, FileRow, TimelineItem } from '../../pages/views/components.js';
import { defineView } from '../../pages/views/render.js';
import { offerTo } from '../../payments/methods/offered_methods.js';
import { storedMethods } from '../../payments/methods/stored_methods.js';
import { requireMay } from '../../subjects/may.js';
import { subscription as lifecycle } from '../../subjects/subscription/subscription_lifecycle.js';
import { dayOf, subscriptionSubject } from '../../subscriptions/subscription.js';
import { plainActions } from '../acts/plain_actions.js';
import { composerView, type ConversationParts, conversationView } from '../conversation/conversation_view.js';
import { timelineView } from '../conversation/timeline_view.js';
import { one } from '../forms/field_values.js';
import type { FormState } from '../shared/form.js';
import { i18nOf } from '../shared/layout.js';
import { fileRow } from '../shared/rows.js';
import { contextPage, type RequestContext } from '../shared/request_context.js';
import type { Chargeable } from './charging_queries.js';
import { type ChargingView, chargingView } from './charging_view.js';
import { type SubscriptionPage, subscriptionPage } from './subscription_queries.js';
import { type PlanView, planView } from './subscription_view.js';

/** A subscription: its plan, billing details and invoices beside its conversation. */
interface SubscriptionInput extends PlanView, ConversationParts {
  /** For staff: its customer. */
  partner: { name: string; url: string } | null;
  /** What the customer asked for and waits for; null: nothing. */
  asked: string | null;
  composer: Composer;
  files: FileRow[];
  timeline: TimelineItem[];
  /** Null: nothing is paid online here. */
  charging: ChargingView | null;
  actions: ActionButton[];
  seen: string;
  live_url: string;
  seen_url: string;
  /** The name of the other side. */
  with: string;
}

export const subscriptionShow = defineView<SubscriptionInput>('subscriptions/show');

/** The number in the address of a subscription. */
export const numberIn = ({ req }: RequestContext) => String(req.params['key']).toUpperCase();

/** The subscription of the address, as its reader may see it. @throws NotFound, NotAllowed for who came by another's link */
export async function findSubscription(ctx: RequestContext): Promise<SubscriptionPage & Chargeable> {
  const { db, actor } = ctx;
  const { organization_id, partner_id } = actor;
  const methods = [storedMethods(actor, partner_id), offerTo(organization_id, partner_id)] as const;
  const [[found], stored, offers] = await read(db.pool, actor, subscriptionPage(actor, numberIn(ctx)), ...methods);
  if (!found) requireMay(actor, 'everything');
  if (!found) throw new NotFound();
  return { ...found, stored, offers };
}

const ASKED = { change: '{{name}} asked for a change.', cancel: '{{name}} asked to cancel.' } as const;

/** Its page. `form`: a submitted form to show again as it was typed. */
export async function showSubscription(ctx: RequestContext, form: FormState | null = null) {
  const { req, res, actor, membership } = ctx;
  const page = await findSubscription(ctx);
  const i18n = i18nOf(actor);
  const { slug, organization } = membership;
  const url = `/${slug}/subscriptions/${page.number}`;
  const staff = actor.side === 'staff';
  const subject = subscriptionSubject(page, actor);
  const opened = one(req.query, 'open') || null;
  const shown = { actor, slug, i18n, form };
  const input: SubscriptionInput = {
    ...planView(page, actor, slug, i18n),
    ...conversationView(page, shown),
    partner: staff ? { name: page.partner, url: `/${slug}/partners/${page.partner_id}` } : null,
    asked: page.asked && (staff ? i18n.t(ASKED[page.asked], { name: asker(page) }) : i18n.t(WAITS, { organization })),
    composer: composerView(page, shown, url),
    files: page.files.map((file) => fileRow(slug, file)),
    timeline: timelineView({ ...page, type: lifecycle.name }, page.partner, actor, i18n),
    actions: plainActions(subject, { ...shown, url, opened, day: dayOf(page, actor) }),
    charging: chargingView(page, { ...shown, organization, url, subject, seen: subject.seen, day: dayOf(page, actor) }),
    seen: subject.seen,
    live_url: `${url}/live?after=${page.activities.at(-1)?.id ?? ''}`,
    seen_url: `${url}/view`,
    with: staff ? page.partner : organization,
  };
  res.send(contextPage(ctx, subscriptionShow, `${page.title} · ${page.number}`, input, { notice: unplaced(form) }));
}

const WAITS = 'Your request is with {{organization}}. You’ll get an answer by email.';

/** Who asked last. */
const asker = ({ activities, partner }: SubscriptionPage): string =>
  activities.findLast(({ action }) => action === 'ask_cancel' || action === 'ask_change')?.actor ?? partner;

/** What no form of the page can show. */
const unplaced = (form: FormState | null) => (form && form.action !== 'comment' ? form.errors['form'] : undefined);
