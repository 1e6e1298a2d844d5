import { read, systemActor } from '../../db/scope.js';
import { NotFound } from '../../errors.js';
import type { Translate } from '../../pages/i18n.js';
import type { Badge } from '../../pages/views/components.js';
import { defineView } from '../../pages/views/render.js';
import { EVENTS } from '../../webhooks/webhook_events.js';
import { type Webhook, webhooksOf } from '../../webhooks/webhook_queries.js';
import { type SettingsSide, settingsSide, settingsUrl } from '../settings/settings_side.js';
import { pathId } from '../shared/params.js';
import { contextPage, type RequestContext, translatorOf } from '../shared/request_context.js';

interface WebhooksInput {
  side: SettingsSide;
  url: string;
  webhooks: { href: string; title: string; events: string; badge: Badge }[];
}

export const webhooksView = defineView<WebhooksInput>('webhook_settings/list');

export const PAGE = 'organization/webhooks';

const STATES: Readonly<Record<Webhook['state'], Badge>> = {
  on: { tone: 'good', label: 'On' },
  paused: { tone: 'quiet', label: 'Paused' },
  off: { tone: 'late', label: 'Turned off' },
};

const FAILING: Badge = { tone: 'waiting', label: 'Failing' };

/** Where it stands, as its list and its page say. */
export function badgeOf({ state, failing_since }: Webhook, t: Translate): Badge {
  const badge = state === 'on' && failing_since ? FAILING : STATES[state];
  return { ...badge, label: t(badge.label) };
}

/** "Sent, Accepted and Payment received". */
export function eventsOf({ events }: Pick<Webhook, 'events'>, { actor }: RequestContext, t: Translate): string {
  const names = EVENTS.filter(([name]) => events.includes(name)).map(([, label]) => t(label));
  return new Intl.ListFormat(actor.locale, { type: 'unit' }).format(names);
}

/** The address of a webhook's page. */
export const webhookPath = (ctx: RequestContext, id: string): string => `${settingsUrl(ctx, PAGE)}/${id}`;

/** The webhook that the address names. @throws NotFound */
export async function readWebhook(ctx: RequestContext): Promise<Webhook> {
  const id = pathId(ctx.req, 'webhook');
  const found = (await readWebhooks(ctx)).find((one) => one.id === id);
  if (!found) throw new NotFound();
  return found;
}

async function readWebhooks({ db, membership }: RequestContext): Promise<Webhook[]> {
  const { organization_id } = membership;
  const [webhooks] = await read(db.pool, systemActor(organization_id), webhooksOf(organization_id));
  return webhooks;
}

export async function showWebhooks(ctx: RequestContext) {
  const t = translatorOf(ctx);
  const webhooks = await readWebhooks(ctx);
  ctx.res.send(
    contextPage(ctx, webhooksView, t('Webhooks'), {
      side: settingsSide(ctx, PAGE),
      url: settingsUrl(ctx, PAGE),
      webhooks: webhooks.map((webhook) => ({
        href: webhookPath(ctx, webhook.id),
        title: webhook.url,
        events: eventsOf(webhook, ctx, t),
        badge: badgeOf(webhook, t),
      })),
    }),
  );
}
