import { subjectTitle } from '../../activity/sentence.js';
import { paymentFacts } from '../../activity/payment_facts.js';
import { has, typeNamed } from '../../document_types/index.js';
import { type I18n, referenceLabel, sheetParty } from '../../documents/queries/sheet.js';
import { documentLocale } from '../../input/locale_tag.js';
import { methodLabel } from '../../input/payment_methods.js';
import { formatFor } from '../../pages/format.js';
import { translatorFor } from '../../pages/i18n.js';
import { pdfPage } from '../../pages/print_html.js';
import type { Link, Moment, Receipt } from '../../pages/views/components.js';
import type { PdfLayout } from '../../pages/views/layouts.js';
import { defineView } from '../../pages/views/render.js';
import { methodTitle } from '../../payments/methods/stored_methods.js';
import { may } from '../../subjects/may.js';
import { paymentState } from '../documents/history_view.js';
import { i18nOf } from '../shared/layout.js';
import type { RequestContext } from '../shared/request_context.js';
import { paymentMoment } from './payment_moment.js';
import type { PaymentPage, ReceiptPart } from './payment_queries.js';

interface Notice {
  tone: 'late' | 'waiting';
  title: string;
  text: string;
}

/** A payment's page: its receipt, to print, for both sides. */
interface ReceiptInput {
  title: string;
  back: Link;
  receipt: Receipt;
  /** What came of it, unless it is said by a notice. */
  moment: Moment | null;
  /** What became of a payment that did not arrive, or was taken back. */
  notice: Notice | null;
  /** Where a payment that was begun goes on. */
  go_on: string | null;
  /** Where the one whose payment did not go through pays what is still open. */
  try_again: string | null;
  /** The paid document; null where the way back leads to it. */
  document: Link | null;
  pdf_url: string | null;
}

export const receiptView = defineView<ReceiptInput>('payments/receipt');
export const receiptPdfView = defineView<{ receipt: Receipt }, PdfLayout>('payments/receipt_pdf');

export function receiptPage(payment: PaymentPage, { req, actor, membership }: RequestContext): ReceiptInput {
  const i18n = i18nOf(actor);
  const { t } = i18n;
  const { id, kind, number, document_id, paid_on, state, person_id } = payment;
  const url = `/${membership.slug}/payments`;
  const returned = req.query['returned'] !== undefined;
  const waits = state === 'started' && returned;
  const mine = person_id === actor.person_id;
  const receipt = receiptOf(payment, i18n);
  const document = {
    href: `/${membership.slug}/documents/${number ?? document_id}`,
    label: subjectTitle(t, kind, number),
  };
  const all = may(actor, 'everything').answer === 'yes';
  return {
    title: receipt.title,
    back: all ? { href: url, label: `← ${t('Payments')}` } : { ...document, label: `← ${document.label}` },
    receipt,
    moment: paymentMoment(payment, { receipt, mine, again: waits ? `${url}/${id}?returned` : null }, i18n),
    notice: waits ? null : noticeOf(payment, i18n),
    go_on: state === 'started' && mine && !returned ? `${url}/${id}/checkout` : null,
    try_again: state === 'failed' && mine ? payAgain(payment, `/${membership.slug}`) : null,
    document: all ? document : null,
    pdf_url: paid_on && `${url}/${id}/pdf`,
  };
}

/** The form to pay with what is open of it chosen again. */
function payAgain({ parts, currency }: PaymentPage, home: string): string | null {
  const open = parts.filter(({ open }) => open > 0);
  const [only] = open;
  if (!only) return null;
  if (parts.length === 1) return `${home}/documents/${only.number}/pay`;
  const fields = [['chosen', '1'], ['currency', currency], ...open.map(({ id }) => ['pay', id])];
  return `${home}/pay?${new URLSearchParams(fields)}`;
}

/** The same as HTML to print, in the language of its reader's documents. */
export function receiptPdf(payment: PaymentPage, { actor, membership }: RequestContext) {
  const locale = documentLocale(actor.locale, membership.document_locale);
  const i18n = { t: translatorFor(locale), format: formatFor({ locale, time_zone: 'UTC' }) };
  const receipt = receiptOf(payment, i18n);
  const title = `${receipt.title} ${payment.number ?? ''}`;
  const page = { locale, time_zone: 'UTC', accent: membership.accent, title, label: title };
  return { name: `${title}.pdf`, html: pdfPage({ ...page, view: receiptPdfView, input: { receipt } }) };
}

