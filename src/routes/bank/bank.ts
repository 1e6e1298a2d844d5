import { readFile } from 'node:fs/promises';
import { Router } from 'express';
import type { Knex } from 'knex';
import { z } from 'zod';
import { act } from '../../act.js';
import type { Config } from '../../config.js';
import type { Database } from '../../db/database.js';
import type { Storage } from '../../files/storage.js';
import { type Actor, withActor } from '../../db/scope.js';
import { findDocument } from '../../documents/content/document.js';
import { Conflict, Invalid, NotFound } from '../../errors.js';
import { importEntries, lockEntry, settleEntry } from '../../payments/bank_statements/bank_entries.js';
import { readStatement } from '../../payments/bank_statements/read_statement.js';
import { line, readForm } from '../../people/form_values.js';
import { submitOnce } from '../acts/once.js';
import { pathId } from '../shared/params.js';
import { keepsBooks, membersOnly } from '../shared/guard.js';
import { type RequestContext, translatorOf, withContext } from '../shared/request_context.js';
import { uploads } from '../shared/uploads.js';
import { bankPage, bankUrl } from './bank_view.js';

/** What came into the organization's accounts: import, match with invoices, undo. */
export function bank(db: Database, config: Config, storage: Storage): Router {
  const router = Router();
  const handle = withContext(db);
  const path = '/:organization/bank';
  router.get(
    path,
    handle(keepsBooks, async (ctx) => ctx.res.send(await bankPage(ctx, {}))),
  );
  router.post(path, membersOnly, uploads(config, storage), handle(keepsBooks, importFile));
  router.post(`${path}/:entry/record`, handle(keepsBooks, recordEntry));
  router.post(`${path}/:entry/ignore`, handle(keepsBooks, ignoreEntry));
  router.post(`${path}/:entry/reopen`, handle(keepsBooks, reopenEntry));
  return router;
}

const importFile = (ctx: RequestContext) =>
  submitOnce(
    ctx,
    async ({ db, actor, membership }) => {
      const { name, bytes } = await sentFile(ctx);
      const entries = readStatement(bytes, membership.organization_currency, actor.locale);
      if (!entries.length) throw new Invalid({ files: 'This statement has no incoming payments.' });
      const count = await withActor(db.knex, actor, (db) => importEntries(db, actor, name, entries));
      return `${bankUrl(ctx)}?new=${count}`;
    },
    (errors) => bankPage(ctx, errors),
  );

/** A month of a busy account is a hundredth of it. */
const MOST_BYTES = 10_000_000;

/** @throws Invalid */
async function sentFile({ req }: RequestContext) {
  const [file] = Array.isArray(req.files) ? req.files : [];
  if (file?.too_large || (file?.held && file.held.size > MOST_BYTES))
    throw new Invalid({ files: 'This file is too large.' });
  if (!file?.held?.size) throw new Invalid({ files: 'Choose a file.' });
  return { name: file.originalname, bytes: await readFile(file.held.path) };
}

const Recorded = z.object({ number: line(40), proposed: line(40), open: line(20) });

/** Records the payment on the invoice that is named; what exceeds it becomes credit. */
function recordEntry(ctx: RequestContext) {
  const entry_id = pathId(ctx.req, 'entry');
  const work = async ({ db, actor, req }: RequestContext) => {
    const { number, proposed, open } = readForm(Recorded, req.body);
    await withActor(db.knex, actor, async (db) => {
      const entry = await lockEntry(db, actor, entry_id, 'open');
      const document = await namedDocument(db, actor, number);
      // What was open was shown of the proposed invoice alone.
      if (open && document.number === proposed && Number(open) !== document.open)
        throw new Conflict('The open amount has changed. Check it again.');
      const { amount, currency, booked_on: paid_on, reference } = entry;
      const paid = {
        amount,
        currency,
        paid_on,
        method: translatorOf(ctx)('Transfer'),
        reference: reference.slice(0, MOST_LETTERS),
      };
      const done = await act(db, actor, document.id, 'record_payment', { ...paid, keep_credit: true });
      await settleEntry(db, actor, entry, 'recorded', await paymentOf(db, actor, done.activity_id));
    });
    return `${bankUrl(ctx)}?done=recorded`;
  };
  return submitEntry(ctx, work);
}

/** What can't be done to an entry any more is said beside it, too. */
function submitEntry(ctx: RequestContext, work: (ctx: RequestContext) => Promise<string>): Promise<void> {
  const attempt = (ctx: RequestContext) =>
    work(ctx).catch((error: unknown) => {
      throw error instanceof Conflict ? new Invalid({ form: error.sentence }, error.values) : error;
    });
  return submitOnce(ctx, attempt, (errors) => bankPage(ctx, errors, pathId(ctx.req, 'entry')));
}

/** Of a payment's reference. */
const MOST_LETTERS = 200;

/** @throws Invalid if there is none with this number */
async function namedDocument(db: Knex.Transaction, actor: Actor, number: string) {
  const found = await findDocument(db, actor, number.toUpperCase() || '-').catch((error: unknown) => {
    if (!(error instanceof NotFound)) throw error;
  });
  if (!found) throw new Invalid({ number: 'Enter the number of an open invoice.' });
  return found;
}

async function paymentOf(db: Knex.Transaction, { organization_id }: Actor, id: string | null): Promise<string> {
  const activity = await db('activities').where({ organization_id, id }).first('details');
  return z.uuid().parse(activity?.details.payment);
}

function ignoreEntry(ctx: RequestContext) {
  const entry_id = pathId(ctx.req, 'entry');
  const work = async ({ db, actor }: RequestContext) => {
    await withActor(db.knex, actor, async (db) =>
      settleEntry(db, actor, await lockEntry(db, actor, entry_id, 'open'), 'ignored'),
    );
    return `${bankUrl(ctx)}?done=done`;
  };
  return submitEntry(ctx, work);
}

const Reopened = z.object({ was: z.enum(['recorded', 'ignored']) });

/** Takes back what was decided: a payment that was recorded is reversed. */
function reopenEntry(ctx: RequestContext) {
  const entry_id = pathId(ctx.req, 'entry');
  const work = async ({ db, actor, req }: RequestContext) => {
    const { was } = readForm(Reopened, req.body);
    await withActor(db.knex, actor, async (db) => {
      const entry = await lockEntry(db, actor, entry_id, was);
      const { organization_id } = actor;
      const id = entry.payment_id;
      const parts = db('payment_parts').where({ organization_id, payment_id: id });
      const payment = id && (await parts.orderBy('document_id').first('document_id', 'state'));
      // Who reversed it on the invoice's page has left nothing to take back.
      if (payment && payment.state !== 'reversed')
        await act(db, actor, payment.document_id, 'reverse_payment', {
          payment: id,
          reason: translatorOf(ctx)('Matched by mistake'),
        });
      await settleEntry(db, actor, entry, 'open');
    });
    return `${bankUrl(ctx)}?done=${was === 'recorded' ? 'reversed' : 'done'}`;
  };
  return submitEntry(ctx, work);
}
