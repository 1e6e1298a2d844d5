import { downloadHeaders } from '../../files/file.js';
import type { Printer } from '../../documents/queries/document_pdf.js';
import { today } from '../../pages/days.js';
import { pdfPage } from '../../pages/print_html.js';
import type { Statement } from '../../pages/views/components.js';
import type { PdfLayout } from '../../pages/views/layouts.js';
import { defineView } from '../../pages/views/render.js';
import type { AccountStatement, Period } from '../../payments/statement.js';
import { i18nOf } from '../shared/layout.js';
import type { RequestContext } from '../shared/request_context.js';
import { statementSheet } from './statement_sheet.js';

export const statementPdf = defineView<{ statement: Statement }, PdfLayout>('statements/pdf');

/** Sends a statement as a PDF: the same sheet as on its page, in the reader's language. */
export async function sendStatementPdf(
  { res, actor, membership }: RequestContext,
  printer: Printer,
  account: AccountStatement,
  period: Period,
): Promise<void> {
  const { locale, time_zone } = actor;
  const i18n = i18nOf(actor);
  const title = i18n.t('Statement of account');
  const statement = statementSheet(account, { period, today: today(actor), url: null, i18n });
  const label = `${title} · ${account.partner}`;
  const content = await printer.render(
    pdfPage({ locale, time_zone, accent: membership.accent, title, label, view: statementPdf, input: { statement } }),
  );
  const name = `${title} ${period.from} ${period.to} ${account.currency}.pdf`;
  res.set(downloadHeaders({ name, content_type: 'application/pdf' })).send(content);
}
