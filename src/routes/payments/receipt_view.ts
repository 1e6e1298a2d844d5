import { subjectTitle } from '../../activity/sentence.js';
import { paymentFacts } from '../../activity/payment_facts.js';
import { has, typeNamed } from '../../document_types/index.js';
import { type I18n, referenceLabel, sheetParty } from '../../documents/queries/sheet.js';
import { documentLocale } from '../../input/locale_tag.js';
import { methodLabel } from '../../input/payment_methods.js';
import { formatFor } from '../../pages/format.js';
import { translatorFor } from '../../pages/i18n.js';
import { pdfPage } from '../../pages/print_html.js';
import type { Link, Receipt } from '../../pages/views/components.js';
import type { PdfLayout } from '../../pages/views/layouts.js';
import { defineView } from '../../pages/views/render.js';
import { may } from '../../subjects/may.js';
import { paymentState } from '../documents/history_view.js';
import { i18nOf } from '../shared/layout.js';
import type { RequestContext } from '../shared/request_context.js';
import type { PaymentPage } from './payment_queries.js';

/** A payment's page: its receipt, to print, for both sides. */
interface ReceiptInput {
  title: string;
  back: Link;
  receipt: Receipt;
  /** What became of a payment that did not arrive, or was taken back. */
  notice: { tone: 'late' | 'waiting'; title: string; text: string } | null;
  /** The paid document; null where the way back leads to it. */
  document: Link | null;
  pdf_url: string | null;
}

export const receiptView = defineView<ReceiptInput>('payments/receipt');
export const receiptPdfView = defineView<{ receipt: Receipt }, PdfLayout>('payments/receipt_pdf');

export function receiptPage(payment: PaymentPage, { actor, membership }: RequestContext): ReceiptInput {
  const i18n = i18nOf(actor);
  const { t } = i18n;
  const { id, kind, number, document_id, paid_on } = payment;
  const url = `/${membership.slug}/payments`;
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
    notice: noticeOf(payment, i18n),
    document: all ? document : null,
    pdf_url: paid_on && `${url}/${id}/pdf`,
  };
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
    title: t(paid_on ? 'Receipt' : 'Payment'),
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
  const { kind, number, currency, paid_on, day, method, reference, payer, document_reference } = payment;
  const fact = (label: string, value: string | null) => (value ? [{ label, value }] : []);
  return [
    ...fact(t('For'), subjectTitle(t, kind, number)),
    ...fact(t(referenceLabel(kind)), document_reference),
    ...(paid_on
      ? paymentFacts({ paid_on, method, reference }, currency, i18n)
      : [...fact(t('Started on'), format.date(day)), ...fact(t('Payment method'), methodLabel(method, t))]),
    ...fact(t('Paid online by'), payer),
  ];
}

/** What it paid, and what of it was kept as credit. */
function partsOf({ kind, number, amount, applied, open, currency, state }: PaymentPage, i18n: I18n): Receipt['parts'] {
  const { t, format } = i18n;
  const money = (minor: number) => format.money(minor, currency);
  const left = open > 0 ? t('{{amount}} remaining', { amount: money(open) }) : t('Paid in full');
  const retained = has(typeNamed(kind), 'prepayment') && state === 'succeeded';
  const details = [left, retained ? t('Available for later invoices') : null];
  return [
    { label: subjectTitle(t, kind, number), sub: details.filter(Boolean).join(' · '), amount: money(applied) },
    ...(amount > applied
      ? [{ label: t('Kept as credit'), sub: t('Available for later invoices'), amount: money(amount - applied) }]
      : []),
  ];
}

function noticeOf({ kind, state, failure }: PaymentPage, { t }: I18n): ReceiptInput['notice'] {
  if (state === 'reversed') return { tone: 'late', title: t('This payment was reversed'), text: failure };
  if (state === 'failed')
    return { tone: 'late', title: t('This payment did not go through'), text: failure && t(failure) };
  if (state !== 'processing') return null;
  const text = typeNamed(kind).owes === 'receivable' ? t('The receipt comes by email once it arrives.') : '';
  return { tone: 'waiting', title: t('This payment is on its way'), text };
}
