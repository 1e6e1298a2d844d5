import { Router } from 'express';
import type { Database } from '../../db/database.js';
import { read } from '../../db/scope.js';
import { changesBetween } from '../../documents/acting/stale.js';
import { sheet } from '../../documents/queries/sheet.js';
import { versionPage } from './version_queries.js';
import { NotFound } from '../../errors.js';
import { changesView } from './changes_view.js';
import { i18nOf } from '../shared/layout.js';
import { members } from '../shared/guard.js';
import { contextPage, type RequestContext, withContext } from '../shared/request_context.js';

/** What a document said when it was sent, version by version, and what was changed. */
export function versions(db: Database): Router {
  const router = Router();
  router.get('/:organization/documents/:key/versions/:version', withContext(db)(members, show));
  return router;
}

const MOST = 100_000;

async function show(ctx: RequestContext) {
  const { db, req, res, actor, membership } = ctx;
  const version = Number(req.params['version']);
  if (!Number.isInteger(version) || version < 1 || version > MOST) throw new NotFound();
  const [[page]] = await read(db.pool, actor, versionPage(actor, String(req.params['key']), version));
  if (!page) throw new NotFound();
  const i18n = i18nOf(actor);
  const shown = sheet(page.snapshot, i18n);
  const url = `/${membership.slug}/documents/${page.number ?? page.id}`;
  const { t } = i18n;
  res.send(
    contextPage(ctx, 'documents/version', t('Version {{n}} of {{number}}', { n: page.version, number: page.number }), {
      document: { ...shown, sha256: page.sha256, paid: 0, dropped: 0, open: 0 },
      version: page.version,
      newest: page.version === page.newest,
      at: page.created_at,
      back: { href: url, label: `← ${shown.type_label} ${page.number}` },
      pdf_url: `${url}/pdf?version=${page.version}`,
      changes: page.before
        ? changesView(changesBetween(page.before, page.snapshot), page.snapshot.currency, i18n)
        : null,
    }),
  );
}
