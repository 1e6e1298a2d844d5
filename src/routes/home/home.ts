import { type NextFunction, type Request, type Response, Router } from 'express';
import type { Database } from '../../db/database.js';
import type { BareLayout } from '../../pages/views/layouts.js';
import { defineView, renderPage } from '../../pages/views/render.js';
import type { Membership } from '../../people/identify.js';
import { readWithRates } from '../../people/preferences/preferred_amount.js';
import { isSetUp } from '../../people/organization.js';
import { isOffered } from '../../subjects/may.js';
import { identityOf, RESERVED, verified } from '../shared/guard.js';
import { bareLayout, i18nOf } from '../shared/layout.js';
import { maxBytes } from '../shared_files/files_view.js';
import { contextPage, type RequestContext, withContext } from '../shared/request_context.js';
import { partnerHome } from './home_queries.js';
import { homePage, homeView } from './home_view.js';

interface OrganizationsInput {
  name: string;
  places: { href: string; organization: string; as: string }[];
  sign_out_url: string;
}

export const organizationsView = defineView<OrganizationsInput, BareLayout>('home/organizations');

/** The site's first page, and an organization's: the desk for its staff, the account for its partners. */
export function home(db: Database): Router {
  const router = Router();

  router.get('/', async (req, res) => {
    const { user_id, memberships } = identityOf(req);
    if (!user_id) return res.redirect(303, (await isSetUp(db.pool)) ? '/sign-in' : '/setup');
    const slugs = new Set(memberships.map(({ slug }) => slug));
    const [only] = slugs;
    return only && slugs.size === 1 ? res.redirect(303, `/${only}`) : res.send(organizationsPage(req));
  });

  const portal = withContext(db)(verified, show);
  router.get('/:organization', (req: Request, res: Response, next: NextFunction) =>
    isSlug(String(req.params['organization'])) ? portal(req, res, next) : next(),
  );
  return router;
}

const isSlug = (text: string) => /^[a-z0-9][a-z0-9-]{1,38}$/.test(text) && !RESERVED.has(text);

async function show(ctx: RequestContext) {
  const { db, res, actor, membership } = ctx;
  if (isOffered(actor, 'desk')) return res.redirect(303, `/${membership.slug}/desk`);
  const [results, rates] = await readWithRates(db.pool, actor, membership.currency, ...partnerHome(actor));
  return res.send(
    contextPage(ctx, homePage, membership.partner ?? '', homeView(results, rates, actor, membership, maxBytes(ctx))),
  );
}

/** For somebody who belongs to several organizations, or, with a proven address, to none yet. */
function organizationsPage(req: Request): string {
  const { memberships, email } = identityOf(req);
  const layout = bareLayout(req, 'Where to?');
  const { t } = i18nOf(layout);
  const roleIn = ({ partner }: Membership) => (partner ? t('Contact at {{partner}}', { partner }) : t('Staff'));
  // Memberships as staff come first: who is on both sides of an organization acts as its staff.
  const places = memberships.filter(
    ({ slug }, index) => memberships.findIndex((other) => other.slug === slug) === index,
  );
  return renderPage(organizationsView, layout, {
    name: memberships[0]?.name ?? email ?? '',
    sign_out_url: '/sign-out',
    places: places.map((place) => ({ href: `/${place.slug}`, organization: place.organization, as: roleIn(place) })),
  });
}
