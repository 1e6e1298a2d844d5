import type { Knex } from 'knex';
import type { SendMailOptions } from 'nodemailer';
import { documentLocale } from '../../../input/locale_tag.js';
import { formatFor } from '../../../pages/format.js';
import { translatorFor } from '../../../pages/i18n.js';
import { pdfPage } from '../../../pages/print_html.js';
import type { Receipt } from '../../../pages/views/components.js';
import type { EmailButton, EmailLayout, PdfLayout } from '../../../pages/views/layouts.js';
import { defineView } from '../../../pages/views/render.js';
import { headersFor, renderFor } from '../account/account_messages.js';
import { type Installation, subjectOf } from '../message_headers.js';
import { safeTexts } from '../safe_text.js';
import {
  findRemittance,
  type Remittance,
  remittanceFacts,
  remittanceSheet,
  remittedBills,
} from './remittance_sheet.js';

interface RemittanceEmail {
  headline: string;
  subtitle: string;
  bills: Receipt['parts'];
  facts: Receipt['facts'];
  button: EmailButton;
  why: string;
}

export const remittanceEmail = defineView<RemittanceEmail, EmailLayout>('emails/remittance');
export const remittancePdfView = defineView<{ receipt: Receipt }, PdfLayout>('payments/remittance_pdf');

/** Prints HTML; null if it can't be printed. */
type Print = (html: string) => Promise<Buffer | null>;

/**
 * What composes the email to a contact of a vendor that was paid, with its PDF, once the transaction has ended; null if
 * the payment was taken back meanwhile, or they are no contact any more.
 */
export async function composeRemittance(
  db: Knex.Transaction,
  organization_id: string,
  email_id: string,
  installation: Installation & { print: Print },
): Promise<(() => Promise<SendMailOptions>) | null> {
  const remittance = await findRemittance(db, organization_id, email_id);
  if (!remittance || remittance.removed_at || remittance.state !== 'succeeded') return null;
  const { locale, organization } = remittance;
  const input = inputOf(remittance, installation.base_url);
  const message = {
    ...headersFor(remittance, subjectOf({ name: organization }, safeTexts(input).headline), installation),
    ...renderFor(remittance, remittanceEmail, safeTexts(input)),
  };
  const { title, html } = pdfOf(remittance, documentLocale(locale, remittance.document_locale));
  return async () => {
    const content = await installation.print(html);
    const pdf = content && { filename: `${title}.pdf`, content, contentType: 'application/pdf' };
    return { ...message, attachments: pdf ? [pdf] : [] };
  };
}

function inputOf(remittance: Remittance, base_url: string): RemittanceEmail {
  const { slug, payment_id, amount, currency, to } = remittance;
  const t = translatorFor(remittance.locale);
  const format = formatFor(remittance);
  const values = { amount: format.money(amount, currency), count: remittance.bills.length };
  return {
    headline: t('We paid you {{amount}}', values),
    subtitle: t('For {{count}} bills, sent to your bank.', values),
    bills: remittedBills(remittance, { t, format }),
    facts: remittanceFacts(remittance, { t, format }),
    button: { label: t('View remittance'), url: `${base_url}/${slug}/payments/${payment_id}` },
    why: t('Sent to you as a contact of {{partner}}.', { partner: to.name }),
  };
}

function pdfOf(remittance: Remittance, locale: string) {
  const i18n = { t: translatorFor(locale), format: formatFor({ locale, time_zone: 'UTC' }) };
  const receipt = remittanceSheet(remittance, i18n);
  const title = `${receipt.title} ${remittance.reference}`;
  const page = { locale, time_zone: 'UTC', accent: remittance.accent, title, label: title };
  return { title, html: pdfPage({ ...page, view: remittancePdfView, input: { receipt } }) };
}
