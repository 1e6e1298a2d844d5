import { read } from '../../db/scope.js';
import { formatDecimalInput } from '../../documents/content/decimals.js';
import { NotFound } from '../../errors.js';
import { today } from '../../pages/days.js';
import type { Choice } from '../../pages/views/components.js';
import { defineView } from '../../pages/views/render.js';
import { isId } from '../../db/ids.js';
import { usualInvoice } from '../../document_types/relations.js';
import type { I18n } from '../../documents/queries/sheet.js';
import { requireMay } from '../../subjects/may.js';
import { subscription as lifecycle } from '../../subjects/subscription/subscription_lifecycle.js';
import { UNITS } from '../../subjects/subscription/plan_input.js';
import { dayOf, subscriptionSubject } from '../../subscriptions/subscription.js';
import { type TaxChoices, taxChoices } from '../drafts/tax_choices.js';
import { blankRow, type TypedRow } from '../forms/draft_form.js';
import { many } from '../forms/field_values.js';
import { errorsByField } from '../forms/read_form.js';
import { typedRows } from '../forms/read_lines.js';
import { type ActionPage, type Errors, formInput, type FormState } from '../shared/form.js';
import { i18nOf } from '../shared/layout.js';
import { contextPage, type RequestContext } from '../shared/request_context.js';
import { type FoundPartner, type PlanPartner, planPartnerPage, type SubscriptionPage } from './subscription_queries.js';
import { findSubscription } from './subscription_show.js';

/** As the recipients of a draft are. */
interface PlanRecipient {
  id: string;
  name: string;
  email: string;
  partner: string;
  bounced: boolean;
  checked: boolean;
}

/** The form of a plan, new or changed. Posts the lines by row: line_description[] and so on. */
interface PlanForm {
  title: string;
  action: string;
  cancel: string;
  /** Of a change: what its author saw. */
  seen: string | null;
  partner: { id: string; name: string };
  currency: string;
  /** As typed. */
  values: Record<string, string>;
  rows: TypedRow[];
  /** Null where a percentage is typed. */
  taxes: TaxChoices | null;
  units: Choice[];
  recipients: PlanRecipient[];
  errors: Errors;
  /** Under the recipients, where they add one. */
  contact_url: string;
}

export const planFormView = defineView<PlanForm>('subscriptions/form');

/** @throws NotFound */
export async function findPlanPartner({ db, actor }: RequestContext, id: string): Promise<PlanPartner> {
  if (!isId(id)) throw new NotFound();
  const [[found], tax_rates, [default_taxes]] = await read(db.pool, actor, ...planPartnerPage(actor, id));
  if (!found || !default_taxes) throw new NotFound();
  return { ...found, tax_rates, default_taxes };
}

/** The form of a new subscription, filled as it was typed. */
export function newPlanPage(ctx: RequestContext, partner: PlanPartner, errors: Errors = {}): string {
  const { actor, membership } = ctx;
  const i18n = i18nOf(actor);
  const typed = ctx.req.method === 'POST' ? formInput(ctx) : null;
  const initial = {
    ...{ every: '1', unit: 'month', start_on: today(actor), terms_days: String(partner.terms_days), sends: 'on' },
  };
  const list = `/${membership.slug}/subscriptions`;
  const input: PlanForm = {
    ...{ title: i18n.t('New subscription'), action: list, cancel: list, seen: null },
    ...formParts(partner, { typed, initial, rows: [], chosen: null }, ctx, i18n),
    errors: errorsByField(errors, typed ?? {}),
  };
  return contextPage(ctx, planFormView, input.title, input);
}

