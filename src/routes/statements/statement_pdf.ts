import { downloadHeaders } from '../../files/file.js';
import type { I18n } from '../../documents/queries/sheet.js';
import type { Printer } from '../../documents/queries/document_pdf.js';
import { today } from '../../pages/days.js';
import { pdfPage } from '../../pages/print_html.js';
import type { Statement } from '../../pages/views/components.js';
import type { PdfLayout } from '../../pages/views/layouts.js';
import { defineView } from '../../pages/views/render.js';
import type { AccountStatement, Period } from '../../payments/statements/statement.js';
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
  const look = { locale, time_zone, accent: membership.accent, i18n: i18nOf(actor), today: today(actor) };
  const { filename: name, content } = await printStatement(printer, account, period, look);
  res.set(downloadHeaders({ name, content_type: 'application/pdf' })).send(content);
}

/** For whom, and in which colour, a statement is printed. */
interface Look {
  locale: string;
  time_zone: string;
  accent: string;
  today: string;
  i18n: I18n;
}

/** A statement as a PDF. */
export async function printStatement(
  printer: Printer,
  account: AccountStatement,
  period: Period,
  { i18n, today, ...paper }: Look,
): Promise<{ filename: string; content: Buffer }> {
  const title = i18n.t('Statement of account');
  const statement = statementSheet(account, { period, today, url: null, i18n });
  const label = `${title} · ${account.partner}`;
  const content = await printer.render(pdfPage({ ...paper, title, label, view: statementPdf, input: { statement } }));
  return { filename: `${title} ${period.from} ${period.to} ${account.currency}.pdf`, content };
}
