import { Router } from 'express';
import type { Database } from '../../db/database.js';
import { read } from '../../db/scope.js';
import { typesThatOwe, usualInvoice } from '../../document_types/relations.js';
import type { Module } from '../../document_types/shared/lifecycle.js';
import type { Printer } from '../../documents/queries/document_pdf.js';
import { NotFound } from '../../errors.js';
import { today } from '../../pages/days.js';
import {
  type AccountStatement,
  accountStatement,
  type Period,
  SHOWN_ENTRIES,
} from '../../payments/statements/statement.js';
import { lacksModule, sendMissingModule } from '../colleagues/module_requests.js';
import { translated } from '../shared/form.js';
import { staff, verified } from '../shared/guard.js';
import { pathId } from '../shared/params.js';
import { contextPage, type RequestContext, translatorOf, withContext } from '../shared/request_context.js';
import { sendStatementCsv } from './statement_csv.js';
import { sendStatementPdf } from './statement_pdf.js';
import { parsePeriod } from './statement_period.js';
import { chooseStatements, emailStatement, showStatementEmail } from './statement_sending.js';
import { statementPage, statementView } from './statement_view.js';

/** The statement of an account: a partner's own in the portal, any partner's at the desk; page, PDF and spreadsheet. */
export function statements(db: Database, printer: Printer): Router {
  const router = Router();
  const handle = withContext(db);
  router.get(
    '/:organization/statement',
    handle(verified, (ctx) => showOwn(ctx, printer)),
  );
  router.get(
    '/:organization/partners/:partner/statement',
    handle(staff, (ctx) => show(ctx, printer, pathId(ctx.req, 'partner'))),
  );
  const mail = '/:organization/partners/:partner/statement';
  router.get(`${mail}/email`, handle(staff, showStatementEmail));
  router.post(`${mail}/email`, handle(staff, emailStatement));
  router.post(`${mail}/monthly`, handle(staff, chooseStatements));
  return router;
}

function showOwn(ctx: RequestContext, printer: Printer) {
  const { partner_id, guest } = ctx.actor;
  if (!partner_id || guest) throw new NotFound();
  const missing = moneyModules(ctx).find((module) => lacksModule(ctx, module));
  return missing ? sendMissingModule(ctx, missing) : show(ctx, printer, partner_id);
}

/** The modules with what a partner owes and is owed. A statement is of all of it, so it takes each that they have. */
const moneyModules = ({ membership: { is_customer, is_vendor } }: RequestContext): Module[] => [
  ...(is_customer ? [usualInvoice.module] : []),
  ...(is_vendor ? typesThatOwe('payable').map(({ module }) => module) : []),
];

const MAX_ROWS = 20_000;

async function show(ctx: RequestContext, printer: Printer, partner_id: string) {
  const { req, res, actor } = ctx;
  const { format } = req.query;
  const params = parsePeriod(req.query, today(actor));
  const period = params.period ?? parsePeriod({}, today(actor)).typed;
  const account = await findStatement(ctx, partner_id, period, params.currency, format === 'csv' ? MAX_ROWS : null);
  if (params.period && format === 'csv') return sendStatementCsv(ctx, account, period);
  if (params.period && format === 'pdf') return sendStatementPdf(ctx, printer, account, period);
  const errors = translated(params.errors, translatorOf(ctx), {});
  const view = statementView(ctx, account, { ...params, errors });
  return res.status(params.period ? 200 : 422).send(contextPage(ctx, statementPage, view.title, view));
}

/** @throws NotFound if there is no such partner, or none that the reader may see */
async function findStatement(
  { db, actor }: RequestContext,
  partner_id: string,
  period: Period,
  currency: string | null,
  limit: number | null,
): Promise<AccountStatement> {
  const options = { currency, limit: limit ?? SHOWN_ENTRIES, today: today(actor) };
  const [[account]] = await read(db.pool, actor, accountStatement(actor, partner_id, period, options));
  if (!account) throw new NotFound();
  return account;
}