/** The form that changes a plan, filled as it was typed, or else as the plan is. */
export async function editPlanPage(ctx: RequestContext, form: FormState | null): Promise<string> {
  const { db, actor, membership } = ctx;
  const page = await findSubscription(ctx);
  const action = lifecycle.actions['change'];
  const subject = subscriptionSubject(page, actor);
  if (action) requireMay(actor, { name: 'change', action, subject, today: dayOf(page, actor) });
  const results = await read(db.pool, actor, ...planPartnerPage(actor, page.partner_id));
  const [[partner = nobodyOf(page)], tax_rates, [default_taxes = NO_TAXES]] = results;
  const i18n = i18nOf(actor);
  const url = `/${membership.slug}/subscriptions/${page.number}`;
  const filled = { typed: form?.input ?? null, initial: valuesOf(page), rows: rowsOf(page, actor.locale) };
  const recipients = page.participants.flatMap(({ id, partner_id }) => (partner_id ? [id] : []));
  const input: PlanForm = {
    ...{ title: i18n.t('Change plan'), action: `${url}/change`, cancel: url, seen: subject.seen },
    ...formParts({ ...partner, tax_rates, default_taxes }, { ...filled, chosen: recipients }, ctx, i18n),
    errors: form?.errors ?? {},
  };
  return contextPage(ctx, planFormView, input.title, input);
}

/** Shown again with what was typed. */
export const planFormPage: ActionPage = {
  show: async (ctx, form) => ctx.res.send(await editPlanPage(ctx, form)),
};

/** A partner that is no customer any more. */
const nobodyOf = ({ partner_id, partner, currency, terms_days }: SubscriptionPage): FoundPartner => ({
  ...{ id: partner_id, name: partner, currency, terms_days, contacts: [] },
});

const NO_TAXES = { partner: null, organization: [] };

interface Filled {
  typed: Record<string, unknown> | null;
  initial: Record<string, string>;
  rows: TypedRow[];
  /** Null: all of them. */
  chosen: string[] | null;
}

const BLANK: TypedRow = { ...blankRow(), quantity: '1' };

function formParts(partner: PlanPartner, { typed, initial, rows, chosen }: Filled, ctx: RequestContext, i18n: I18n) {
  const { id, name, currency } = partner;
  const marked = typed ? many(typed, 'recipient') : chosen;
  const lines = typed ? typedRows(typed) : rows;
  const all = [...lines, BLANK, ...(lines.length ? [] : [BLANK])];
  const partner_taxes = typed ? many(typed, 'partner_taxes') : [];
  const when = { actor: ctx.actor, day: today(ctx.actor) };
  const taxed = taxChoices(usualInvoice, partner, { rows: all, partner_taxes }, when);
  return {
    partner: { id, name },
    currency,
    values: typed ? textsIn(typed) : initial,
    rows: taxed.rows,
    taxes: taxed.choices,
    units: UNITS.map((value) => ({ value, label: i18n.t(UNIT_LABELS[value]) })),
    recipients: partner.contacts.map((one) => ({
      ...{ ...one, partner: name, bounced: false },
      checked: marked?.includes(one.id) ?? true,
    })),
    contact_url: `/${ctx.membership.slug}/partners/${id}/contacts/new`,
  };
}

const UNIT_LABELS = { day: 'Days', week: 'Weeks', month: 'Months', year: 'Years' } as const;

const textsIn = (typed: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(typed).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  );

const valuesOf = (page: SubscriptionPage): Record<string, string> => ({
  ...{ title: page.title, every: String(page.every), unit: page.unit, ends_on: page.ends_on ?? '' },
  ...{ terms_days: String(page.terms_days), sends: page.sends ? 'on' : '', prorate: 'on' },
  ...{ reference: page.reference, note: page.note, terms: page.terms },
});

const rowsOf = ({ lines }: SubscriptionPage, locale: string): TypedRow[] =>
  lines.map(({ description, quantity, unit, unit_price, tax_rate, taxes = [] }) => {
    const [tax = formatDecimalInput(tax_rate, locale), tax_2 = '', tax_3 = ''] = taxes.map(({ id }) => id);
    return {
      ...{ ...blankRow(), description, unit, tax, tax_2, tax_3 },
      quantity: formatDecimalInput(quantity, locale),
      price: formatDecimalInput(unit_price, locale),
    };
  });
