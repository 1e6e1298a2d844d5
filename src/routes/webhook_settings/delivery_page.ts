import { read, systemActor } from '../../db/scope.js';
import { NotFound } from '../../errors.js';
import type { Badge } from '../../pages/views/components.js';
import { defineView } from '../../pages/views/render.js';
import { replayDelivery } from '../../webhooks/replay.js';
import { deliveryOf } from '../../webhooks/webhook_queries.js';
import { once } from '../acts/once.js';
import { type SettingsSide, settingsSide } from '../settings/settings_side.js';
import { pathId } from '../shared/params.js';
import { contextPage, type RequestContext, translatorOf } from '../shared/request_context.js';
import { deliveryBadge, eventLabel, outcomeOf } from './delivery_words.js';
import { PAGE, webhookPath } from './webhooks_page.js';

interface DeliveryInput {
  side: SettingsSide;
  back: string;
  url: string;
  event: string;
  badge: Badge;
  address: string;
  /** What its receiver knows it by. */
  message: string;
  attempts: number;
  tried_at: Date | null;
  next_at: Date | null;
  outcome: string;
  /** As JSON that can be read; null: it wasn't composed yet. */
  body: string | null;
  answer: string;
}

export const deliveryView = defineView<DeliveryInput>('webhook_settings/delivery');

export async function showDelivery(ctx: RequestContext) {
  const t = translatorOf(ctx);
  const { organization_id } = ctx.membership;
  const [webhook_id, message_id] = [pathId(ctx.req, 'webhook'), pathId(ctx.req, 'message')];
  const query = deliveryOf(organization_id, webhook_id, message_id);
  const [[delivery]] = await read(ctx.db.pool, systemActor(organization_id), query);
  if (!delivery) throw new NotFound();
  const { attempts, tried_at, next_at, body, answer, event, url: address } = delivery;
  const back = webhookPath(ctx, webhook_id);
  ctx.res.send(
    contextPage(ctx, deliveryView, t('Delivery'), {
      ...{ side: settingsSide(ctx, PAGE), back, url: `${back}/deliveries/${message_id}`, address, answer },
      ...{ attempts, tried_at, next_at, message: `msg_${message_id}` },
      event: eventLabel(event, t),
      badge: deliveryBadge(delivery, t),
      outcome: outcomeOf(delivery, t),
      body: body === null ? null : JSON.stringify(JSON.parse(body), null, 2),
    }),
  );
}

export async function replayOne(ctx: RequestContext) {
  const [webhook_id, message_id] = [pathId(ctx.req, 'webhook'), pathId(ctx.req, 'message')];
  const work = async ({ db, actor }: RequestContext) => {
    await replayDelivery(db.knex, actor, { webhook_id, message_id });
    return `${webhookPath(ctx, webhook_id)}/deliveries/${message_id}?done=saved`;
  };
  ctx.res.redirect(303, await once(ctx, work));
}
