import { Router } from 'express';
import type { Database } from '../../db/database.js';
import { read } from '../../db/scope.js';
import { type DocumentType, types } from '../../document_types/index.js';
import { today } from '../../documents/act.js';
import { bookmarksOf } from './bookmark_queries.js';
import { countOf, documentList, PAGE_SIZE } from '../../documents/queries/list.js';
import { home } from '../home/home.js';
import { isForPartner } from '../shared/layout.js';
import { verified } from '../shared/guard.js';
import { exportList, exportKind } from './list_export.js';
import { parseListParams } from './list_request.js';
import { listView } from './list_view.js';
import { contextPage, type RequestContext, withContext, translatorOf } from '../shared/request_context.js';

/** The lists of documents, one for each type and one of all, for both sides; and the pages one starts from. */
export function lists(db: Database): Router {
  const router = Router();
  const ctx = withContext(db);
  router.use(home(db));
  for (const type of types) {
    router.get(
      `/:organization/${type.path}`,
      ctx(verified, (at) => list(at, [type], type.path)),
    );
  }
  router.get(
    '/:organization/documents',
    ctx(verified, (at) => list(at, ownTypes(at), 'documents')),
  );
  return router;
}

/** The types that this reader has to do with. */
const ownTypes = ({ actor, membership }: RequestContext): DocumentType[] =>
  actor.side === 'staff' ? types : types.filter((type) => isForPartner(type, membership));

const PROJECTS = {
  name: 'list_projects',
  text: 'select id, key, name from projects where organization_id = $1 order by id desc limit 100',
};

// Where there are more, they are found by their name in the search.
const MOST_PARTNERS = 200;
const PARTNERS = {
  name: 'list_partners',
  text: `select id, name from partners where organization_id = $1 order by lower(name), id limit ${MOST_PARTNERS + 1}`,
};

async function list(ctx: RequestContext, of: DocumentType[], path: string) {
  const { db, req, actor, membership, res } = ctx;
  const day = today(actor);
  const asked = parseListParams(req, of, actor);
  const kind = exportKind(req);
  if (kind) return exportList(ctx, of, asked, kind);
  const [type] = of;
  const counted =
    of.length === 1 && type
      ? type.tabs.filter(({ name, side }) => name === 'to_process' && (side ?? actor.side) === actor.side)
      : [];
  const [found, projects, partners, bookmarks, ...counts] = await read(
    db.pool,
    actor,
    documentList(actor, of, asked.narrowing, day),
    { ...PROJECTS, values: [actor.organization_id] },
    { ...PARTNERS, values: [actor.organization_id] },
    bookmarksOf(actor),
    ...counted.flatMap(({ states }) => (type ? [countOf(actor, type, states)] : [])),
  );
  const waiting = (counts as { n: number }[][]).map(([row]) => row?.n ?? 0);
  const view = listView(ctx, {
    ...{ types: of, asked, day, bookmarks },
    url: `/${membership.slug}/${path}`,
    projects: projects as { id: string; key: string; name: string }[],
    partners:
      actor.side === 'staff' && partners.length <= MOST_PARTNERS ? (partners as { id: string; name: string }[]) : [],
    found: found.slice(0, PAGE_SIZE),
    more: found.length > PAGE_SIZE,
    waiting: counted.length ? (waiting[0] ?? 0) : null,
  });
  return res.send(
    contextPage(ctx, 'lists/list', translatorOf(ctx)(of.length === 1 ? (type?.plural ?? '') : 'All documents'), view),
  );
}
