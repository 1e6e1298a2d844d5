import { Router } from 'express';
import type { Database } from '../../db/database.js';
import { read } from '../../db/scope.js';
import { changesBetween } from '../../documents/acting/stale.js';
import { sheet } from '../../documents/queries/sheet.js';
import { versionPage } from './version_queries.js';
import { NotFound } from '../../errors.js';
import { changeViews } from './changes_view.js';
import { tongueOf } from '../shared/layout.js';
import { members } from '../shared/guard.js';
import { pageOf, type Visit, visits } from '../shared/request_context.js';

/** What a document said when it was sent, version by version, and what was changed. */
export function versions(db: Database): Router {
  const router = Router();
  router.get('/:organization/documents/:key/versions/:version', visits(db)(members, show));
  return router;
}

const MOST = 100_000;

async function show(visit: Visit) {
  const { db, req, res, actor, membership } = visit;
  const version = Number(req.params['version']);
  if (!Number.isInteger(version) || version < 1 || version > MOST) throw new NotFound();
  const [[page]] = await read(db.pool, actor, versionPage(actor, String(req.params['key']), version));
  if (!page) throw new NotFound();
  const tongue = tongueOf(actor);
  const shown = sheet(page.snapshot, tongue);
  const url = `/${membership.slug}/documents/${page.number ?? page.id}`;
  const { t } = tongue;
  res.send(
    pageOf(visit, 'documents/version', t('Version {{n}} of {{number}}', { n: page.version, number: page.number }), {
      document: { ...shown, sha256: page.sha256, paid: 0, dropped: 0, open: 0 },
      version: page.version,
      newest: page.version === page.newest,
      at: page.created_at,
      back: { href: url, label: `← ${shown.type_label} ${page.number}` },
      pdf_url: `${url}/pdf?version=${page.version}`,
      changes: page.before
        ? changeViews(changesBetween(page.before, page.snapshot), page.snapshot.currency, tongue)
        : null,
    }),
  );
}
