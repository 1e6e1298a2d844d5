import { Router } from 'express';
import { renderPage } from '../../pages/render.js';
import { bareLayout } from '../shared/layout.js';

/** Every component with sample data, for whoever builds pages. Never in production. */
export function styleguide(): Router {
  const router = Router();
  router.get('/styleguide', (req, res) => {
    const it = bareLayout(req, 'Style guide');
    const organization = { slug: '', name: 'Style guide', accent_url: null };
    res.send(renderPage('machines/styleguide', { ...it, layout: 'portal', page: { ...it.page, organization } }));
  });
  return router;
}
