import { causeSentence, mandateLines } from '../../activity/charging_facts.js';
import type { Actor } from '../../db/scope.js';
import { formatDecimalInput, fromMinor } from '../../documents/content/decimals.js';
import type { I18n } from '../../documents/queries/sheet.js';
import type { DialogForm, Field, Link } from '../../pages/views/components.js';
import { offeredMethods } from '../../payments/methods/offered_methods.js';
import { methodTitle, type StoredMethodRow, usableMethods } from '../../payments/methods/stored_methods.js';
import { isOffered, may, type SubjectFacts } from '../../subjects/may.js';
import { chargingActions } from '../../subjects/subscription/charging_actions.js';
import { mandateWords } from '../../subscriptions/charging/mandate.js';
import { one } from '../forms/field_values.js';
import type { FormState } from '../shared/form.js';
import type { Chargeable, ChargeRow } from './charging_queries.js';
import type { SubscriptionPage } from './subscription_queries.js';

/** What is proposed before a charge: for a card, and what is usual for a bank debit. */
const NOTICE_DAYS = { card: 3, bank_debit: 14 } as const;

interface Dialog {
  label: string;
  open: boolean;
  text: string;
  form: DialogForm;
}

/** Automatic payment, as its reader sees it: what is agreed, what they can do about it, what was charged. */
export interface ChargingView {
  /** What is agreed; empty: nothing. */
  facts: { label: string; value: string }[];
  /** "Agreed by Maya Chen on December 4, 2026: …", or what could be. */
  text: string;
  agree: Dialog | null;
  end: Dialog | null;
  /** Where a code is typed first, or a method stored. */
  link: Link | null;
  charges: { url: string; label: string; total: string; status: string }[];
}

interface Context {
  actor: Actor;
  slug: string;
  organization: string;
  url: string;
  i18n: I18n;
  form: FormState | null;
  subject: SubjectFacts;
  /** What its forms are decided on. */
  seen: string;
  day: string;
}

/** Null: nothing is paid online here, nor was. */
export function chargingView(page: SubscriptionPage & Chargeable, context: Context): ChargingView | null {
  const { mandate, charges, online, state } = page;
  const { i18n, slug } = context;
  if (!mandate && !charges.length && (!online || state === 'ended' || state === 'draft')) return null;
  const methods = usableMethods(page.stored, offeredMethods(page.offers));
  const answer = mayAgree(context);
  return {
    facts: mandate ? mandateLines(mandate, i18n).map(([label, value]) => ({ label, value })) : [],
    text: textOf(page, context, methods.length > 0),
    agree: answer === 'yes' && methods.length ? agreeDialog(page, methods, context) : null,
    end: endDialog(page, context),
    link: linkOf(answer, methods, context),
    charges: charges.map((charge) => ({
      url: `/${slug}/documents/${charge.number}`,
      label: charge.number,
      total: i18n.format.money(charge.total, page.currency),
      status: statusOf(charge, page.currency, i18n),
    })),
  };
}

const mayAgree = ({ actor, subject, day }: Context) =>
  may(actor, { name: 'agree_charging', action: chargingActions.agree_charging, subject, today: day }).answer;

function textOf({ mandate, partner }: SubscriptionPage, context: Context, usable: boolean): string {
  const { t, format } = context.i18n;
  if (mandate)
    return t('Agreed by {{name}} on {{date}}: “{{words}}”', {
      name: mandate.person ?? t('Someone'),
      date: format.date(mandate.created_at.slice(0, 10)),
      words: mandate.words,
    });
  if (context.actor.side === 'staff') return t('Off. {{partner}} can turn it on here.', { partner });
  if (mayAgree(context) !== 'yes' || usable) return t('Off. Each invoice is paid by hand.');
  return t('Off. Save a card or a bank account first.');
}

function linkOf(answer: string, methods: readonly StoredMethodRow[], { slug, url, i18n }: Context): Link | null {
  if (answer === 'code')
    return { href: `/verify?return_to=${encodeURIComponent(url)}`, label: i18n.t('Pay automatically') };
  if (answer !== 'yes' || methods.length) return null;
  return { href: `/${slug}/payment-methods`, label: i18n.t('Add a payment method') };
}

