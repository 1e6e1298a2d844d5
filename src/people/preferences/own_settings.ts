import type { Knex } from 'knex';
import { record } from '../../activity/record.js';
import { type Actor, actingAs, type Query, systemActor, withActor } from '../../db/scope.js';
import { NotFound } from '../../errors.js';

/** What somebody set for themselves. */
export interface OwnSettings {
  name: string;
  last_name: string;
  title: string;
  phone: string;
  email: string;
  photo_sha256: string | null;
  locale: string;
  document_locale: string | null;
  time_zone: string;
  currency: string | null;
  menu: string[] | null;
}

/** A person's own settings. */
export const ownSettings = ({ organization_id, person_id }: Actor): Query<OwnSettings> => ({
  name: 'own_settings',
  text: `select name, last_name, title, phone, email, photo_sha256, locale, document_locale, time_zone, currency, menu
    from people where organization_id = $1 and id = $2`,
  values: [organization_id, person_id],
});

type Changed<Name extends keyof OwnSettings> = Pick<OwnSettings, Name>;

/** What colleagues and the other side see of them. Recorded. */
export const changeProfile = (
  db: Knex,
  actor: Actor,
  fields: Changed<'name' | 'last_name' | 'title' | 'phone'> | Changed<'photo_sha256'>,
): Promise<void> => change(db, actor, fields, 'change_own_profile');

/** How pages, emails and PDFs are written for them. Recorded. */
export const changePreferences = (
  db: Knex,
  actor: Actor,
  fields: Changed<'locale' | 'document_locale' | 'time_zone' | 'currency'>,
): Promise<void> => change(db, actor, fields, 'change_preferences');

/** The order of the header's modules; null: the usual one. Recorded. */
export const changeMenu = (db: Knex, actor: Actor, menu: string[] | null): Promise<void> =>
  change(db, actor, { menu }, 'change_preferences');

/** Partners only read: their own row is written by the system actor. */
function change(db: Knex, actor: Actor, fields: Partial<OwnSettings>, action: string): Promise<void> {
  const { organization_id, person_id, partner_id, now } = actor;
  const where = { organization_id, id: person_id, removed_at: null };
  return withActor(db, actor, (db) =>
    actingAs(db, systemActor(organization_id, person_id, now), async () => {
      const before: OwnSettings | undefined = await db('people').where(where).forUpdate().first();
      if (!before) throw new NotFound();
      const names = (Object.keys(fields) as (keyof OwnSettings)[]).filter(
        (name) => String(fields[name]) !== String(before[name]),
      );
      if (!names.length) return;
      await db('people').where(where).update(fields);
      const details = { name: fields.name ?? before.name, fields: names };
      const visible_to = partner_id ? 'both' : 'staff';
      await record(db, actor, { action, partner_id, details, visible_to });
    }),
  );
}
