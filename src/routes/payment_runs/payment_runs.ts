import { Router } from 'express';
import { z } from 'zod';
import type { Config } from '../../config.js';
import type { Database } from '../../db/database.js';
import { withActor } from '../../db/scope.js';
import { exportedOrder, exportRun, requireMayExport } from '../../documents/payment_runs/export_run.js';
import { cancelRun } from '../../documents/payment_runs/payment_run.js';
import { Conflict, Invalid } from '../../errors.js';
import { downloadHeaders } from '../../files/file.js';
import { day } from '../../input/fields.js';
import { nacha } from '../../payments/runs/nacha.js';
import { pain001 } from '../../payments/runs/pain001.js';
import { FORMATS } from '../../payments/runs/transfer_order.js';
import { bankKeys } from '../../people/banking/bank_keys.js';
import { readForm } from '../../people/form_values.js';
import { submitOnce } from '../acts/once.js';
import { authorityOf } from '../profile/profile_request.js';
import { keepsBooks } from '../shared/guard.js';
import { pathId } from '../shared/params.js';
import { type RequestContext, withContext } from '../shared/request_context.js';
import { addRun, askRun } from './new_run.js';
import { recordRun } from './record_run.js';
import { listRuns } from './run_list.js';
import { findRun, runsUrl } from './run_request.js';
import { fileName, showRun } from './run_view.js';
import { transferCsv } from './transfer_csv.js';

/** Paying vendors: bills are selected, a file tells the bank, and what it paid is recorded. */
export function paymentRuns(db: Database, config: Config, secrets: readonly string[]): Router {
  const router = Router();
  const keys = bankKeys(config, secrets);
  const handle = withContext(db);
  const path = '/:organization/payment-runs';
  router.get(path, handle(keepsBooks, listRuns));
  router.post(path, handle(keepsBooks, addRun));
  router.get(`${path}/new`, handle(keepsBooks, askRun));
  router.get(`${path}/:run`, handle(keepsBooks, show));
  router.get(`${path}/:run/export`, handle(keepsBooks, askCode));
  router.post(
    `${path}/:run/export`,
    handle(keepsBooks, (ctx) => writeFile(ctx, keys)),
  );
  router.get(
    `${path}/:run/file`,
    handle(keepsBooks, (ctx) => sendFile(ctx, keys)),
  );
  router.post(`${path}/:run/record`, handle(keepsBooks, recordPaid));
  router.post(`${path}/:run/cancel`, handle(keepsBooks, cancel));
  return router;
}

async function show(ctx: RequestContext) {
  ctx.res.send(showRun(ctx, await findRun(ctx), {}));
}

/** What can't be done to a run any more is said on its page, too. */
function submitRun(ctx: RequestContext, done: string, work: (ctx: RequestContext, id: string) => Promise<void>) {
  const id = pathId(ctx.req, 'run');
  const attempt = async (ctx: RequestContext) => {
    await work(ctx, id).catch((error: unknown) => {
      throw error instanceof Conflict ? new Invalid({ form: error.sentence }, error.values) : error;
    });
    return `${runsUrl(ctx)}/${id}?done=${done}`;
  };
  return submitOnce(ctx, attempt, async (errors) => showRun(ctx, await findRun(ctx), errors));
}

/** Leads to a code if none was typed just now, and back to the run. */
async function askCode(ctx: RequestContext) {
  requireMayExport(authorityOf(ctx));
  const { id } = await findRun(ctx);
  ctx.res.redirect(303, `${runsUrl(ctx)}/${id}`);
}

const Wanted = z.object({ format: z.enum(FORMATS, 'Choose a format.') });

function writeFile(ctx: RequestContext, keys: readonly string[]) {
  requireMayExport(authorityOf(ctx));
  return submitRun(ctx, 'exported', async ({ db, actor, req }, id) => {
    const { format } = readForm(Wanted, req.body);
    await withActor(db.knex, actor, (db) => exportRun(db, keys, authorityOf(ctx), id, format));
  });
}

async function sendFile(ctx: RequestContext, keys: readonly string[]) {
  const { db, req, res, actor } = ctx;
  const { format, order } = await exportedOrder(db.knex, keys, authorityOf(ctx), pathId(req, 'run'));
  const bytes = { pain001, nacha, csv: (one: typeof order) => transferCsv(one, actor.locale) }[format](order);
  const name = fileName({ number: order.number, format });
  res.set(downloadHeaders({ name, content_type: 'application/octet-stream' })).send(Buffer.from(bytes));
}

const Paid = z.object({ paid_on: day });

const recordPaid = (ctx: RequestContext) =>
  submitRun(ctx, 'run_recorded', async ({ db, actor, req }, id) => {
    const { paid_on } = readForm(Paid, req.body);
    await withActor(db.knex, actor, (db) => recordRun(db, actor, id, paid_on));
  });

const cancel = (ctx: RequestContext) =>
  submitRun(ctx, 'run_cancelled', ({ db, actor }, id) => withActor(db.knex, actor, (db) => cancelRun(db, actor, id)));
