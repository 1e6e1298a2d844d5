import { type Query, read } from '../../db/scope.js';
import { NotFound } from '../../errors.js';
import { shownAddress } from '../../input/email_address.js';
import { defineView } from '../../pages/views/render.js';
import { readForm, submittedText } from '../../people/form_values.js';
import { photoUrl } from '../../people/photo.js';
import { changeProfile, type OwnSettings, ownSettings } from '../../people/preferences/own_settings.js';
import { namesOf, ProfileForm } from '../../people/preferences/settings_forms.js';
import { submitOnce } from '../acts/once.js';
import type { Errors } from '../shared/form.js';

import { contextPage, type RequestContext, translatorOf } from '../shared/request_context.js';
import { isSaved, type SettingsSide, settingsSide, settingsUrl } from './settings_side.js';

interface ProfileInput {
  side: SettingsSide;
  url: string;
  name: string;
  ours: boolean;
  /** Their company, or the organization itself. */
  company: string;
  photo: string | null;
  photo_error: string | null;
  /** As typed. */
  values: Readonly<Record<string, string>>;
  errors: Errors;
  email: string;
  /** The owner, who can change the address; null for the owner. */
  ask: string | null;
  saved: boolean;
}

export const profileView = defineView<ProfileInput>('settings/profile');

const owner = ({ actor }: RequestContext): Query<{ id: string; name: string }> => ({
  name: 'owner',
  text: `select id, name from people where organization_id = $1 and partner_id is null and role = 'owner'
    and removed_at is null order by id limit 1`,
  values: [actor.organization_id],
});

export const showProfile = async (ctx: RequestContext) => ctx.res.send(await profilePage(ctx));

export function saveProfile(ctx: RequestContext) {
  const { req, actor } = ctx;
  const work = async ({ db }: RequestContext) => {
    await changeProfile(db.knex, actor, readForm(ProfileForm, req.body));
    return `${settingsUrl(ctx, 'profile')}?saved=1`;
  };
  return submitOnce(ctx, work, (errors) => profilePage(ctx, errors, submittedText(req.body)));
}

/** The page; with what was typed, if that could not be used. */
export async function profilePage(ctx: RequestContext, errors: Errors = {}, typed: Record<string, string> = {}) {
  const { db, actor, membership } = ctx;
  const [[own], [first]] = await read(db.pool, actor, ownSettings(actor), owner(ctx));
  if (!own) throw new NotFound();
  return contextPage(ctx, profileView, translatorOf(ctx)('Profile'), {
    side: settingsSide(ctx, 'profile'),
    url: settingsUrl(ctx, 'profile'),
    name: own.name,
    ours: actor.side === 'staff',
    company: membership.partner ?? membership.organization,
    photo: photoUrl(membership.slug, { id: membership.person_id, photo_sha256: own.photo_sha256 }),
    photo_error: errors['photo'] ?? null,
    values: { ...valuesOf(own), ...typed },
    errors,
    email: shownAddress(own.email),
    ask: first && first.id !== actor.person_id ? first.name : null,
    saved: isSaved(ctx),
  });
}

const valuesOf = (own: OwnSettings) => ({ ...namesOf(own), title: own.title, phone: own.phone });
