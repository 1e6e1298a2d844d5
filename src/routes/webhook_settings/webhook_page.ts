import type { Knex } from 'knex';
import { DateTime } from 'luxon';
import { z } from 'zod';
import { addJob } from '../../db/jobs.js';
import { read, systemActor } from '../../db/scope.js';
import type { Authority } from '../../people/banking/bank_accounts.js';
import { line, readForm } from '../../people/form_values.js';
import { sendTestMessage, sentSince } from '../../webhooks/replay.js';
import { pauseWebhook, removeWebhook, resumeWebhook, rotateSecret, showWebhookSecret } from '../../webhooks/webhook.js';
import { deliveriesOf } from '../../webhooks/webhook_queries.js';
import { once } from '../acts/once.js';
import { authorityOf } from '../profile/profile_request.js';
import { settingsUrl } from '../settings/settings_side.js';
import { type Errors, submit } from '../shared/form.js';
import { idParam, pathId } from '../shared/params.js';
import { type RequestContext, translatorOf } from '../shared/request_context.js';
import { webhookPage } from './webhook_view.js';
import { PAGE, readWebhook, webhookPath } from './webhooks_page.js';

export async function showWebhook(ctx: RequestContext) {
  ctx.res.send(await pageOf(ctx));
}

/** Its page, or a page of its log further back. */
async function pageOf(ctx: RequestContext, more: { secret?: string | null; errors?: Errors } = {}) {
  const webhook = await readWebhook(ctx);
  const { organization_id } = ctx.membership;
  const before = idParam.parse(ctx.req.query['before'] ?? null);
  const [deliveries] = await read(
    ctx.db.pool,
    systemActor(organization_id),
    deliveriesOf(organization_id, webhook.id, before),
  );
  return webhookPage(ctx, { webhook, deliveries, ...more });
}

type Change = (db: Knex, authority: Authority, id: string) => Promise<unknown>;

/** Changes the webhook that the address names, once for each form, and leads to a page. */
const changing =
  (change: Change, next = (ctx: RequestContext, id: string) => `${webhookPath(ctx, id)}?done=saved`) =>
  async (ctx: RequestContext): Promise<void> => {
    const id = pathId(ctx.req, 'webhook');
    const work = async ({ db }: RequestContext) => {
      await change(db.knex, authorityOf(ctx), id);
      return next(ctx, id);
    };
    ctx.res.redirect(303, await once(ctx, work));
  };

export const pause = changing(pauseWebhook);
export const resume = changing(resumeWebhook);
export const remove = changing(removeWebhook, (ctx) => `${settingsUrl(ctx, PAGE)}?done=saved`);

export const rotate = (ctx: RequestContext, secrets: readonly string[]) =>
  changing((db, authority, id) => rotateSecret(db, secrets, authority, id))(ctx);

/** Shows the secret in the answer itself: it is stored nowhere, and no address leads to it. */
export async function revealSecret(ctx: RequestContext, secrets: readonly string[]) {
  const id = pathId(ctx.req, 'webhook');
  const secret = await showWebhookSecret(ctx.db.knex, secrets, authorityOf(ctx), id);
  ctx.res.set('Cache-Control', 'no-store').send(await pageOf(ctx, { secret }));
}

export const testWebhook = changing((db, { actor }, id) => sendTestMessage(db, actor, id));

const Typed = z.object({
  since: line(10).refine((typed) => DateTime.fromISO(typed).isValid, 'Enter a date.'),
  which: z.enum(['failed', 'all'], 'Choose which.'),
});

/** Sends again what was sent since a day of the organization. */
export function replaySince(ctx: RequestContext) {
  const webhook_id = pathId(ctx.req, 'webhook');
  const work = async () => {
    await readWebhook(ctx);
    const { since, which } = readForm(Typed, ctx.req.body);
    const { organization_zone, time_zone } = ctx.actor;
    const start = DateTime.fromISO(since, { zone: organization_zone ?? time_zone }).toJSDate();
    return once(ctx, async ({ db, membership: { organization_id } }) => {
      await addJob(db.knex, 'replay_webhook', { organization_id, webhook_id, ...sentSince(start, which) });
      return `${webhookPath(ctx, webhook_id)}?done=saved`;
    });
  };
  return submit(ctx.res, translatorOf(ctx), work, (errors) => pageOf(ctx, { errors }));
}
