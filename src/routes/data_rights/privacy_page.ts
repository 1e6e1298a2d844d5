import { read } from '../../db/scope.js';
import { canonicalAddress, shownAddress } from '../../input/email_address.js';
import { defineView } from '../../pages/views/render.js';
import {
  type ErasureRequest,
  erasureRequests,
  type FoundPerson,
  type PastErasure,
  pastErasures,
  peopleByAddress,
} from '../../people/data_rights/data_queries.js';
import { type SettingsSide, settingsSide, settingsUrl } from '../settings/settings_side.js';
import { i18nOf } from '../shared/layout.js';
import { textParam } from '../shared/params.js';
import { contextPage, type RequestContext } from '../shared/request_context.js';
import { asSystem } from './downloads.js';

/** A person in one of the page's lists. */
interface PrivacyRow {
  href: string;
  name: string;
  /** Their company; null for staff. */
  partner: string | null;
  text: string;
  at: Date | null;
}

interface PrivacyInput {
  side: SettingsSide;
  url: string;
  /** The address that was looked for; '' if none. */
  sought: string;
  found: PrivacyRow[];
  requests: PrivacyRow[];
  erasures: PrivacyRow[];
}

export const privacyView = defineView<PrivacyInput>('data_rights/privacy');

const PAGE = 'organization/privacy';

/** Who asked to be erased, who was, and whoever has or had an address. */
export async function showPrivacy(ctx: RequestContext) {
  const { db, req, res, actor } = ctx;
  const { organization_id } = actor;
  const sought = textParam.parse(req.query['email']);
  const [requests, erasures, found] = await read(
    db.pool,
    asSystem(ctx),
    erasureRequests(organization_id),
    pastErasures(organization_id),
    peopleByAddress(organization_id, canonicalAddress(sought).toLowerCase()),
  );
  const { t } = i18nOf(actor);
  const input = {
    side: settingsSide(ctx, PAGE),
    url: settingsUrl(ctx, PAGE),
    sought,
    found: found.map((row) => foundRow(ctx, row)),
    requests: requests.map((row) => requestRow(ctx, row)),
    erasures: erasures.map((row) => erasureRow(ctx, row)),
  };
  res.send(contextPage(ctx, privacyView, t('Privacy'), input));
}

const dataUrl = ({ membership }: RequestContext, person_id: string) => `/${membership.slug}/people/${person_id}/data`;

function foundRow(ctx: RequestContext, { id, name, email, partner, removed_at }: FoundPerson): PrivacyRow {
  const { t } = i18nOf(ctx.actor);
  const text = removed_at ? `${shownAddress(email)} · ${t('Removed')}` : shownAddress(email);
  return { href: dataUrl(ctx, id), name, partner, text, at: removed_at };
}

function requestRow(ctx: RequestContext, { person_id, asked_at, name, email, partner, erased }: ErasureRequest) {
  const { t } = i18nOf(ctx.actor);
  const text = erased ? t('Erased') : shownAddress(email);
  return { href: dataUrl(ctx, person_id), name, partner, text, at: asked_at };
}

function erasureRow(ctx: RequestContext, { person_id, partner, started_at, finished_at, erased_by }: PastErasure) {
  const { t } = i18nOf(ctx.actor);
  const text = finished_at ? erased_by : t('Under way');
  return { href: dataUrl(ctx, person_id), name: t('Report'), partner, text, at: started_at };
}
