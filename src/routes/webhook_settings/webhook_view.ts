import { today } from '../../pages/days.js';
import type { Badge, DialogForm, Field } from '../../pages/views/components.js';
import { defineView } from '../../pages/views/render.js';
import type { Translate } from '../../pages/i18n.js';
import { KEPT_DAYS } from '../../webhooks/replay.js';
import { type Delivery, LOG_SIZE, type Webhook } from '../../webhooks/webhook_queries.js';
import { type SettingsSide, settingsSide } from '../settings/settings_side.js';
import type { Errors } from '../shared/form.js';
import { contextPage, type RequestContext, translatorOf } from '../shared/request_context.js';
import { badgeOf, eventsOf, PAGE, webhookPath } from './webhooks_page.js';
import { deliveryBadge, eventLabel, outcomeOf } from './delivery_words.js';

interface WebhookInput {
  side: SettingsSide;
  url: string;
  address: string;
  badge: Badge;
  events: string;
  notice: string | null;
  /** Until when the secret before signs as well. */
  old_until: Date | null;
  /** The secret: its one time on a page. */
  secret: string | null;
  /** It can still be shown. */
  hidden: boolean;
  active: boolean;
  deliveries: { href: string; event: string; at: Date; badge: Badge; outcome: string }[];
  older: string | null;
  replay: DialogForm;
  replay_open: boolean;
}

export const webhookView = defineView<WebhookInput>('webhook_settings/show');

interface Shown {
  webhook: Webhook;
  deliveries: readonly Delivery[];
  secret?: string | null;
  errors?: Errors;
}

/** The page of a webhook: how it stands, and what it was sent. */
export function webhookPage(ctx: RequestContext, { webhook, deliveries, secret = null, errors = {} }: Shown): string {
  const t = translatorOf(ctx);
  const url = webhookPath(ctx, webhook.id);
  const shown = deliveries.slice(0, LOG_SIZE);
  const last = deliveries.length > shown.length ? shown.at(-1) : undefined;
  return contextPage(ctx, webhookView, t('Webhook'), {
    ...{ side: settingsSide(ctx, PAGE), url, address: webhook.url, secret },
    badge: badgeOf(webhook, t),
    events: eventsOf(webhook, ctx, t),
    notice: noticeOf(webhook, t),
    old_until: webhook.old_until,
    hidden: !webhook.shown && secret === null,
    active: webhook.state === 'on',
    deliveries: shown.map((delivery) => ({
      href: `${url}/deliveries/${delivery.message_id}`,
      event: eventLabel(delivery.event, t),
      at: delivery.created_at,
      badge: deliveryBadge(delivery, t),
      outcome: outcomeOf(delivery, t),
    })),
    older: last ? `${url}?before=${last.message_id}` : null,
    replay: replayForm(ctx, url, errors, t),
    replay_open: Object.keys(errors).length > 0,
  });
}

function noticeOf({ state }: Webhook, t: Translate): string | null {
  if (state === 'paused')
    return t('Paused: what happens now isn’t sent. What was waiting goes out when you resume it.');
  return state === 'off'
    ? t('Turned off, since nothing arrived for days or the receiver answered 410. Resume it once it works.')
    : null;
}

function replayForm({ actor, req }: RequestContext, url: string, errors: Errors, t: Translate): DialogForm {
  const day: unknown = req.body?.since ?? today(actor);
  const fields: Field[] = [
    {
      ...{ name: 'since', kind: 'date', label: t('Since'), value: typeof day === 'string' ? day : '' },
      ...{ error: errors['since'], required: true },
      hint: t('Deliveries are kept for {{days}} days.', { days: KEPT_DAYS }),
    },
    {
      ...{ name: 'which', kind: 'choice', label: t('Which'), value: 'failed' },
      choices: [
        { value: 'failed', label: t('Those that failed') },
        { value: 'all', label: t('All of them') },
      ],
    },
  ];
  return { action: `${url}/replay`, fields, button: t('Send again') };
}
