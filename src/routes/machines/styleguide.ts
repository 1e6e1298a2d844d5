import { Router } from 'express';
import { defineView, renderPage } from '../../pages/views/render.js';
import { bareLayout } from '../shared/layout.js';

/** It brings its sample data itself. */
export const styleguideView = defineView<object>('machines/styleguide');

/** Every component with sample data, for whoever builds pages. Never in production. */
export function styleguide(): Router {
  const router = Router();
  router.get('/styleguide', (req, res) => {
    const { locale, time_zone, page } = bareLayout(req, 'Style guide');
    const organization = { slug: '', name: 'Style guide', accent_url: null };
    const frame = { title: page.title, organization, viewer: null, nav: [], toast: null };
    res.send(renderPage(styleguideView, { layout: 'portal', locale, time_zone, page: frame }, {}));
  });
  return router;
}
