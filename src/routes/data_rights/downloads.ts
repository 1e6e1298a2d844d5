import { read, systemActor } from '../../db/scope.js';
import { NotFound } from '../../errors.js';
import type { Storage } from '../../files/storage.js';
import { translatorFor } from '../../pages/i18n.js';
import { openArchive } from '../../people/data_rights/archive.js';
import { dataSubject, preparedArchive } from '../../people/data_rights/data_queries.js';
import { recordDownload } from '../../people/data_rights/record_download.js';
import { requireFreshCode } from '../../people/sign_in/fresh_code.js';
import { once } from '../acts/once.js';
import { identityOf } from '../shared/guard.js';
import type { RequestContext } from '../shared/request_context.js';
import { sendStream } from '../lists/send_stream.js';

/** Whose data it is, and the page that shows it. */
export interface DataPlace {
  person_id: string;
  page: string;
}

/** Reads as the system, once a guard has let the visitor through: staff don't see what partners keep among themselves. */
export const asSystem = ({ actor }: Pick<RequestContext, 'actor'>) =>
  systemActor(actor.organization_id, actor.person_id, actor.now);

/** Notes the download, and leads to it. @throws NotFound once they are erased; NotAllowed without a fresh code */
export async function prepareDownload(ctx: RequestContext, { person_id, page }: DataPlace): Promise<void> {
  requireFreshCode(identityOf(ctx.req).session);
  const [[subject]] = await read(ctx.db.pool, asSystem(ctx), dataSubject(ctx.actor.organization_id, person_id));
  if (!subject || subject.erasure_id) throw new NotFound();
  const work = async ({ db, actor }: RequestContext) => {
    await recordDownload(db.knex, actor, subject);
    return `${page}/archive`;
  };
  ctx.res.redirect(303, await once(ctx, work));
}

/** Sends the archive that was asked for in the last minutes; else leads back to the page. */
export async function sendArchive(
  ctx: RequestContext,
  storage: Storage,
  { person_id, page }: DataPlace,
): Promise<void> {
  const { db, req, res, actor, membership } = ctx;
  const { organization_id } = actor;
  requireFreshCode(identityOf(req).session);
  const [[subject], [prepared]] = await read(
    db.pool,
    asSystem(ctx),
    dataSubject(organization_id, person_id),
    preparedArchive(organization_id, actor.person_id, person_id),
  );
  if (!organization_id || !subject || subject.erasure_id) throw new NotFound();
  if (!prepared) return res.redirect(303, page);
  const { people, user_id, photo_sha256, partner_id, locale } = subject;
  const archive = openArchive(
    { pool: db.pool, storage },
    {
      ...{ organization_id, people, user_id, photo_sha256, ours: !partner_id },
      ...{ own: person_id === actor.person_id, organization: membership.organization, t: translatorFor(locale) },
    },
  );
  await sendStream(res, archive, () =>
    res.set({
      'Content-Type': 'application/zip',
      'Content-Disposition': `attachment; filename="${membership.slug}-data.zip"`,
      'X-Content-Type-Options': 'nosniff',
    }),
  );
}
