import { read } from '../../db/scope.js';
import { NotFound } from '../../errors.js';
import type { Storage } from '../../files/storage.js';
import { defineView } from '../../pages/views/render.js';
import { askErasure } from '../../people/data_rights/ask_erasure.js';
import { accountCounts, dataCounts, dataSubject } from '../../people/data_rights/data_queries.js';
import { once } from '../acts/once.js';
import { type SettingsSide, settingsSide, settingsUrl } from '../settings/settings_side.js';
import { i18nOf } from '../shared/layout.js';
import { contextPage, type RequestContext } from '../shared/request_context.js';
import { type Download, downloadFrom, type KindRow, kindRows } from './data_view.js';
import { asSystem, type DataPlace, prepareDownload, sendArchive } from './downloads.js';

/** What is kept of the reader. */
interface OwnDataInput {
  side: SettingsSide;
  organization: string;
  rows: KindRow[];
  download: Download;
  /** An owner can't ask: nobody has more rights. */
  owner: boolean;
  ask_url: string;
  /** When they last asked to have it erased. */
  asked_at: Date | null;
}

export const ownDataView = defineView<OwnDataInput>('data_rights/own_data');

const ownPlace = (ctx: RequestContext): DataPlace => ({
  person_id: String(ctx.actor.person_id),
  page: settingsUrl(ctx, 'data'),
});

export async function showOwn(ctx: RequestContext) {
  const { db, res, actor, membership } = ctx;
  const { organization_id } = actor;
  const { person_id, page } = ownPlace(ctx);
  const [[subject], [counts], [ofAccount]] = await read(
    db.pool,
    { ...asSystem(ctx), user_id: actor.user_id },
    dataSubject(organization_id, person_id),
    dataCounts(organization_id, person_id),
    accountCounts(actor.user_id),
  );
  if (!subject) throw new NotFound();
  const i18n = i18nOf(actor);
  const input = {
    side: settingsSide(ctx, 'data'),
    organization: membership.organization,
    rows: kindRows({ ...counts, ...ofAccount }, i18n),
    download: downloadFrom(ctx, page),
    owner: actor.role === 'owner',
    ask_url: `${page}/ask`,
    asked_at: subject.asked_at,
  };
  res.send(contextPage(ctx, ownDataView, i18n.t('Your data'), input));
}

export const downloadOwn = (ctx: RequestContext) => prepareDownload(ctx, ownPlace(ctx));

export const sendOwn = (ctx: RequestContext, storage: Storage) => sendArchive(ctx, storage, ownPlace(ctx));

/** @throws NotFound for an owner */
export async function askToErase(ctx: RequestContext) {
  const { page } = ownPlace(ctx);
  if (ctx.actor.role === 'owner') throw new NotFound();
  const work = async ({ db, actor }: RequestContext) => {
    await askErasure(db.knex, actor);
    return `${page}?done=requested`;
  };
  ctx.res.redirect(303, await once(ctx, work));
}
