import { read, withActor } from '../../db/scope.js';
import { NotFound } from '../../errors.js';
import type { Choice, Link } from '../../pages/views/components.js';
import { defineView } from '../../pages/views/render.js';
import {
  partnerLateChargeTerms,
  setPartnerLateChargeTerms,
  TERMS_OF,
} from '../../payments/reminders/late_charge_terms.js';
import { submittedText } from '../../people/form_values.js';
import { requireMay } from '../../subjects/may.js';
import { submitOnce } from '../acts/once.js';
import type { Errors } from '../shared/form.js';
import { pathId } from '../shared/params.js';
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

interface PartnerLateChargesInput {
  title: string;
  back: Link;
  url: string;
  terms_of: string;
  choices: Choice[];
  currencies: FeeCurrencies;
  fields: LateChargeFields;
  error: string | null;
}

export const partnerLateChargesView = defineView<PartnerLateChargesInput>('reminders/partner_late_charges');

const urlOf = ({ membership, req }: RequestContext) =>
  `/${membership.slug}/partners/${pathId(req, 'partner')}/late-charges`;

export async function showPartnerLateCharges(ctx: RequestContext) {
  requireMay(ctx.actor, { permits: 'invoicing' });
  ctx.res.send(await page(ctx));
}

export async function savePartnerLateCharges(ctx: RequestContext) {
  const { membership, req } = ctx;
  requireMay(ctx.actor, { permits: 'invoicing' });
  const typed = submittedText(req.body);
  const work = async ({ db, actor }: RequestContext) => {
    const terms_of = TERMS_OF.find((whose) => whose === typed['terms_of']) ?? '';
    // What is typed for terms that aren't chosen changes nothing.
    const terms = readLateCharges(terms_of === 'own' ? typed : { currency: typed['currency'] ?? '' }, actor.locale);
    const partner = pathId(req, 'partner');
    await withActor(db.knex, actor, (db) => setPartnerLateChargeTerms(db, actor, partner, { ...terms, terms_of }));
    return `/${membership.slug}/partners/${partner}?done=saved`;
  };
  return submitOnce(ctx, work, (errors) => page(ctx, { typed, errors }));
}

async function page(ctx: RequestContext, refused: { typed: Typed; errors: Errors } | null = null): Promise<string> {
  const { db, actor, membership, req } = ctx;
  const t = translatorOf(ctx);
  const partner = pathId(req, 'partner');
  const [[terms]] = await read(db.pool, actor, partnerLateChargeTerms(actor, partner));
  if (!terms) throw new NotFound();
  const currency = chosenCurrency(refused?.typed['currency'] ?? req.query['currency'], terms);
  return contextPage(ctx, partnerLateChargesView, t('Late fees and interest'), {
    title: t('Late fees and interest'),
    back: { href: `/${membership.slug}/partners/${partner}`, label: `← ${terms.name}` },
    url: urlOf(ctx),
    terms_of: refused?.typed['terms_of'] ?? terms.terms_of,
    choices: [
      { value: '', label: t('As for all customers') },
      { value: 'own', label: t('As set below') },
      { value: 'none', label: t('None') },
    ],
    currencies: feeCurrencies(terms, currency, urlOf(ctx), actor.locale),
    fields: lateChargeFields(terms, currency, { locale: actor.locale, t }, refused),
    error: refused?.errors['form'] ?? null,
  });
}
