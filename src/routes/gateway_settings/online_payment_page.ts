import { type Query, read, systemActor } from '../../db/scope.js';
import { NotFound } from '../../errors.js';
import { defineView } from '../../pages/views/render.js';
import { STRIPE_EVENTS } from '../../payments/gateways/stripe/stripe_events.js';
import type { StripeKeysShown } from '../../payments/gateways/stripe/keys/stripe_keys.js';
import { type SettingsSide, settingsSide, settingsUrl } from '../settings/settings_side.js';
import { contextPage, type RequestContext, translatorOf } from '../shared/request_context.js';

interface OnlinePaymentInput {
  side: SettingsSide;
  url: string;
  /** Null: customers can't pay through Stripe. */
  stripe: {
    /** Whether money moves. */
    live: boolean;
    facts: { label: string; value: string }[];
    /** Whether webhooks may still be signed with the secret before. */
    rolling: boolean;
    /** Whether Stripe is still to tell of payments. */
    under_way: boolean;
  } | null;
  sandbox: boolean;
  webhook: { address: string; events: readonly string[] };
}

export const onlinePaymentView = defineView<OnlinePaymentInput>('gateway_settings/show');

export const PAGE = 'organization/online-payment';

interface OnlinePayment {
  gateway: string | null;
  keys: StripeKeysShown | null;
  under_way: boolean;
}

const onlinePayment = (organization_id: string): Query<OnlinePayment> => ({
  name: 'online_payment',
  text: `select o.gateway,
    (select json_build_object('livemode', k.livemode, 'account', k.account,
      'secret_key_ending', k.secret_key_ending, 'webhook_secret_ending', k.webhook_secret_ending,
      'old_webhook_secret_ending', k.old_webhook_secret_ending)
      from stripe_keys k where k.organization_id = $1) as keys,
    coalesce((select true from payments where organization_id = $1 and gateway <> 'recorded'
      and state in ('started', 'processing') and gateway = 'stripe' limit 1), false) as under_way
    from organizations o where o.id = $1`,
  values: [organization_id],
});

/** How the organization is paid online. Its keys are the system's to read; nothing sealed is. @throws NotFound */
export async function readOnlinePayment({ db, membership }: RequestContext): Promise<OnlinePayment> {
  const { organization_id } = membership;
  const [[found]] = await read(db.pool, systemActor(organization_id), onlinePayment(organization_id));
  if (!found) throw new NotFound();
  return found;
}

export async function showOnlinePayment(ctx: RequestContext, base_url: string) {
  const t = translatorOf(ctx);
  const { gateway, keys, under_way } = await readOnlinePayment(ctx);
  const stripe = keys && {
    live: keys.livemode,
    facts: factsOf(keys, t),
    rolling: Boolean(keys.old_webhook_secret_ending),
    under_way,
  };
  ctx.res.send(
    contextPage(ctx, onlinePaymentView, t('Online payment'), {
      side: settingsSide(ctx, PAGE),
      url: settingsUrl(ctx, PAGE),
      stripe,
      sandbox: gateway === 'sandbox',
      webhook: { address: `${base_url}/webhooks/stripe/${ctx.membership.organization_id}`, events: STRIPE_EVENTS },
    }),
  );
}

function factsOf(keys: StripeKeysShown, t: ReturnType<typeof translatorOf>) {
  const { account, secret_key_ending, webhook_secret_ending, old_webhook_secret_ending } = keys;
  return [
    { label: t('Mode'), value: keys.livemode ? t('Live') : t('Test: no money moves') },
    { label: t('Stripe account'), value: account },
    { label: t('Secret key'), value: secret_key_ending },
    { label: t('Signing secret'), value: webhook_secret_ending },
    { label: t('Earlier signing secret'), value: old_webhook_secret_ending ?? '' },
  ].filter(({ value }) => value);
}
