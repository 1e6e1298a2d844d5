import type { Knex } from 'knex';
import type { HOLDER_TYPES, ProfileChange } from '../../activity/profile_changes.js';
import { record } from '../../activity/record.js';
import { newId } from '../../db/ids.js';
import type { Actor } from '../../db/scope.js';
import { send } from '../../db/writing/transaction.js';
import { Conflict, NotFound } from '../../errors.js';
import { type Proven, requireFreshCode } from '../sign_in/fresh_code.js';
import { type Browser, logSecurityEvent } from '../sign_in/security_log.js';
import { type AccountKind, type BankNumbers, lastFour } from './bank_number.js';
import { changingProfile, type LockedPartner } from '../partner_profile/changing_profile.js';
import { ProfileChanged } from '../partner_profile/profile_changed.js';
import { profileChangesSince } from '../partner_profile/profile_history.js';
import { sealNumbers } from './sealed_numbers.js';
import { tellEverybody } from '../partner_profile/tell_profile.js';

/** An account as it is typed. */
export interface BankAccountFields {
  currency: string;
  kind: AccountKind;
  holder: string;
  bank_name: string;
  country: string;
  numbers: BankNumbers;
}

/** A partner's account as it is typed. */
export interface PartnerAccountFields extends BankAccountFields {
  holder_type: keyof typeof HOLDER_TYPES;
}

/** An account as it is stored, without its numbers. */
export interface BankAccount extends Omit<PartnerAccountFields, 'numbers'> {
  id: string;
  last_four: string;
}

/** Who changes or looks at bank details: somebody who typed a code just now, from a browser. */
export interface Authority {
  actor: Actor;
  proven: Proven;
  browser: Browser;
}

/** What a form was made from: it is refused once one of the accounts is another. */
export const accountsSeen = (accounts: readonly Pick<BankAccount, 'id'>[]) =>
  accounts
    .map(({ id }) => id)
    .toSorted()
    .join(' ');

/**
 * Has a partner paid to another account in a currency. Everybody is told, and staff who pay are warned for a week.
 * @throws NotFound, NotAllowed; Conflict if no key is set; ProfileChanged if somebody else was first
 */
export const saveBankAccount = (
  db: Knex,
  keys: readonly string[],
  authority: Authority,
  partner_id: string,
  { numbers, ...fields }: PartnerAccountFields,
  seen: string,
): Promise<void> =>
  changingAccounts(db, authority, partner_id, seen, async (db, { organization_id }, accounts, actor) => {
    if (!keys.length) throw new Conflict('Bank details can’t be stored here: BANK_DETAILS_KEY is not set.');
    const old = accounts.find(({ currency }) => currency === fields.currency);
    const [id, last_four] = [newId(), lastFour(numbers)];
    if (old) await end(db, organization_id, old.id);
    const entered = {
      entered_by: actor.person_id,
      ...(actor.side === 'partner' ? confirmedBy(db, actor.person_id) : {}),
    };
    await send(db, db('bank_accounts').insert({ organization_id, id, partner_id, ...fields, last_four, ...entered }));
    const sealed = sealNumbers(keys, { organization_id, account_id: id }, numbers);
    await send(db, db('bank_account_numbers').insert({ organization_id, account_id: id, ...sealed }));
    return { action: 'change_bank_account', changes: changesOf(old, { ...fields, id, last_four }) };
  });

/** Has a partner no longer paid to an account. As `saveBankAccount`. */
export const removeBankAccount = (
  db: Knex,
  authority: Authority,
  partner_id: string,
  account_id: string,
  seen: string,
): Promise<void> =>
  changingAccounts(db, authority, partner_id, seen, async (db, { organization_id }, accounts) => {
    const old = accounts.find(({ id }) => id === account_id);
    if (!old) throw new NotFound();
    await end(db, organization_id, old.id);
    return { action: 'remove_bank_account', changes: changesOf(old, undefined) };
  });

/** Notes that somebody is shown the numbers of an account. @throws NotFound, NotAllowed */
export const recordShown = (db: Knex, authority: Authority, partner_id: string, account_id: string): Promise<void> => {
  requireFreshCode(authority.proven);
  return changingProfile(db, authority.actor, partner_id, 'banking', async (db, partner, actor) => {
    const account = (await accountsOf(db, partner)).find(({ id }) => id === account_id);
    if (!account) throw new NotFound();
    const { name } = partner;
    const details = { name, account: account_id, ending: account.last_four };
    await record(db, actor, { action: 'show_bank_account', partner_id, details, visible_to: 'staff' });
    await logSecurityEvent(db, actor, 'bank_details_shown', authority.browser);
  });
};

interface AccountChange {
  action: string;
  changes: ProfileChange[];
}

function changingAccounts(
  db: Knex,
  { actor, proven, browser }: Authority,
  partner_id: string,
  seen: string,
  work: (
    db: Knex.Transaction,
    partner: LockedPartner,
    accounts: BankAccount[],
    actor: Actor & { person_id: string },
  ) => Promise<AccountChange>,
): Promise<void> {
  requireFreshCode(proven);
  return changingProfile(db, actor, partner_id, 'banking', async (db, partner, actor) => {
    const accounts = await accountsOf(db, partner);
    if (accountsSeen(accounts) !== seen) throw new ProfileChanged(await profileChangesSince(db, partner, seen));
    const { action, changes } = await work(db, partner, accounts, actor);
    const details = { name: partner.name, changes, seen };
    const activity = await record(db, actor, { action, partner_id, details, visible_to: 'staff' });
    await logSecurityEvent(db, actor, 'bank_details_changed', browser);
    await tellEverybody(db, activity);
  });
}

const accountsOf = (db: Knex.Transaction, { organization_id, id }: LockedPartner): Promise<BankAccount[]> =>
  db('bank_accounts').where({ organization_id, partner_id: id, ended_at: null }).orderBy('id').select();

const end = (db: Knex.Transaction, organization_id: string, id: string) =>
  send(
    db,
    db('bank_accounts')
      .where({ organization_id, id })
      .update({ ended_at: db.raw('app_now()') }),
  );

const confirmedBy = (db: Knex.Transaction, person_id: string) => ({
  confirmed_by: person_id,
  confirmed_at: db.raw('app_now()'),
});

const endingOf = (account: BankAccount | undefined) => account && `${account.currency} •••• ${account.last_four}`;

/** What differs between two accounts, without their numbers. */
function changesOf(old: BankAccount | undefined, now: BankAccount | undefined): ProfileChange[] {
  const account = { field: 'account', before: endingOf(old) ?? null, after: endingOf(now) ?? null };
  const fields = (['holder', 'holder_type', 'bank_name', 'country'] as const).map((field) => ({
    field,
    before: old?.[field] ?? null,
    after: now?.[field] ?? null,
  }));
  return [account, ...fields.filter(({ before, after }) => before !== after)];
}
