import { type NextFunction, type Request, type Response, Router } from 'express';
import type { Database } from '../../db/database.js';
import { type Actor, read } from '../../db/scope.js';
import { isSetUp } from '../../people/organization.js';
import type { Membership } from '../../people/identify.js';
import { renderPage } from '../../pages/render.js';
import { partnerHome } from './home_queries.js';
import { bareLayout, layoutLocals, i18nOf } from '../shared/layout.js';
import { identityOf, RESERVED, verified } from '../shared/guard.js';
import { homeView } from './home_view.js';

/** The site's first page, and an organization's: the desk for its staff, what is open for its partners. */
export function home(db: Database): Router {
  const router = Router();

  router.get('/', async (req, res) => {
    const { user_id, memberships } = identityOf(req);
    if (!user_id) return res.redirect(303, (await isSetUp(db.pool)) ? '/sign-in' : '/setup');
    const slugs = new Set(memberships.map(({ slug }) => slug));
    const [only] = slugs;
    return only && slugs.size === 1 ? res.redirect(303, `/${only}`) : res.send(placesPage(req));
  });

  const portal = verified((req, res, actor, membership) =>
    actor.side === 'staff' ? res.redirect(303, `/${membership.slug}/desk`) : show(db, req, res, actor, membership),
  );
  router.get('/:organization', (req: Request, res: Response, next: NextFunction) =>
    isSlug(String(req.params['organization'])) ? portal(req, res, next) : next(),
  );
  return router;
}

const isSlug = (text: string) => /^[a-z0-9][a-z0-9-]{1,38}$/.test(text) && !RESERVED.has(text);

async function show(db: Database, req: Request, res: Response, actor: Actor, membership: Membership) {
  const results = await read(db.pool, actor, ...partnerHome(actor));
  res.send(
    renderPage('home/home', {
      ...layoutLocals(req, actor, membership, membership.partner ?? ''),
      ...homeView(results, actor, membership),
    }),
  );
}

/**
 * For those who belong to several organizations, or, with a proven address, to none. Who is on both sides of one acts
 * as its staff.
 */
function placesPage(req: Request): string {
  const { memberships, email } = identityOf(req);
  const page = bareLayout(req, 'Where to?');
  const { t } = i18nOf(page);
  const as = ({ partner }: Membership) => (partner ? t('Contact at {{partner}}', { partner }) : t('Staff'));
  const places = memberships.filter(
    ({ slug }, index) => memberships.findIndex((other) => other.slug === slug) === index,
  );
  return renderPage('home/organizations', {
    ...page,
    name: memberships[0]?.name ?? email ?? '',
    sign_out_url: '/sign-out',
    places: places.map((place) => ({ href: `/${place.slug}`, organization: place.organization, as: as(place) })),
  });
}
