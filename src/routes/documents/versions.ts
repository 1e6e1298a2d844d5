import { Router } from 'express';
import type { Database } from '../../db/database.js';
import { isId } from '../../db/ids.js';
import { type Actor, type Query, read } from '../../db/scope.js';
import { versionDifferences } from '../../documents/content/differences.js';
import type { Snapshot } from '../../documents/content/version.js';
import { sheet } from '../../documents/queries/sheet.js';
import { NotFound } from '../../errors.js';
import type { Change, Link, Sheet } from '../../pages/views/components.js';
import { defineView } from '../../pages/views/render.js';
import { members } from '../shared/guard.js';
import { i18nOf } from '../shared/layout.js';
import { contextPage, type RequestContext, withContext } from '../shared/request_context.js';
import { changesView } from './versions_view.js';

/** One version as it was sent. */
interface VersionInput {
  document: Sheet;
  version: number;
  /** It is the current one. */
  newest: boolean;
  at: Date;
  back: Link;
  pdf_url: string;
  /** Null for the first. */
  changes: Change[] | null;
}

export const versionView = defineView<VersionInput>('documents/version');

/** What a document said each time it was sent, and what had changed since the version before. */
export function versions(db: Database): Router {
  const router = Router();
  router.get('/:organization/documents/:key/versions/:version', withContext(db)(members, show));
  return router;
}

async function show(ctx: RequestContext) {
  const { res, actor, membership } = ctx;
  const page = await findVersion(ctx);
  const i18n = i18nOf(actor);
  const document = { ...sheet(page.snapshot, i18n), sha256: page.sha256, open: 0 };
  const url = `/${membership.slug}/documents/${page.number ?? page.id}`;
  const title = i18n.t('Version {{n}} of {{number}}', { n: page.version, number: page.number });
  res.send(
    contextPage(ctx, versionView, title, {
      document,
      version: page.version,
      newest: page.version === page.newest,
      at: page.created_at,
      back: { href: url, label: `← ${document.type_label} ${page.number}` },
      pdf_url: `${url}/pdf?version=${page.version}`,
      changes: page.before
        ? changesView(versionDifferences(page.before, page.snapshot), page.snapshot.currency, i18n)
        : null,
    }),
  );
}

const MAX_VERSION = 100_000;

/** The version of the address. @throws NotFound */
async function findVersion({ db, req, actor }: RequestContext): Promise<VersionPage> {
  const version = Number(req.params['version']);
  if (!Number.isInteger(version) || version < 1 || version > MAX_VERSION) throw new NotFound();
  const [[page]] = await read(db.pool, actor, versionPage(actor, String(req.params['key']), version));
  if (!page) throw new NotFound();
  return page;
}

/** One version of a document as it was sent, with the one before it. */
interface VersionPage {
  id: string;
  type: string;
  number: string;
  version: number;
  /** The number of the current version. */
  newest: number;
  sha256: string;
  created_at: Date;
  snapshot: Snapshot;
  before: Snapshot | null;
}

/** A version by its document (number or id) and its own number. */
function versionPage({ organization_id }: Actor, key: string, version: number): Query<VersionPage> {
  const column = isId(key) ? 'id' : 'number';
  return {
    name: `version_by_${column}`,
    text: `select d.id, d.type, d.number, d.version as newest, v.version, v.sha256, v.created_at, v.snapshot, b.snapshot as before
      from documents d join versions v on v.organization_id = d.organization_id and v.document_id = d.id
      left join versions b on b.organization_id = d.organization_id and b.document_id = d.id and b.version = v.version - 1
      where d.organization_id = $1 and d.${column} = $2 and v.version = $3`,
    values: [organization_id, key, version],
  };
}
