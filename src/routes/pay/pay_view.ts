import { subjectTitle } from '../../activity/sentence.js';
import { overdue } from '../../document_types/shared/dates.js';
import { keyOf, type Document } from '../../documents/content/document.js';
import { seenOf } from '../../documents/content/seen.js';
import { paymentInstructions } from '../../documents/queries/payment_instructions.js';
import type { I18n } from '../../documents/queries/sheet.js';
import { today } from '../../pages/days.js';
import type { Choice as MethodChoice, Link, PaymentInstructions, Tab } from '../../pages/views/components.js';
import { defineView } from '../../pages/views/render.js';
import { i18nOf } from '../shared/layout.js';
import type { RequestContext } from '../shared/request_context.js';
import { type Choice, creditName, type Offer, type PayPlan } from './pay_choice.js';
import type { Payee, UsableCredit } from './payable_queries.js';

interface DocumentRow {
  id: string;
  /** What its reader decides on. */
  seen: string;
  title: string;
  number: string;
  /** When it is due, and what of it stays due if a part is paid. */
  due: string;
  late: boolean;
  stays: string | null;
  checked: boolean;
  amount: string;
  /** Where a part may be paid: what was typed. */
  typed: string | null;
  error: string | null;
}

interface CreditRow {
  name: string;
  title: string;
  text: string;
  amount: string;
  checked: boolean;
}

interface SumRow {
  label: string;
  amount: string;
  line?: boolean;
}

/** It posts `pay`, `amount_{id}`, `credit`, `method`, `total` and `seen_{id}`. Its address shows what they come to. */
interface PayInput {
  payee: string;
  back: Link;
  /** Where it is posted, and where the sum of a choice is shown. */
  action: string;
  url: string;
  currency: string;
  /** The other currencies in which something is owed. */
  tabs: Tab[];
  /** The number of the document that it was opened from, and what that showed. */
  opened: string | null;
  seen: string | null;
  documents: DocumentRow[];
  credits: CreditRow[];
  methods: MethodChoice[];
  method: string;
  /** Whether it is asked here to keep the method: the sandbox asks on its own page. */
  asks_to_store: boolean;
  total: number;
  sum: { amount: string; rows: SumRow[]; method: string; after: string; button: string; ready: boolean };
  errors: { form?: string | undefined; method?: string | undefined };
  /** How to pay without the gateway. */
  payment: PaymentInstructions | null;
  online: boolean;
}

export const payView = defineView<PayInput>('pay/show');

/** What a page to pay is made from. */
export interface PayPage {
  offer: Offer;
  choice: Choice;
  plan: PayPlan;
  payee: Payee;
  currencies: string[];
  /** How what is chosen can be paid, and with what it will be. */
  methods: MethodChoice[];
  method: string;
  /** The document that it was opened from. */
  opened: Document | null;
  errors: PayInput['errors'];
}

export function payPageView(ctx: RequestContext, page: PayPage): PayInput {
  const { actor, membership } = ctx;
  const i18n = i18nOf(actor);
  const { t } = i18n;
  const { offer, plan, payee, opened, errors } = page;
  const { slug, organization } = membership;
  const pay = `/${slug}/pay`;
  const document = opened && `/${slug}/documents/${keyOf(opened)}`;
  const label = opened && `← ${subjectTitle(t, opened.type, opened.number)}`;
  return {
    payee: organization,
    back: { href: document ?? `/${slug}`, label: label ?? `← ${t('Home')}` },
    action: pay,
    url: document ? `${document}/pay` : pay,
    currency: offer.currency,
    tabs: tabsOf(page, pay),
    opened: opened?.number ?? null,
    seen: opened && seenOf(opened),
    documents: offer.documents.map((one) => documentRow(one, page, today(actor), i18n)),
    credits: offer.credits.map((credit) => creditRow(credit, page, i18n)),
    methods: page.methods,
    method: page.method,
    asks_to_store: payee.gateway !== 'sandbox',
    total: plan.total,
    sum: sumOf(page, today(actor), i18n),
    errors,
    payment: instructionsOf(page, t),
    online: payee.gateway !== null && page.methods.length > 0,
  };
}

const tabsOf = ({ currencies, offer }: PayPage, url: string): Tab[] =>
  currencies.length < 2
    ? []
    : currencies.map((currency) => ({
        href: `${url}?currency=${currency}`,
        label: currency,
        current: currency === offer.currency,
      }));

