import type { Knex } from 'knex';
import { record } from '../../activity/record.js';
import { newId } from '../../db/ids.js';
import { addJob } from '../../db/jobs.js';
import { actingAs, type Actor, systemActor } from '../../db/scope.js';
import { Invalid, NotFound } from '../../errors.js';
import { canonicalAddress } from '../../input/email_address.js';
import { translatorFor } from '../../pages/i18n.js';
import { asMember, type Member, requireToManage } from '../members/member_change.js';
import { endAccess } from '../members/remove_member.js';
import { endAccounts, nobodysAddress, nobodysUser } from './end_account.js';
import { addressesOf, type ErasedPerson, sharedNames } from './identify_person.js';
import { valuesFor } from './erasing/erasure.js';
import { accountTables } from './tables/account_tables.js';

/**
 * Erases somebody's data: their access ends and their own row is blank once this commits; a job replaces the rest.
 * `typed`: their address, as it was typed to confirm. @throws NotFound, NotAllowed, Invalid
 */
export const erasePerson = (db: Knex, actor: Actor, person_id: string, typed: string): Promise<void> =>
  asMember(db, actor, async (db, organization_id, author) => {
    const people = await lockPeople(db, organization_id, person_id);
    requireErasable(people, author, typed);
    await actingAs(db, systemActor(organization_id, author.id, actor.now), () =>
      erase(db, actor, organization_id, people),
    );
  });

/** All that somebody is in the organization, the one that is asked about first. @throws NotFound */
async function lockPeople(db: Knex.Transaction, organization_id: string, person_id: string): Promise<ErasedPerson[]> {
  const people: ErasedPerson[] = await db('people')
    .where({ organization_id })
    .whereRaw('id = any(people_of(?, ?))', [organization_id, person_id])
    .orderByRaw('id = ? desc', [person_id])
    .forUpdate()
    .select('id', 'user_id', 'partner_id', 'role', 'name', 'email', 'removed_at', 'erasure_id', 'photo_sha256');
  if (!people.length) throw new NotFound();
  return people;
}

/** An owner can be erased by another owner alone, so that one is left. */
function requireErasable(people: readonly ErasedPerson[], author: Member, typed: string): void {
  const roles = people.filter(({ partner_id, removed_at }) => !partner_id && !removed_at).map(({ role }) => role);
  requireToManage(author, ...roles);
  if (people.some(({ id }) => id === author.id))
    throw new Invalid({ form: 'Ask another owner or admin to erase your own data.' });
  if (people.some(({ erasure_id }) => erasure_id)) throw new Invalid({ form: 'Their data has already been erased.' });
  const address = canonicalAddress(typed).toLowerCase();
  if (!people.some(({ email }) => email.toLowerCase() === address))
    throw new Invalid({ email: 'Type their email address exactly as it is shown.' });
}

async function erase(
  db: Knex.Transaction,
  actor: Actor,
  organization_id: string,
  people: readonly ErasedPerson[],
): Promise<void> {
  const [first] = people;
  if (!first) return;
  const ids = people.map(({ id }) => id);
  const sought = await soughtOf(db, organization_id, people);
  const replacement = await replacementFor(db, organization_id, first);
  for (const { id, removed_at } of people) if (!removed_at) await endAccess(db, organization_id, id);
  await leaveUnsent(db, organization_id, ids);
  const rows = () => db('people').where({ organization_id }).whereIn('id', ids);
  await rows().update(blankRow(replacement));
  const { user_id, partner_id } = first;
  const account_kept = !(await endAccounts(db, user_id, sought.addresses));
  if (account_kept) await rows().update({ user_id: await nobodysUser(db) });
  const details = { person_id: first.id };
  const activity = await record(db, actor, { action: 'erase_person', partner_id, details, visible_to: 'staff' });
  const id = newId();
  const by = { erased_by: actor.person_id, activity_id: activity.id };
  await db('erasures').insert({ organization_id, id, ...by, ...sought, ...replacement, account_kept });
  await rows().update({ erasure_id: id });
  await addJob(db, 'erase_person', { organization_id, erasure_id: id });
}

/** What is looked for. A name that somebody else bears, too, is not. */
async function soughtOf(db: Knex.Transaction, organization_id: string, people: readonly ErasedPerson[]) {
  const names = [...new Set(people.map(({ name }) => name))];
  const ids = people.map(({ id }) => id);
  const shared = await sharedNames(db, organization_id, ids, names);
  return {
    current_name: people[0]?.name ?? '',
    names: names.filter((name) => !shared.has(name.toLowerCase())),
    name_shared: shared.size > 0,
    addresses: await addressesOf(db, organization_id, people),
    photos: people.flatMap(({ photo_sha256 }) => photo_sha256 ?? []),
  };
}

/** In the organization's language. */
async function replacementFor(db: Knex.Transaction, organization_id: string, { id }: ErasedPerson) {
  const { locale } = await db('organizations').where({ id: organization_id }).first('locale');
  return {
    replacement_name: translatorFor(String(locale))('Deleted person'),
    replacement_address: nobodysAddress(id),
  };
}

/** What waits to be sent to them is not sent any more. */
const leaveUnsent = (db: Knex.Transaction, organization_id: string, people: readonly string[]) =>
  db('emails')
    .where({ organization_id, state: 'queued' })
    .whereIn('person_id', people)
    .update({ state: 'skipped', detail: '' });

function blankRow(replacement: { replacement_name: string; replacement_address: string }) {
  const { blanks } = accountTables.find(({ name }) => name === 'people') ?? {};
  return valuesFor(blanks?.values ?? {}, replacement);
}
