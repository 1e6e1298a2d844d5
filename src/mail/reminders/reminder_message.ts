import { subjectTitle } from '../../activity/sentence.js';
import { REMINDER_STEPS } from '../../document_types/shared/dates.js';
import type { Format } from '../../pages/format.js';
import type { Translate } from '../../pages/i18n.js';
import type { EmailButton } from '../../pages/views/layouts.js';
import type { Detail } from '../messages/details.js';
import type { EventEmail, Reminder } from '../messages/event_email.js';
import type { RemindedInvoice } from './reminded_invoices.js';
import { fillIn, type ReminderValues, wordsFor } from './reminder_wording.js';

/** What a payment reminder says beyond other emails of events, or in their place. */
export interface ReminderText {
  headline: string;
  subtitle: string | null;
  words: string;
  details: Detail[];
  button: EmailButton;
  /** What else its reader can do. */
  asides: EmailButton[];
  /** Where a reply is posted, if there are several invoices. */
  replies: string | null;
}

interface I18n {
  t: Translate;
  format: Format;
}

/** `link`: the address that opens an invoice by its email's id. */
export function reminderText(
  reminder: Reminder,
  eventEmail: EventEmail,
  link: (email_id: string) => string,
  i18n: I18n,
): ReminderText {
  const { invoices } = reminder;
  const { t, format } = i18n;
  const total = sumOf(invoices, format);
  const url = link(invoices[0]?.id ?? '');
  const late = lateOf(invoices);
  const common = {
    words: wordsOf(reminder, eventEmail, i18n),
    details: [
      ...invoices.map((invoice) => invoiceDetail(invoice, link, i18n)),
      ...(late.length === 1 && invoices.length > 1 ? [{ label: t('Total'), after: total }] : []),
    ],
  };
  const pay = t('Pay {{amount}}', { amount: total });
  const button = { label: pay, url: invoices.length === 1 ? url : `${url}?to=pay` };
  if (late.length === 1) return { ...common, ...ofOne(late[0], url, t), button };
  const { type, number } = eventEmail.subject;
  return {
    ...common,
    headline: t('{{count}} invoices await your payment', { count: late.length }),
    subtitle: total,
    button,
    asides: [],
    replies: t('Your reply is posted to {{document}}.', { document: subjectTitle(t, type, number) }),
  };
}

/** The invoices without what is charged for them; late charges that are told alone are invoices like others. */
function lateOf(invoices: readonly RemindedInvoice[]): readonly RemindedInvoice[] {
  const late = invoices.filter(({ charges }) => !charges);
  return late.length ? late : invoices;
}

const ofOne = (invoice: RemindedInvoice | undefined, url: string, t: Translate) => ({
  headline: headlineOfOne(invoice, t),
  subtitle: null,
  asides: [
    { label: t('Say when you’ll pay'), url: `${url}?to=promise` },
    { label: t('I don’t agree with this'), url: `${url}?to=dispute` },
  ],
  replies: null,
});

/** In words of the organization or ours: those of the furthest step, about the invoices that are so far. */
function wordsOf({ invoices, texts }: Reminder, { reader, partner }: EventEmail, { t, format }: I18n): string {
  const today = invoices[0]?.told_on ?? '';
  const step = REMINDER_STEPS.findLast((step) => invoices.some((invoice) => invoice.step === step)) ?? 'first';
  const asked = invoices.filter(
    ({ due_on }) => step === 'before' || (step === 'on' ? due_on <= today : due_on < today),
  );
  const values = valuesOf(asked.length ? asked : invoices, today, format);
  return fillIn(wordsFor(texts, step, reader.locale, t), { ...values, name: reader.name, company: partner ?? '' });
}

function headlineOfOne(invoice: RemindedInvoice | undefined, t: Translate): string {
  const document = invoice ? subjectTitle(t, invoice.type, invoice.number) : '';
  if (!invoice || invoice.due_on > invoice.told_on) return t('Reminder: {{document}} is due soon', { document });
  return invoice.due_on === invoice.told_on
    ? t('Reminder: {{document}} is due today', { document })
    : t('Reminder: {{document}} is overdue', { document });
}

const invoiceDetail = (invoice: RemindedInvoice, link: (email_id: string) => string, { t, format }: I18n): Detail => ({
  label: subjectTitle(t, invoice.type, invoice.number),
  url: link(invoice.id),
  text: invoice.charges
    ? chargesText(invoice, { t, format })
    : t('due {{date}}', { date: format.date(invoice.due_on) }),
  after: format.money(invoice.open, invoice.currency),
});

/** "late fee $10.00 and interest $8.17 for INV-0042" */
function chargesText({ charges, currency }: RemindedInvoice, { t, format }: I18n): string {
  const { fee = 0, interest = 0, number = '' } = charges ?? {};
  const parts = [
    ...(fee ? [t('late fee {{amount}}', { amount: format.money(fee, currency) })] : []),
    ...(interest ? [t('interest {{amount}}', { amount: format.money(interest, currency) })] : []),
  ];
  return t('{{charges}} for {{number}}', { charges: format.list(parts), number });
}

/** "$108.00 and €50.00" */
function sumOf(invoices: readonly RemindedInvoice[], format: Format): string {
  const sums = new Map<string, number>();
  for (const { currency, open } of invoices) sums.set(currency, (sums.get(currency) ?? 0) + open);
  return format.list([...sums].map(([currency, sum]) => format.money(sum, currency)));
}

const DAY = 86_400_000;

function valuesOf(
  invoices: readonly RemindedInvoice[],
  today: string,
  format: Format,
): Omit<ReminderValues, 'name' | 'company'> {
  const due = invoices[0]?.due_on ?? today;
  return {
    amount: sumOf(invoices, format),
    invoices: format.list(invoices.map(({ number }) => number)),
    due: format.date(due),
    days: String(Math.max(0, Math.round((Date.parse(today) - Date.parse(due)) / DAY))),
  };
}
