import { NotFound } from '../../errors.js';
import { accentUrl } from '../../pages/styles/accent.js';
import type { ActivationLayout } from '../../pages/views/layouts.js';
import { i18nOf } from '../shared/layout.js';
import type { RequestContext } from '../shared/request_context.js';
import type { TakenInvitation } from './overview_queries.js';

/** The layout of the steps after the first. */
export function stepLayout({ actor, membership }: RequestContext, title: string): ActivationLayout {
  const { slug, organization, accent } = membership;
  const { locale, time_zone, organization_zone } = actor;
  const { t } = i18nOf(actor);
  const named = { slug, name: organization, accent_url: accentUrl(accent) };
  const page = { title: t(title), organization: named, sign_in_url: null };
  return { layout: 'activation', locale, time_zone, organization_zone, page };
}

/** For a contact who took an invitation. @throws NotFound */
export function requireTaken(ctx: RequestContext, taken: TakenInvitation | undefined): TakenInvitation {
  if (!taken || ctx.actor.side !== 'partner') throw new NotFound();
  return taken;
}
