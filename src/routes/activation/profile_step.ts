import { z } from 'zod';
import { type Query, read } from '../../db/scope.js';
import type { Storage } from '../../files/storage.js';
import { renderPage } from '../../pages/views/render.js';
import { line, readForm, submittedText } from '../../people/form_values.js';
import { reachStep } from '../../people/invitations/take_invitation.js';
import { photoUrl } from '../../people/photo.js';
import { changeProfile } from '../../people/preferences/own_settings.js';
import { once } from '../acts/once.js';
import { storeSentPhoto } from '../settings/photos.js';
import { type Errors, submit } from '../shared/form.js';
import { type RequestContext, translatorOf } from '../shared/request_context.js';
import { profileStepView } from './activation_views.js';
import { takenInvitation } from './overview_queries.js';
import { requireTaken, stepLayout } from './step_layout.js';

const ownTitle = ({ actor }: RequestContext): Query<{ title: string }> => ({
  name: 'own_title',
  text: 'select title from people where organization_id = $1 and id = $2',
  values: [actor.organization_id, actor.person_id],
});

export async function showProfile(ctx: RequestContext) {
  const [[taken], [person]] = await read(ctx.db.pool, ctx.actor, takenInvitation(ctx.actor), ownTitle(ctx));
  requireTaken(ctx, taken);
  ctx.res.send(profilePage(ctx, person?.title ?? '', {}));
}

function profilePage(ctx: RequestContext, title: string, errors: Errors): string {
  const { slug, person_id, photo_sha256, partner } = ctx.membership;
  return renderPage(profileStepView, stepLayout(ctx, 'Your role and photo'), {
    action: `/${slug}/activation/profile`,
    title,
    photo: photoUrl(slug, { id: person_id, photo_sha256 }),
    name: ctx.actor.name ?? '',
    partner: partner ?? '',
    errors,
  });
}

const Profile = z.object({ title: line(120) });

/** Takes both, and goes on; or stays, to show the photo in the sample. */
export async function saveProfile(ctx: RequestContext, storage: Storage) {
  const { db, req, res, actor } = ctx;
  const [[taken]] = await read(db.pool, actor, takenInvitation(actor));
  requireTaken(ctx, taken);
  const typed = submittedText(req.body);
  const work = () => ('skip' in typed ? goOn(ctx, {}) : save(ctx, storage, 'stay' in typed));
  return submit(res, translatorOf(ctx), work, (errors) => profilePage(ctx, typed['title'] ?? '', errors));
}

async function save(ctx: RequestContext, storage: Storage, stay: boolean): Promise<string> {
  const { title } = readForm(Profile, ctx.req.body);
  const photo_sha256 = await storeSentPhoto(ctx, storage);
  // A press of Enter is one of the first button, too.
  return goOn(ctx, { title, photo_sha256, stay: stay && photo_sha256 !== null });
}

interface Saved {
  title?: string;
  photo_sha256?: string | null;
  stay?: boolean;
}

const goOn = (ctx: RequestContext, { title, photo_sha256, stay = false }: Saved): Promise<string> =>
  once(ctx, async ({ db, actor, membership }) => {
    if (photo_sha256) await changeProfile(db.knex, actor, { photo_sha256 });
    await reachStep(db.knex, actor, stay ? 2 : 3, title);
    return `/${membership.slug}/activation/${stay ? 'profile' : 'overview'}`;
  });
