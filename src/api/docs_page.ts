import { Router } from 'express';
import type { Config } from '../config.js';
import type { BareLayout } from '../pages/views/layouts.js';
import { defineView, renderPage } from '../pages/views/render.js';
import { bareLayout } from '../routes/shared/layout.js';
import { type Operation, OPERATIONS } from './description/operations.js';

/** The documentation of the API: operations by area, and a form to try one with a token, which stays in the page. */
interface ApiDocsInput {
  base_url: string;
  areas: { name: string; operations: Pick<Operation, 'method' | 'path' | 'summary' | 'scope'>[] }[];
}

export const apiDocsView = defineView<ApiDocsInput, BareLayout>('machines/api_docs');

/** GET /docs/api, for everybody. */
export function apiDocs({ base_url }: Config): Router {
  const names = [...new Set(OPERATIONS.map(({ tag }) => tag))];
  const areas = names.map((name) => ({ name, operations: OPERATIONS.filter(({ tag }) => tag === name) }));
  return Router().get('/docs/api', (req, res) => {
    const layout = { ...bareLayout(req, 'API'), locale: 'en', wide: true };
    res.send(renderPage(apiDocsView, { ...layout, page: { ...layout.page, title: 'API' } }, { base_url, areas }));
  });
}
