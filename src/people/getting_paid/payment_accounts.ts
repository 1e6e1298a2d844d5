import type { Knex } from 'knex';
import { newId } from '../../db/ids.js';
import { Invalid, NotFound } from '../../errors.js';
import type { Authority, BankAccountFields } from '../banking/bank_accounts.js';
import { lastFour } from '../banking/bank_number.js';
import { changingPayment } from './changing_payment.js';

/** An account that customers pay to, as it is shown to them. */
export interface PaymentAccount extends BankAccountFields {
  id: string;
}

/** SQL: the columns of a `PaymentAccount`. */
export const ACCOUNT_COLUMNS = ['id', 'currency', 'kind', 'holder', 'bank_name', 'country', 'numbers'] as const;

/** So many an organization has at once. */
const MOST = 10;

/** Has customers pay to an account, besides those there are. @throws NotAllowed; Invalid if it is there already */
export const addPaymentAccount = (db: Knex, authority: Authority, fields: BankAccountFields): Promise<void> =>
  changingPayment(db, authority, async (db, { organization_id, person_id }) => {
    const current = await currentAccounts(db, organization_id);
    const account = fields.numbers['account'];
    if (current.some(({ currency, numbers }) => currency === fields.currency && numbers['account'] === account))
      throw new Invalid({ account: 'This account is on your invoices already.' });
    if (current.length >= MOST) throw new Invalid({ form: 'Remove an account before you add another.' });
    const row = { ...fields, numbers: JSON.stringify(fields.numbers), entered_by: person_id };
    await db('payment_accounts').insert({ ...row, organization_id, id: newId() });
    const { holder, bank_name } = fields;
    return {
      action: 'add_payment_account',
      changes: [
        { field: 'account', before: null, after: endingOf(fields) },
        { field: 'holder', before: null, after: holder },
        { field: 'bank_name', before: null, after: bank_name },
      ],
    };
  });

/** Has customers no longer pay to an account. @throws NotAllowed; NotFound if it is no longer there */
export const removePaymentAccount = (db: Knex, authority: Authority, account_id: string): Promise<void> =>
  changingPayment(db, authority, async (db, { organization_id, person_id }) => {
    const old = (await currentAccounts(db, organization_id)).find(({ id }) => id === account_id);
    if (!old) throw new NotFound();
    await db('payment_accounts')
      .where({ organization_id, id: account_id })
      .update({ ended_at: db.raw('app_now()'), ended_by: person_id });
    return { action: 'remove_payment_account', changes: [{ field: 'account', before: endingOf(old), after: null }] };
  });

/** Those of one currency, or of all. */
export const currentAccounts = (db: Knex, organization_id: string, currency?: string): Promise<PaymentAccount[]> =>
  db('payment_accounts')
    .where({ organization_id, ended_at: null, ...(currency ? { currency } : {}) })
    .orderBy('id')
    .limit(MOST)
    .select(...ACCOUNT_COLUMNS);

const endingOf = ({ currency, numbers }: Pick<BankAccountFields, 'currency' | 'numbers'>) =>
  `${currency} •••• ${lastFour(numbers)}`;
