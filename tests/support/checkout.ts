import { withActor } from '../../src/db/scope.js';
import { allowBankDebit } from '../../src/payments/methods/online_methods.js';
import { press } from './forms.js';
import type { Harbor } from './harbor.js';
import type { Browser, Portal } from './portal.js';

type Fields = Record<string, string>;

const CARD = {
  number: '4242 4242 4242 4242',
  expires: '08 / 34',
  cvc: '123',
  name: 'Maya Chen',
  street: '12 Maple Street',
  city: 'Portland',
  postal_code: '04102',
  country: 'US',
};

const ACCOUNT = { holder: 'Maple Street Clinic', routing: '110000000', account: '000123456789' };

/** The test numbers of the sandbox. */
export const DECLINED = { number: '4000000000000002' };
export const TO_CONFIRM = { number: '4000002760003184' };
export const BOUNCING = { account: '000111111116' };

/** What is typed on the sandbox's page: a card that works, unless said otherwise. */
export const card = (fields: Fields = {}): Fields => ({ ...CARD, ...fields });

/** The same for an account, whose money is on its way for a while. */
export const account = (fields: Fields = {}): Fields => ({ ...ACCOUNT, ...fields });

/** Fills in the sandbox's page. */
export const checkOut = (browser: Browser, url: string, fields: Fields = card()) => press(browser, url, fields);

/** Lets the harbor's customer pay by bank debit, as staff do on its page. */
export const allowDebit = ({ knex }: Pick<Portal, 'knex'>, { staff, partner_id }: Harbor) =>
  withActor(knex, staff, (db) => allowBankDebit(db, staff, partner_id, true));