function agreeDialog(page: SubscriptionPage, methods: readonly StoredMethodRow[], context: Context): Dialog {
  const { i18n, url, form, seen, organization } = context;
  const { t } = i18n;
  const mine = form?.action === 'agree_charging' ? form : null;
  return {
    label: page.mandate ? t('Change automatic payment') : t('Pay automatically'),
    open: mine !== null,
    text: mandateWords(t, { ...page, organization }),
    form: {
      action: `${url}/agree_charging`,
      hidden: { seen },
      fields: agreeFields(page, methods, mine, context),
      button: page.mandate ? t('Agree and change') : t('Agree and pay automatically'),
    },
  };
}

function agreeFields(
  { mandate, total, currency }: SubscriptionPage,
  methods: readonly StoredMethodRow[],
  form: FormState | null,
  { i18n: { t }, actor }: Context,
): Field[] {
  const chosen = methods.find(({ id }) => id === mandate?.method_id) ?? methods[0];
  const usual = chosen?.method === 'bank_debit' ? NOTICE_DAYS.bank_debit : NOTICE_DAYS.card;
  const limit = formatDecimalInput(fromMinor(mandate?.max_amount ?? total, currency), actor.locale);
  const field = (name: string, label: string, value: string, more: Partial<Field>): Field => ({
    ...{ name, label, kind: 'text', required: true, id: `agree-${name}` },
    ...{ value: form ? one(form.input, name) : value, error: form?.errors[name] ?? null },
    ...more,
  });
  return [
    field('method', t('Payment method'), chosen?.id ?? '', {
      kind: 'radio',
      choices: methods.map((method) => ({ value: method.id, label: methodTitle(method, t) })),
    }),
    field('limit', t('Limit for each invoice'), limit, {
      ...{ kind: 'money', currency },
      hint: t('An invoice above it isn’t charged. You pay it by hand.'),
    }),
    field('notice_days', t('Days of notice before each charge'), String(mandate?.notice_days ?? usual), {
      kind: 'number',
      hint: t('14 are usual for a bank debit.'),
    }),
  ];
}

function endDialog({ mandate, partner }: SubscriptionPage, context: Context): Dialog | null {
  const { actor, subject, seen, day, i18n, url } = context;
  const action = chargingActions.end_charging;
  if (!mandate || !isOffered(actor, { name: 'end_charging', action, subject, today: day })) return null;
  const { t } = i18n;
  return {
    label: t('Turn off'),
    open: false,
    text:
      actor.side === 'staff'
        ? t('Nothing more will be charged. {{partner}} pays each invoice by hand and gets an email.', { partner })
        : t('Nothing more will be charged. You’ll pay each invoice by hand.'),
    form: {
      action: `${url}/end_charging`,
      hidden: { seen },
      ...{ fields: [], button: t('Turn off automatic payment'), style: 'danger' },
    },
  };
}

/** "Charged on December 4, 2026", "Declined. Next try on December 8, 2026" */
function statusOf({ state, cause, charge_on, max_amount, payment }: ChargeRow, currency: string, i18n: I18n): string {
  const { t, format } = i18n;
  const date = format.date(charge_on);
  const why = payment?.failure ? t(payment.failure) : t('It did not go through.');
  if (state === 'stopped')
    return t('Not charged. {{why}}', { why: causeSentence(cause ?? '', max_amount, currency, i18n) });
  if (state === 'scheduled')
    return payment ? t('{{why}} Next try on {{date}}', { why, date }) : t('Will be charged on {{date}}', { date });
  if (payment?.state === 'succeeded' && payment.paid_on)
    return t('Charged on {{date}}', { date: format.date(payment.paid_on) });
  if (payment?.state === 'reversed') return t('Taken back by the bank');
  return payment?.state === 'failed' ? t('{{why}} Not tried again', { why }) : t('Being charged');
}
