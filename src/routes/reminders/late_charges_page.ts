import { read, withActor } from '../../db/scope.js';
import { NotFound } from '../../errors.js';
import { defineView } from '../../pages/views/render.js';
import { lateChargeTerms, setLateChargeTerms } from '../../payments/reminders/late_charge_terms.js';
import { submittedText } from '../../people/form_values.js';
import { submitOnce } from '../acts/once.js';
import { isSaved, type SettingsSide, settingsSide, settingsUrl } from '../settings/settings_side.js';
import type { Errors } from '../shared/form.js';
import { contextPage, type RequestContext, translatorOf } from '../shared/request_context.js';
import {
  chosenCurrency,
  type FeeCurrencies,
  feeCurrencies,
  type LateChargeFields,
  lateChargeFields,
  readLateCharges,
  type Typed,
} from './late_charge_fields.js';

interface LateChargesInput {
  side: SettingsSide;
  plan_url: string;
  url: string;
  currencies: FeeCurrencies;
  fields: LateChargeFields;
  error: string | null;
  saved: boolean;
}

export const lateChargesView = defineView<LateChargesInput>('reminders/late_charges');

const PLAN = 'organization/reminders';
const PAGE = `${PLAN}/late-charges`;

export const showLateCharges = async (ctx: RequestContext) => ctx.res.send(await page(ctx));

export function saveLateCharges(ctx: RequestContext) {
  const typed = submittedText(ctx.req.body);
  const work = async ({ db, actor }: RequestContext) => {
    const terms = readLateCharges(typed, actor.locale);
    await withActor(db.knex, actor, (db) => setLateChargeTerms(db, actor, terms));
    return `${settingsUrl(ctx, PAGE)}?currency=${terms.currency}&saved=1`;
  };
  return submitOnce(ctx, work, (errors) => page(ctx, { typed, errors }));
}

async function page(ctx: RequestContext, refused: { typed: Typed; errors: Errors } | null = null): Promise<string> {
  const { db, actor, req } = ctx;
  const t = translatorOf(ctx);
  const [[terms]] = await read(db.pool, actor, lateChargeTerms(actor));
  if (!terms) throw new NotFound();
  const currency = chosenCurrency(refused?.typed['currency'] ?? req.query['currency'], terms);
  const url = settingsUrl(ctx, PAGE);
  return contextPage(ctx, lateChargesView, t('Late fees and interest'), {
    side: settingsSide(ctx, PLAN),
    plan_url: settingsUrl(ctx, PLAN),
    url,
    currencies: feeCurrencies(terms, currency, url, actor.locale),
    fields: lateChargeFields(terms, currency, { locale: actor.locale, t }, refused),
    error: refused?.errors['form'] ?? null,
    saved: isSaved(ctx),
  });
}
