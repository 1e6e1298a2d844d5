import { read } from '../../db/scope.js';
import { NotFound } from '../../errors.js';
import type { Storage } from '../../files/storage.js';
import { shownAddress } from '../../input/email_address.js';
import type { Link } from '../../pages/views/components.js';
import { defineView } from '../../pages/views/render.js';
import { type DataSubject, dataCounts, dataSubject, erasureReport } from '../../people/data_rights/data_queries.js';
import { i18nOf } from '../shared/layout.js';
import { pathId } from '../shared/params.js';
import { contextPage, type RequestContext, translatorOf } from '../shared/request_context.js';
import { type Download, downloadFrom, type KindRow, kindRows, type Report, reportOf } from './data_view.js';
import { asSystem, type DataPlace, prepareDownload, sendArchive } from './downloads.js';

/** What is kept of somebody, for owners and admins; or once they are erased, the report. */
interface PersonDataInput {
  name: string;
  text: string | null;
  back: Link;
  /** When they asked to have it erased. */
  asked: string | null;
  rows: KindRow[];
  download: Download | null;
  erase_url: string | null;
  report: Report | null;
}

export const personDataView = defineView<PersonDataInput>('data_rights/person_data');

export const placeOf = ({ req, membership }: RequestContext): DataPlace => {
  const person_id = pathId(req, 'person');
  return { person_id, page: `/${membership.slug}/people/${person_id}/data` };
};

export async function showPerson(ctx: RequestContext) {
  const { db, res, actor } = ctx;
  const { organization_id } = actor;
  const { person_id } = placeOf(ctx);
  const [[subject], [counts], [report]] = await read(
    db.pool,
    asSystem(ctx),
    dataSubject(organization_id, person_id),
    dataCounts(organization_id, person_id),
    erasureReport(organization_id, person_id),
  );
  if (!subject) throw new NotFound();
  const i18n = i18nOf(actor);
  const { t, format } = i18n;
  const input = {
    name: subject.name,
    back: backFrom(ctx, subject),
    rows: report ? [] : kindRows(counts, i18n),
    report: report ? reportOf(report, i18n) : null,
    ...(report ? { text: null, download: null, erase_url: null, asked: null } : whatCanBeDone(ctx, subject)),
  };
  res.send(contextPage(ctx, personDataView, t('Data of {{name}}', { name: subject.name }), input));

  function whatCanBeDone(ctx: RequestContext, { email, asked_at }: DataSubject) {
    const { page } = placeOf(ctx);
    const asked = asked_at ? t('Asked to have it erased {{when}}.', { when: format.when(asked_at).text }) : null;
    const erase_url = person_id === actor.person_id ? null : `${page}/erase`;
    return { text: shownAddress(email), download: downloadFrom(ctx, page), erase_url, asked };
  }
}

/** The partner whose contact it is, or the members. */
function backFrom(ctx: RequestContext, { partner_id, partner }: DataSubject): Link {
  const { slug } = ctx.membership;
  return partner_id
    ? { href: `/${slug}/partners/${partner_id}`, label: `← ${partner}` }
    : { href: `/${slug}/settings/members`, label: `← ${translatorOf(ctx)('Members and roles')}` };
}

export const downloadOf = (ctx: RequestContext) => prepareDownload(ctx, placeOf(ctx));

export const sendOf = (ctx: RequestContext, storage: Storage) => sendArchive(ctx, storage, placeOf(ctx));
