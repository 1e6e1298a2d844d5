import type { Field, FormPage } from '../../pages/views/components.js';
import { defineView } from '../../pages/views/render.js';
import { submittedText } from '../../people/form_values.js';
import { requireFreshCode } from '../../people/sign_in/fresh_code.js';
import { EVENTS, USUAL_EVENTS } from '../../webhooks/webhook_events.js';
import type { Reach } from '../../webhooks/reach.js';
import { addWebhook, changeWebhook } from '../../webhooks/webhook.js';
import { boxOf, parseWebhook } from '../../webhooks/webhook_form.js';
import { submitOnce } from '../acts/once.js';
import { authorityOf } from '../profile/profile_request.js';
import { settingsUrl } from '../settings/settings_side.js';
import type { Errors } from '../shared/form.js';
import { identityOf } from '../shared/guard.js';
import { pathId } from '../shared/params.js';
import { contextPage, type RequestContext, translatorOf } from '../shared/request_context.js';
import { PAGE, readWebhook, webhookPath } from './webhooks_page.js';

export const webhookForm = defineView<FormPage>('webhook_settings/form');

const typedOf = (url: string, events: Iterable<string>): Record<string, string> => ({
  url,
  ...Object.fromEntries([...events].map((name) => [boxOf(name), 'on'])),
});

export function askWebhook(ctx: RequestContext) {
  requireFreshCode(identityOf(ctx.req).session);
  ctx.res.send(formPage(ctx, typedOf('', USUAL_EVENTS), {}, null));
}

export function createWebhook(ctx: RequestContext, secrets: readonly string[], reach: Reach) {
  requireFreshCode(identityOf(ctx.req).session);
  const work = async ({ db }: RequestContext) =>
    webhookPath(ctx, await addWebhook(db.knex, secrets, authorityOf(ctx), parseWebhook(reach, ctx.req.body)));
  return submitOnce(ctx, work, (errors) => formPage(ctx, submittedText(ctx.req.body), errors, null));
}

export async function askChange(ctx: RequestContext) {
  requireFreshCode(identityOf(ctx.req).session);
  const { id, url, events } = await readWebhook(ctx);
  ctx.res.send(formPage(ctx, typedOf(url, events), {}, id));
}

export function saveWebhook(ctx: RequestContext, reach: Reach) {
  requireFreshCode(identityOf(ctx.req).session);
  const id = pathId(ctx.req, 'webhook');
  const work = async ({ db }: RequestContext) => {
    await changeWebhook(db.knex, authorityOf(ctx), id, parseWebhook(reach, ctx.req.body));
    return `${webhookPath(ctx, id)}?done=saved`;
  };
  return submitOnce(ctx, work, (errors) => formPage(ctx, submittedText(ctx.req.body), errors, id));
}

/** `id`: of the webhook that is changed; null: a new one. */
function formPage(ctx: RequestContext, values: Record<string, string>, errors: Errors, id: string | null): string {
  const t = translatorOf(ctx);
  const list = settingsUrl(ctx, PAGE);
  const back = id ? webhookPath(ctx, id) : list;
  const title = id ? t('Change webhook') : t('Add webhook');
  const boxes = EVENTS.map(([name, label]): Field => {
    const box = boxOf(name);
    return { name: box, kind: 'checkbox', label: t(label), value: values[box] };
  });
  return contextPage(ctx, webhookForm, title, {
    title,
    back: { href: back, label: `← ${t('Webhooks')}` },
    text: t('We post JSON to this address, signed, whenever one of the events happens.'),
    action: id ? `${back}/edit` : list,
    error: errors['form'],
    fields: [
      {
        ...{ name: 'url', kind: 'text', label: t('Address'), value: values['url'], error: errors['url'] },
        ...{ hint: t('Of your program, beginning with https://.'), maxlength: 1000, required: true },
        autocomplete: 'off',
      },
      ...boxes,
    ],
    button: id ? t('Save') : t('Add webhook'),
    cancel: back,
  });
}