function documentRow(document: Document, page: PayPage, day: string, { t, format }: I18n): DocumentRow {
  const { id, title, number, due_on, open, currency, partial_payments, type } = document;
  const { choice, plan } = page;
  const money = (minor: number) => format.money(minor, currency);
  const part = plan.parts.find((one) => one.id === id);
  const paid = part ? part.money + part.credits.reduce((sum, { amount }) => sum + amount, 0) : open;
  const date = due_on && format.date(due_on);
  const late = overdue(document, day);
  const error = plan.errors.get(id);
  return {
    id,
    seen: seenOf(document),
    title: title || subjectTitle(t, type, number),
    number: number ?? '',
    due: date ? t(late ? 'Was due {{date}}' : 'Due {{date}}', { date }) : '',
    late,
    stays: paid < open ? t('{{amount}} stays open', { amount: money(open - paid) }) : null,
    checked: choice.documents.has(id),
    amount: money(open),
    typed: partial_payments ? (choice.amounts.get(id) ?? format.moneyInput(open, currency)) : null,
    error: error ? t(error, { amount: money(open), number: number ?? '' }) : null,
  };
}

function creditRow(credit: UsableCredit, { choice, plan, offer }: PayPage, { t, format }: I18n): CreditRow {
  const { source_id, type, number, title, available, currency } = credit;
  const pays = plan.parts
    .filter(({ credits }) => credits.some(({ source }) => source === source_id))
    .map(({ id }) => offer.documents.find((one) => one.id === id)?.number ?? '');
  const uses = pays.length ? t('applies to {{numbers}}', { numbers: pays.join(', ') }) : t('kept for later');
  return {
    name: creditName(credit),
    title: type ? subjectTitle(t, type, number) : t('Overpaid'),
    text: [title, uses].filter(Boolean).join(' · '),
    amount: format.money(-available, currency),
    checked: choice.credits.has(creditName(credit)),
  };
}

function sumOf({ offer, plan, methods, method }: PayPage, day: string, { t, format }: I18n): PayInput['sum'] {
  const { currency, documents } = offer;
  const money = (minor: number) => format.money(minor, currency);
  const paid = plan.parts.map(({ id, money: charged, credits }) => {
    const credit = credits.reduce((sum, { amount }) => sum + amount, 0);
    return { document: documents.find((one) => one.id === id), credit, amount: charged + credit };
  });
  const credit = paid.reduce((sum, one) => sum + one.credit, 0);
  const outstanding = documents.reduce((sum, { open }) => sum + open, 0) - plan.total - credit;
  const late = documents.some(
    (document) =>
      overdue(document, day) && !paid.some((one) => one.document === document && one.amount === document.open),
  );
  const rest = t('Outstanding after this: {{amount}}.', { amount: money(outstanding) });
  return {
    amount: money(plan.total),
    rows: [
      ...paid.map(({ document, amount }) => ({
        label:
          amount < (document?.open ?? 0)
            ? t('{{number}}, part', { number: document?.number ?? '' })
            : (document?.number ?? ''),
        amount: money(amount),
      })),
      ...(credit ? [{ label: t('Credits applied'), amount: money(-credit), line: true }] : []),
    ],
    method: plan.total ? (methods.find(({ value }) => value === method)?.label ?? '') : t('Nothing is charged'),
    after: late || outstanding <= 0 ? rest : `${rest} ${t('Nothing overdue.')}`,
    button: plan.total ? t('Pay {{amount}}', { amount: money(plan.total) }) : t('Use credit'),
    ready: plan.parts.length > 0 && plan.errors.size === 0 && (plan.total === 0 || methods.length > 0),
  };
}

/** By bank, the one document that it was opened from, or that is the only one. */
function instructionsOf({ offer, opened, payee }: PayPage, t: I18n['t']): PaymentInstructions | null {
  const [only] = offer.documents.length === 1 ? offer.documents : [];
  const document = opened ?? only;
  const accounts = payee.accounts.filter(({ currency }) => currency === offer.currency);
  const amount = document?.open ?? offer.documents.reduce((sum, { open }) => sum + open, 0);
  const [first] = offer.documents;
  if (!first) return null;
  const { payment_note, address } = payee;
  const { type } = document ?? first;
  return paymentInstructions({ type, number: document?.number ?? null, amount, accounts, payment_note, address }, t);
}
