import type { Knex } from 'knex';
import { record } from '../../activity/record.js';
import { type Actor, setActor, systemActor, withActor } from '../../db/scope.js';
import { Conflict, Invalid, NotFound } from '../../errors.js';
import { today } from '../../pages/days.js';
import type { TransferFormat, TransferOrder } from '../../payments/runs/transfer_order.js';
import type { Authority } from '../../people/banking/bank_accounts.js';
import { requireFreshCode } from '../../people/sign_in/fresh_code.js';
import { logSecurityEvent } from '../../people/sign_in/security_log.js';
import { requireMay } from '../../subjects/may.js';
import { lockRun, type PaymentRun } from './payment_run.js';
import { orderOf, whyNotIn } from './run_order.js';

/** A file holds vendors' bank details: for who may see those, after a code. @throws NotAllowed */
export function requireMayExport({ actor, proven }: Pick<Authority, 'actor' | 'proven'>): void {
  requireMay(actor, { permits: 'bank_details' });
  requireFreshCode(proven);
}

/** For how long whoever had a file written may download it: each download follows from what was recorded. */
const DOWNLOAD_MS = 15 * 60_000;

/** Whether somebody may download a run's file now, without having it written again. */
export const mayDownload = (
  { state, exported_by, file_at }: Pick<PaymentRun, 'state' | 'exported_by'> & { file_at: Date | string | null },
  { person_id, now = new Date() }: Actor,
): boolean =>
  state === 'exported' &&
  exported_by === person_id &&
  file_at !== null &&
  now.getTime() - new Date(file_at).getTime() < DOWNLOAD_MS;

/**
 * Has a run's file written in a format, which is recorded; the bank's day and moment stay those of the first time, so
 * that the same file is written again. @throws NotAllowed, NotFound, Conflict; Invalid if it can't be written so
 */
export async function exportRun(
  db: Knex.Transaction,
  keys: readonly string[],
  authority: Authority,
  id: string,
  format: TransferFormat,
): Promise<void> {
  requireMayExport(authority);
  const { actor, browser } = authority;
  const run = await lockRun(db, actor, id, 'open', 'exported');
  if (run.pay_on < today(actor)) throw new Conflict('This day has passed. Cancel this run and make another.');
  await refuseChanged(db, run);
  await setActor(db, systemActor(actor.organization_id, actor.person_id, actor.now));
  const why = whyNotIn(format, await orderOf(db, keys, run, new Date()));
  await setActor(db, actor);
  if (why) throw new Invalid({ form: why });
  const { organization_id, number, exported_at } = run;
  const first = exported_at ? {} : { exported_at: db.raw('app_now()') };
  const written = { exported_by: actor.person_id, file_at: db.raw('app_now()') };
  const exported = { state: 'exported', format, ...written, ...first };
  await db('payment_runs').where({ organization_id, id }).update(exported);
  await record(db, actor, {
    action: 'export_payment_run',
    details: { run: id, number, format },
    visible_to: 'staff',
  });
  await logSecurityEvent(db, { organization_id, person_id: actor.person_id ?? '' }, 'bank_details_shown', browser);
}

const CHANGED = 'The bank details of {{names}} have changed since. Cancel this run and make another.';

/** @throws Conflict if vendors of a run are paid elsewhere by now */
async function refuseChanged(db: Knex.Transaction, { organization_id, id }: PaymentRun): Promise<void> {
  const names: string[] = await db('payment_run_bills as r')
    .join('bank_accounts as b', (on) => on.on('b.organization_id', 'r.organization_id').on('b.id', 'r.bank_account_id'))
    .join('partners as p', (on) => on.on('p.organization_id', 'r.organization_id').on('p.id', 'r.partner_id'))
    .where({ 'r.organization_id': organization_id, 'r.run_id': id })
    .whereNotNull('b.ended_at')
    .distinct('p.name')
    .orderBy('p.name')
    .pluck('p.name');
  if (names.length) throw new Conflict(CHANGED, { names: names.join(', ') });
}

/** The order of a run, for who just had its file written. @throws NotAllowed, NotFound, Conflict */
export async function exportedOrder(
  db: Knex,
  keys: readonly string[],
  authority: Authority,
  id: string,
): Promise<{ format: TransferFormat; order: TransferOrder }> {
  requireMayExport(authority);
  const { actor } = authority;
  const { organization_id, person_id } = actor;
  return withActor(db, systemActor(organization_id, person_id), async (db) => {
    const run: PaymentRun | undefined = await db('payment_runs').where({ organization_id, id }).first();
    if (!run?.exported_at || !run.format || !mayDownload(run, actor)) throw new NotFound();
    await refuseChanged(db, run);
    return { format: run.format, order: await orderOf(db, keys, run, run.exported_at) };
  });
}
