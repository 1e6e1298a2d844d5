import type { Knex } from 'knex';
import type { SendMailOptions } from 'nodemailer';
import { formatFor } from '../../../pages/format.js';
import { translatorFor } from '../../../pages/i18n.js';
import type { MailContext } from '../../outbox/transport.js';
import { eventMessage } from '../compose.js';
import { subjectOf } from '../message_headers.js';
import { safeTexts } from '../safe_text.js';
import { type Addressing, addressingOf, headersFor, renderFor } from './account_messages.js';

interface Row extends Addressing {
  partner_id: string;
  partner: string;
  from_on: string;
  to_on: string;
  currency: string;
  message: string;
  sender: string | null;
}

/** Composes the email with a statement of account once the transaction has ended; null if its reader has left. */
export async function statementComposer(
  db: Knex.Transaction,
  organization_id: string,
  email_id: string,
  context: MailContext,
): Promise<(() => Promise<SendMailOptions>) | null> {
  const row: Row | undefined = await addressingOf(db, organization_id, email_id)
    .join('statement_emails as s', (on) => on.on('s.organization_id', 'e.organization_id').on('s.id', 'e.cause_id'))
    .join('partners as n', (on) => on.on('n.organization_id', 's.organization_id').on('n.id', 's.partner_id'))
    .leftJoin('people as w', (on) => on.on('w.organization_id', 's.organization_id').on('w.id', 's.sent_by'))
    .whereNull('p.removed_at')
    .first('s.partner_id', 's.from_on', 's.to_on', 's.currency', 's.message', 'n.name as partner', 'w.name as sender');
  return row ? () => compose(row, organization_id, context) : null;
}

async function compose(row: Row, organization_id: string, context: MailContext): Promise<SendMailOptions> {
  const { locale, time_zone, organization, slug, partner, partner_id, currency, message, sender } = row;
  const t = translatorFor(locale);
  const format = formatFor(row);
  const period = { from: row.from_on, to: row.to_on };
  const { equation, pdf } = await context.statement(organization_id, {
    partner_id,
    period,
    currency,
    locale,
    time_zone,
  });
  const query = new URLSearchParams({ ...period, currency }).toString();
  const title = t('Statement of account');
  const input = {
    headline: title,
    subtitle: [partner, `${format.date(period.from)} – ${format.date(period.to)}`, currency].join(' · '),
    details: equation.map(({ label, value }) => ({ label, after: value })),
    message: message ? { author: sender ?? organization, text: message } : null,
    earlier: [],
    files: [],
    button: { label: t('View statement'), url: `${context.base_url}/${slug}/statement?${query}` },
    stop: null,
    reply_line: null,
    document_label: title,
    why: t('Sent to you as a contact of {{partner}}.', { partner }),
  };
  return {
    ...headersFor(row, subjectOf({ name: organization }, `${title} · ${format.date(period.to)}`), context),
    ...renderFor(row, eventMessage, safeTexts(input)),
    attachments: pdf ? [{ ...pdf, contentType: 'application/pdf' }] : [],
  };
}
