import { z } from 'zod';
import { read } from '../../db/scope.js';
import { NotFound } from '../../errors.js';
import { isDay } from '../../input/valid_input.js';
import { lastFour } from '../../people/banking/bank_number.js';
import { addDays, today } from '../../pages/days.js';
import { pathId } from '../shared/params.js';
import type { RequestContext } from '../shared/request_context.js';
import { type OwnAccount, ownAccounts, runPage, type RunPage } from './run_queries.js';

export const runsUrl = ({ membership }: RequestContext) => `/${membership.slug}/payment-runs`;

export const runName = ({ number }: { number: number }) => `PR-${number}`;

/** "EUR •••• 3000 · Commerzbank". */
export const accountName = ({ bank_name, currency, numbers }: OwnAccount) =>
  `${currency} •••• ${lastFour(numbers)} · ${bank_name}`;

/** The run of the address. @throws NotFound */
export async function findRun(ctx: RequestContext): Promise<RunPage> {
  const { db, req, actor } = ctx;
  const [[run]] = await read(db.pool, actor, runPage(actor, pathId(req, 'run')));
  if (!run) throw new NotFound();
  return run;
}

/** What the address, or a form, asks to see: from which account, on which day, what is due until when. */
export interface Wanted {
  account: OwnAccount | undefined;
  accounts: OwnAccount[];
  pay_on: string;
  until: string;
}

/** A week ahead is what a weekly run pays. */
const DAYS_AHEAD = 7;

/** What is asked for, filled up with what is usual. */
export async function wantedOf({ db, actor }: RequestContext, asked: unknown): Promise<Wanted> {
  const day = today(actor);
  const text = z.string().catch('');
  const fields = z.object({ account: text, pay_on: text, until: text }).parse(asked ?? {});
  const [accounts] = await read(db.pool, actor, ownAccounts(actor));
  const pay_on = isDay(fields.pay_on) ? fields.pay_on : day;
  return {
    accounts,
    account: accounts.find(({ id }) => id === fields.account) ?? accounts[0],
    pay_on,
    until: isDay(fields.until) ? fields.until : addDays(pay_on, DAYS_AHEAD),
  };
}
