import type { Knex } from 'knex';
import { takeNumbers } from '../../db/writing/numbers.js';
import { record } from '../../activity/record.js';
import { newId } from '../../db/ids.js';
import { type Actor, queryPrepared } from '../../db/scope.js';
import { Conflict, Invalid, NotFound } from '../../errors.js';
import { addDays, today } from '../../pages/days.js';
import { discountOf } from '../../payments/runs/discount.js';
import type { TransferFormat } from '../../payments/runs/transfer_order.js';
import { lockDocuments } from '../content/document.js';
import { chosenBills, type DueBill, MOST_BILLS } from './due_bills.js';

type RunState = 'open' | 'exported' | 'recorded' | 'cancelled';

/** A payment run: bills of vendors that one file has the bank pay. */
export interface PaymentRun {
  organization_id: string;
  id: string;
  number: number;
  account_id: string;
  currency: string;
  pay_on: string;
  state: RunState;
  format: TransferFormat | null;
  /** The first time; its file says this moment for good. */
  exported_at: Date | null;
  /** Who had its file written last, and when. */
  exported_by: string | null;
  file_at: Date | null;
}

/** A bill as somebody chose it: what they saw to be paid, and to which account. */
interface ChosenBill {
  id: string;
  amount: number;
  discount: number;
  account_id: string;
}

/** A run as somebody asks for it. `confirmed`: the vendors whose new bank details they have checked. */
export interface WantedRun {
  account_id: string;
  pay_on: string;
  bills: readonly ChosenBill[];
  confirmed: ReadonlySet<string>;
}

/** What somebody would pay of a bill. */
export const shareOf = (bill: DueBill, pay_on: string): Pick<ChosenBill, 'amount' | 'discount'> => {
  const discount = discountOf(bill.open, bill, pay_on);
  return { amount: bill.open - discount, discount };
};

/** How long before the bank is to pay it may be told. */
const DAYS_AHEAD = 60;

/** A run that could begin now: its bills are locked until the transaction ends. */
interface PlannedRun extends Pick<WantedRun, 'account_id' | 'pay_on'> {
  currency: string;
  bills: readonly (DueBill & Pick<ChosenBill, 'amount' | 'discount'>)[];
}

/** What somebody asks for, checked. @throws Invalid */
export async function planRun(db: Knex.Transaction, actor: Actor, wanted: WantedRun): Promise<PlannedRun> {
  const { organization_id } = actor;
  const { account_id, pay_on, bills } = wanted;
  requireDay(actor, pay_on);
  if (!bills.length) throw new Invalid({ form: 'Select at least one bill.' });
  if (bills.length > MOST_BILLS) throw new Invalid({ form: 'Select fewer bills.' });
  const account = await db('payment_accounts')
    .where({ organization_id, id: account_id, ended_at: null })
    .first('currency');
  if (!account) throw new Invalid({ account: 'Choose an account.' });
  const { currency } = account;
  return { account_id, pay_on, currency, bills: await lockedBills(db, actor, currency, wanted) };
}

/** Begins a planned run: its bills are in no other until it has ended. Returns its id. @throws NotFound */
export async function createRun(db: Knex.Transaction, actor: Actor, { bills, ...planned }: PlannedRun) {
  const { organization_id, person_id } = actor;
  if (!organization_id) throw new NotFound();
  const run = { ...planned, organization_id, id: newId(), created_by: person_id };
  const number = await takeNumbers(db, organization_id, 'payment_run');
  await db('payment_runs').insert({ ...run, number });
  await db('payment_run_bills').insert(rowsOf(run, bills));
  const details = { run: run.id, number, count: bills.length, currency: run.currency };
  await record(db, actor, { action: 'create_payment_run', details, visible_to: 'staff' });
  return run.id;
}

/** @throws Invalid */
function requireDay(actor: Actor, pay_on: string): void {
  const day = today(actor);
  if (pay_on < day) throw new Invalid({ pay_on: 'This day has passed.' });
  if (pay_on > addDays(day, DAYS_AHEAD)) throw new Invalid({ pay_on: 'Choose a day within the next 60 days.' });
}

/** The chosen bills, locked as acts on them do. @throws Invalid unless they are as they were chosen */
async function lockedBills(db: Knex.Transaction, actor: Actor, currency: string, wanted: WantedRun) {
  const { pay_on, bills, confirmed } = wanted;
  const ids = bills.map(({ id }) => id);
  await lockDocuments(db, actor.organization_id ?? '', ids);
  const { text, values = [] } = chosenBills(actor, currency, ids);
  const found = await queryPrepared<DueBill>(db, text, values);
  const isSame = ({ id, amount, discount, account_id }: ChosenBill) => {
    const bill = found.find((one) => one.id === id);
    const share = bill && shareOf(bill, pay_on);
    return share?.amount === amount && share.discount === discount && bill?.account_id === account_id;
  };
  if (!bills.every(isSame) || new Set(ids).size !== ids.length)
    throw new Invalid({ form: 'Some of these bills have changed. Check them and select them again.' });
  const unchecked = found.find(({ recent, partner_id }) => recent && !confirmed.has(partner_id));
  if (unchecked)
    throw new Invalid({ [`confirm_${unchecked.partner_id}`]: 'Check the bank details, or leave these bills out.' });
  return found.map((bill) => ({ ...bill, ...shareOf(bill, pay_on) }));
}

function rowsOf({ organization_id, id: run_id }: { organization_id: string; id: string }, bills: PlannedRun['bills']) {
  const vendors = [...new Set(bills.map(({ partner_id }) => partner_id))];
  return bills.map(({ id: document_id, partner_id, amount, discount, account_id: bank_account_id }) => ({
    ...{ organization_id, run_id, document_id, partner_id, amount, discount, bank_account_id },
    position: vendors.indexOf(partner_id) + 1,
  }));
}

/** A run, locked until the transaction ends. @throws NotFound; Conflict unless it is in one of these states */
export async function lockRun(
  db: Knex.Transaction,
  { organization_id }: Actor,
  id: string,
  ...states: RunState[]
): Promise<PaymentRun> {
  const run = await db('payment_runs').where({ organization_id, id }).forUpdate().first();
  if (!run) throw new NotFound();
  if (!states.includes(run.state)) throw new Conflict('Someone else has already finished this payment run.');
  return run;
}

/** Gives up a run: its bills can be paid otherwise. @throws NotFound, Conflict */
export async function cancelRun(db: Knex.Transaction, actor: Actor, id: string): Promise<void> {
  const run = await lockRun(db, actor, id, 'open', 'exported');
  await endRun(db, actor, run, { state: 'cancelled' });
  const details = { run: id, number: run.number };
  await record(db, actor, { action: 'cancel_payment_run', details, visible_to: 'staff' });
}

/** Ends a run, and sets its bills free. */
export async function endRun(
  db: Knex.Transaction,
  { person_id }: Actor,
  { organization_id, id }: Pick<PaymentRun, 'organization_id' | 'id'>,
  changed: { state: RunState; paid_on?: string },
): Promise<void> {
  const ended = { ...changed, ended_by: person_id, ended_at: db.raw('app_now()') };
  await db('payment_runs').where({ organization_id, id }).update(ended);
  await db('payment_run_bills').where({ organization_id, run_id: id }).update({ live: false });
}
