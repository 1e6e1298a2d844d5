import { type Request, type Response, Router } from 'express';
import type { Database } from '../../db/database.js';
import { NotFound } from '../../errors.js';
import { accentUrl } from '../../pages/styles/accent.js';
import { renderPage } from '../../pages/views/render.js';
import type { TermsKind } from '../../people/terms/default_terms.js';
import { paragraphsOf, publicTerms } from '../../people/terms/terms.js';
import { verified } from '../shared/guard.js';
import { bareLayout, i18nOf } from '../shared/layout.js';
import { withContext } from '../shared/request_context.js';
import { acceptChanged } from './accept_terms_form.js';
import { termsView } from '../activation/activation_views.js';

const TITLES = { terms: 'Portal terms', privacy: 'Privacy notice' } as const;

/** The terms and the privacy notice of an organization's portal, for anybody; accepted anew by who accepted others. */
export function termsPages(db: Database): Router {
  const router = Router();
  router.get('/:organization/terms', (req, res) => show(db, req, res, 'terms'));
  router.get('/:organization/privacy', (req, res) => show(db, req, res, 'privacy'));
  router.post('/:organization/terms/accept', withContext(db)(verified, acceptChanged));
  return router;
}

async function show(db: Database, req: Request, res: Response, kind: TermsKind) {
  const slug = String(req.params['organization']);
  const found = await publicTerms(db.pool, slug);
  const terms = found?.terms.find((one) => one.kind === kind);
  if (!found || !terms) throw new NotFound();
  const { organization } = found;
  const layout = bareLayout(req, TITLES[kind]);
  const { t, format } = i18nOf(layout);
  const { version, published_at } = terms;
  const other = kind === 'terms' ? 'privacy' : 'terms';
  res.send(
    renderPage(
      termsView,
      {
        ...layout,
        wide: true,
        page: {
          ...layout.page,
          organization: { slug, name: organization.name, accent_url: accentUrl(organization.accent) },
        },
      },
      {
        title: layout.page.title,
        note: published_at
          ? t('Version {{version}} of {{date}}', { version, date: format.dateTime(published_at) })
          : t('Version {{version}}', { version }),
        paragraphs: paragraphsOf(terms, organization.name, t),
        contact: [organization.name, ...organization.address.split('\n'), organization.email].filter(Boolean),
        other: { href: `/${slug}/${other}`, label: t(TITLES[other]) },
      },
    ),
  );
}