function receiptOf(payment: PaymentPage, i18n: I18n): Receipt {
  const { t, format } = i18n;
  const { kind, amount, currency, state, paid_on } = payment;
  const payable = typeNamed(kind).owes === 'payable';
  const organization = sheetParty(payment.from, i18n);
  const partner = sheetParty(payment.to, i18n);
  const [label, tone] = paymentState(state, kind);
  return {
    title: t(!paid_on ? 'Payment' : payable ? 'Remittance' : 'Receipt'),
    amount: format.money(amount, currency),
    badge: { label: t(label), tone },
    payee: payable ? partner : organization,
    payer: payable ? organization : partner,
    facts: factsOf(payment, i18n),
    parts: paid_on ? partsOf(payment, i18n) : [],
  };
}

function factsOf(payment: PaymentPage, i18n: I18n): Receipt['facts'] {
  const { t, format } = i18n;
  const { kind, currency, paid_on, day, reference, payer, parts, stored } = payment;
  const method = stored ? methodTitle(stored, t) : payment.method;
  const fact = (label: string, value: string | null) => (value ? [{ label, value }] : []);
  const references = parts.map((part) => part.reference).filter(Boolean);
  return [
    ...fact(t('For'), parts.map((part) => subjectTitle(t, part.kind, part.number)).join(', ')),
    ...fact(t(referenceLabel(kind)), references.join(', ')),
    ...(paid_on
      ? paymentFacts({ paid_on, method, reference }, currency, i18n)
      : [...fact(t('Started on'), format.date(day)), ...fact(t('Payment method'), methodLabel(method, t))]),
    ...fact(t('Paid online by'), payer),
  ];
}

/** What it paid, the credit that was used with it, and what of it was kept as credit or paid back. */
function partsOf({ parts, currency, state, refunds }: PaymentPage, i18n: I18n): Receipt['parts'] {
  const { t, format } = i18n;
  const money = (minor: number) => format.money(minor, currency);
  const sum = (of: (part: ReceiptPart) => number) => parts.reduce((total, part) => total + of(part), 0);
  const [kept, used] = [sum(({ amount, applied }) => amount - applied), sum(({ credit }) => credit)];
  const back = refunds.filter(({ state }) => state === 'succeeded').reduce((total, { amount }) => total + amount, 0);
  const later = t('Available for later invoices');
  return [
    ...parts.map((part) => partOf(part, state, money, i18n)),
    ...(used ? [{ label: t('Paid from credit'), sub: '', amount: money(-used) }] : []),
    ...(kept ? [{ label: t('Kept as credit'), sub: later, amount: money(kept) }] : []),
    ...(back ? [{ label: t('Refunded'), sub: '', amount: money(-back) }] : []),
  ];
}

function partOf(
  { kind, number, applied, credit, discount, open, due_on }: ReceiptPart,
  state: string,
  money: (minor: number) => string,
  { t, format }: I18n,
): Receipt['parts'][number] {
  const date = due_on && format.date(due_on);
  const remaining = date
    ? t('{{amount}} remaining, due {{date}}', { amount: money(open), date })
    : t('{{amount}} remaining', { amount: money(open) });
  const retained = has(typeNamed(kind), 'prepayment') && state === 'succeeded';
  const whole = { amount: money(applied + discount), discount: money(discount) };
  const less = discount ? t('{{amount}} less {{discount}} early-payment discount', whole) : null;
  const details = [open > 0 ? remaining : t('Paid in full'), less, retained ? t('Available for later invoices') : null];
  return {
    label: subjectTitle(t, kind, number),
    sub: details.filter(Boolean).join(' · '),
    amount: money(applied + credit),
  };
}

function noticeOf({ state, failure }: PaymentPage, { t }: I18n): Notice | null {
  if (state === 'started')
    return { tone: 'waiting', title: t('This payment was not finished'), text: t('Nothing was charged yet.') };
  if (state === 'cancelled')
    return { tone: 'late', title: t('This payment was canceled'), text: t('Nothing was charged.') };
  if (state === 'reversed') return { tone: 'late', title: t('This payment was reversed'), text: failure };
  if (state === 'failed')
    return { tone: 'late', title: t('This payment did not go through'), text: failure && t(failure) };
  return null;
}
