import { readFile } from 'node:fs/promises';
import { type Query, read } from '../../db/scope.js';
import { Invalid, NotFound } from '../../errors.js';
import type { Storage } from '../../files/storage.js';
import { storePhoto } from '../../people/photo.js';
import { changeProfile } from '../../people/preferences/own_settings.js';
import { once } from '../acts/once.js';
import { submit } from '../shared/form.js';
import { pathId, textParam } from '../shared/params.js';
import { sendWebp } from '../shared_files/pictures.js';
import { type RequestContext, translatorOf } from '../shared/request_context.js';
import { profilePage } from './profile_page.js';
import { settingsUrl } from './settings_side.js';

/** Takes the photo that a browser has cropped, or as it is: then its middle is taken. */
export function savePhoto(ctx: RequestContext, storage: Storage) {
  const work = async () => {
    const photo_sha256 = await storeSentPhoto(ctx, storage);
    if (!photo_sha256) throw new Invalid({ photo: 'Choose a photo.' });
    return setPhoto(ctx, photo_sha256);
  };
  return submit(ctx.res, translatorOf(ctx), work, (errors) => profilePage(ctx, errors));
}

export async function removePhoto(ctx: RequestContext) {
  ctx.res.redirect(303, await setPhoto(ctx, null));
}

const setPhoto = (ctx: RequestContext, photo_sha256: string | null) =>
  once(ctx, async ({ db, actor }) => {
    await changeProfile(db.knex, actor, { photo_sha256 });
    return settingsUrl(ctx, 'profile');
  });

/**
 * Stores the one file of a form, which is removed at the end of the request; null without one. `size`: as of `storePhoto`.
 * @throws Invalid
 */
export async function storeSentPhoto(
  { req }: RequestContext,
  storage: Storage,
  size?: Parameters<typeof storePhoto>[2],
): Promise<string | null> {
  const [file] = Array.isArray(req.files) ? req.files : [];
  if (file?.too_large) throw new Invalid({ photo: 'Use a smaller photo.' });
  return file?.held?.size ? storePhoto(storage, await readFile(file.held.path), size) : null;
}

/** Sends a person's photo to whoever may see that person. */
export async function sendPhoto({ db, req, res, actor }: RequestContext, storage: Storage) {
  const query: Query<{ photo_sha256: string | null }> = {
    name: 'photo',
    text: 'select photo_sha256 from people where organization_id = $1 and id = $2',
    values: [actor.organization_id, pathId(req, 'person')],
  };
  const [[found]] = await read(db.pool, actor, query);
  if (!found?.photo_sha256) throw new NotFound();
  await sendWebp(res, storage, found.photo_sha256, textParam.parse(req.query['v']));
}
