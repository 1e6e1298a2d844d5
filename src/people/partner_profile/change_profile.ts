import type { Knex } from 'knex';
import { record } from '../../activity/record.js';
import { newId } from '../../db/ids.js';
import type { Actor } from '../../db/scope.js';
import { send } from '../../db/writing/transaction.js';
import { NotFound } from '../../errors.js';
import {
  addressLines,
  BUSINESS_FIELDS,
  detailsChanges,
  detailsSeen,
  NO_DETAILS,
  type ProfileDetails,
} from './profile_details.js';
import { ProfileChanged } from './profile_changed.js';
import { profileChangesSince } from './profile_history.js';
import { mayEdit } from './profile_rights.js';
import { tellOtherSide } from './tell_profile.js';
import { changingProfile, type LockedPartner, type Member } from './changing_profile.js';

/**
 * Saves what a partner says of its business, records what changed, and tells the other side. `seen`: of the details
 * that the form was made from. @throws NotFound, NotAllowed; ProfileChanged if somebody else was first
 */
export const saveDetails = (
  db: Knex,
  actor: Actor,
  partner_id: string,
  details: ProfileDetails,
  seen: string,
): Promise<void> =>
  changingProfile(db, actor, partner_id, 'details', async (db, partner, actor) => {
    const before = await detailsOf(db, partner);
    if (detailsSeen(before) !== seen) throw new ProfileChanged(await profileChangesSince(db, partner, seen));
    const changes = detailsChanges(before, details);
    await storeDetails(db, partner, actor, details);
    if (!changes.length) return;
    await keepOnDocuments(db, partner, before, details);
    const activity = await record(db, actor, {
      action: 'change_profile',
      partner_id,
      details: { name: partner.name, changes, seen },
      visible_to: 'staff',
    });
    await tellOtherSide(db, actor, activity);
  });

/** Says that what staff entered is right. @throws NotFound, NotAllowed */
export const confirmDetails = (db: Knex, actor: Actor, partner_id: string): Promise<void> =>
  changingProfile(db, actor, partner_id, 'details', async (db, { organization_id, name }, actor) => {
    if (actor.side !== 'partner') throw new NotFound();
    const open = { organization_id, partner_id, confirmed_at: null };
    const confirmed = { confirmed_by: actor.person_id, confirmed_at: db.raw('app_now()') };
    const details = await db('partner_profiles').where(open).update(confirmed);
    const accounts = mayEdit(actor, 'banking')
      ? await db('bank_accounts')
          .where({ ...open, ended_at: null })
          .update(confirmed)
      : 0;
    if (!details && !accounts) return;
    const activity = await record(db, actor, {
      action: 'confirm_profile',
      partner_id,
      details: { name },
      visible_to: 'staff',
    });
    await tellOtherSide(db, actor, activity);
  });

async function detailsOf(db: Knex.Transaction, { organization_id, id }: LockedPartner): Promise<ProfileDetails> {
  const own = { organization_id, partner_id: id };
  const [fields, addresses, tax_ids] = await Promise.all([
    db('partner_profiles')
      .where(own)
      .first<Partial<ProfileDetails> | undefined>(...BUSINESS_FIELDS),
    db('partner_addresses').where(own).orderBy('position').select(),
    db('partner_tax_ids').where(own).orderBy('position').select(),
  ]);
  return { ...NO_DETAILS, ...fields, addresses, tax_ids };
}

async function storeDetails(
  db: Knex.Transaction,
  { organization_id, id: partner_id }: LockedPartner,
  { side, person_id }: Member,
  { addresses, tax_ids, ...fields }: ProfileDetails,
): Promise<void> {
  const own = { organization_id, partner_id };
  const theirs = side === 'partner';
  await db('partner_profiles')
    .insert({
      ...own,
      ...fields,
      edited_by: person_id,
      edited_at: db.raw('app_now()'),
      confirmed_by: theirs ? person_id : null,
      confirmed_at: theirs ? db.raw('app_now()') : null,
    })
    .onConflict(['organization_id', 'partner_id'])
    .merge();
  await send(db, db('partner_addresses').where(own).delete());
  await send(db, db('partner_tax_ids').where(own).delete());
  const rows = <T extends object>(list: T[]) =>
    list.map((one, position) => ({ ...own, id: newId(), position, ...one }));
  if (addresses.length) await send(db, db('partner_addresses').insert(rows(addresses)));
  if (tax_ids.length) await send(db, db('partner_tax_ids').insert(rows(tax_ids)));
}

/** Documents show the billing address and the first tax id. */
async function keepOnDocuments(
  db: Knex.Transaction,
  { organization_id, id, locale }: LockedPartner,
  before: ProfileDetails,
  after: ProfileDetails,
): Promise<void> {
  const shown = ({ addresses, tax_ids }: ProfileDetails) => {
    const billing = addresses.find(({ kind }) => kind === 'billing');
    return { address: billing && addressLines(billing, locale).join('\n'), tax_number: tax_ids[0]?.entered };
  };
  const [old, now] = [shown(before), shown(after)];
  const changed = {
    ...(now.address && now.address !== old.address ? { address: now.address } : {}),
    ...(now.tax_number && now.tax_number !== old.tax_number ? { tax_number: now.tax_number } : {}),
  };
  if (Object.keys(changed).length) await send(db, db('partners').where({ organization_id, id }).update(changed));
}
