import type { Database } from '../../db/database.js';
import { type Query, read, systemActor } from '../../db/scope.js';
import type { Printer } from '../../documents/queries/document_pdf.js';
import { NotFound } from '../../errors.js';
import type { EmailedStatement, MailContext } from '../../mail/outbox/transport.js';
import { today } from '../../pages/days.js';
import { formatFor } from '../../pages/format.js';
import { translatorFor } from '../../pages/i18n.js';
import { Unprintable } from '../../pdf/print_failures.js';
import { accountStatement, SHOWN_ENTRIES } from '../../payments/statements/statement.js';
import { printStatement } from './statement_pdf.js';
import { statementSheet } from './statement_sheet.js';

/** What the email of a statement has: its sums, and its PDF, if that can be printed. */
export const emailedStatement =
  ({ pool }: Pick<Database, 'pool'>, printer: Printer): MailContext['statement'] =>
  async (organization_id, { partner_id, period, currency, locale, time_zone }): Promise<EmailedStatement> => {
    const [[organization]] = await read(pool, systemActor(organization_id), organizationOf(organization_id));
    if (!organization) throw new NotFound();
    const system = { ...systemActor(organization_id), time_zone: organization.time_zone };
    const options = { currency, limit: SHOWN_ENTRIES, today: today(system) };
    const [[account]] = await read(pool, system, accountStatement(system, partner_id, period, options));
    if (!account) throw new NotFound();
    const i18n = { t: translatorFor(locale), format: formatFor({ locale, time_zone }) };
    const { equation } = statementSheet(account, { period, today: options.today, url: null, i18n });
    const look = { locale, time_zone, accent: organization.accent, today: options.today, i18n };
    const pdf = await printStatement(printer, account, period, look).catch((error: unknown) => {
      if (error instanceof Unprintable) return null;
      throw error;
    });
    return { equation, pdf };
  };

const organizationOf = (id: string): Query<{ time_zone: string; accent: string }> => ({
  name: 'statement_organization',
  text: 'select time_zone, accent from organizations where id = $1',
  values: [id],
});
