import type { Knex } from 'knex';
import { systemActor, withActor } from '../../db/scope.js';
import { saveBankAccount } from '../../people/banking/bank_accounts.js';
import { saveDetails } from '../../people/partner_profile/change_profile.js';
import { addPaymentAccount } from '../../people/getting_paid/payment_accounts.js';
import { addPartnerFile } from '../../people/partner_profile/partner_files.js';
import { detailsSeen, NO_DETAILS } from '../../people/partner_profile/profile_details.js';
import { checkTaxId } from '../../people/partner_profile/tax_id.js';
import type { Storage } from '../../files/storage.js';
import { actorAt, dayOf, entry, momentOf, type Stage } from './stage.js';
import { readStoryFile, type Story } from './story.js';

type Profile = NonNullable<Story['partners'][string]['profile']>;

/** From where the sample people do it. */
const BROWSER = { remote_ip: '203.0.113.24', user_agent: 'Firefox' };

interface ProfileContext {
  storage: Storage;
  /** Bank details are sealed under the first. */
  bank_keys: readonly string[];
}

/** Enters where the organization is paid, and the profiles of its partners, on the first day, as they would. */
export async function addProfiles(db: Knex, context: ProfileContext, stage: Stage): Promise<void> {
  const { story, partners } = stage;
  await addAccounts(db, stage);
  for (const [key, { profile }] of Object.entries(story.partners))
    if (profile) await addProfile(db, context, stage, entry(partners, key), profile);
}

async function addAccounts(db: Knex, stage: Stage): Promise<void> {
  const { accounts, owner, begins } = stage.story;
  const actor = { ...actorAt(stage, owner.key, momentOf(stage.story, begins, '08:45')), role: 'owner' as const };
  const authority = { actor, proven: { code_typed_at: new Date() }, browser: BROWSER };
  for (const account of accounts) await addPaymentAccount(db, authority, account);
}

async function addProfile(
  db: Knex,
  { storage, bank_keys }: ProfileContext,
  stage: Stage,
  partner_id: string,
  { manager, details, account, files }: Profile,
): Promise<void> {
  const { story, organization_id, people } = stage;
  const person = entry(people, manager);
  await withActor(db, systemActor(organization_id), (db) =>
    db('people').where({ organization_id, id: person.id }).update({ role: 'manager' }),
  );
  const now = momentOf(story, story.begins, '09:00');
  const actor = { ...actorAt(stage, manager, now), role: 'manager' as const };
  const tax_ids = details.tax_ids.map((one) => ({
    ...one,
    normalized: normalizedOf(checkTaxId(one.kind, one.entered)),
  }));
  await saveDetails(db, actor, partner_id, { ...details, tax_ids }, detailsSeen(NO_DETAILS));
  const authority = { actor, proven: { code_typed_at: new Date() }, browser: BROWSER };
  await saveBankAccount(db, bank_keys, authority, partner_id, { ...account, holder_type: 'company' }, '');
  for (const { file, kind, valid_for, note } of files) {
    const stored = await storage.put(readStoryFile(file), file, 'application/pdf');
    const valid_until = valid_for === undefined ? null : dayOf(story, valid_for);
    await addPartnerFile(db, actor, partner_id, { kind, valid_until, note }, stored, null);
  }
}

/** @throws Error if the story has a tax id that is none */
function normalizedOf(checked: ReturnType<typeof checkTaxId>): string {
  if ('error' in checked) throw new Error(checked.error);
  return checked.normalized;
}
