import { Router } from 'express';
import type { Database } from '../../db/database.js';
import type { Actor, Query } from '../../db/scope.js';
import { type DocumentType, types } from '../../document_types/index.js';
import { today } from '../../pages/days.js';
import { countOf, documentList, PAGE_SIZE } from '../../documents/queries/list.js';
import { readWithRates } from '../../people/preferences/preferred_amount.js';
import { home } from '../home/home.js';
import { projectChoices } from '../../projects/project.js';
import { lacksModule, sendMissingModule } from '../colleagues/module_requests.js';
import { verified } from '../shared/guard.js';
import { reachableTypes } from '../settings/modules_menu.js';
import { contextPage, type RequestContext, withContext } from '../shared/request_context.js';
import { isOffered } from '../../subjects/may.js';
import { exportList } from './list_export.js';
import { exportKind } from './table_file.js';
import { parseListParams, typesAsked } from './list_request.js';
import { listPage, listView } from './list_view.js';

/** The lists of documents, one for each type and one of all, for both sides; and the first pages. */
export function lists(db: Database): Router {
  const router = Router();
  const handle = withContext(db);
  router.use(home(db));
  for (const type of types) {
    router.get(
      `/:organization/${type.path}`,
      handle(verified, (ctx) =>
        lacksModule(ctx, type.module) ? sendMissingModule(ctx, type.module) : list(ctx, [type], type.path),
      ),
    );
  }
  router.get(
    '/:organization/documents',
    handle(verified, (ctx) => list(ctx, reachableTypes(ctx.actor, ctx.membership), 'documents')),
  );
  return router;
}

/** More are found by their name in the search. */
const MAX_PROJECTS = 40;
const MAX_PARTNERS = 200;
/** Those that the types are for. */
function partnersOf(
  { organization_id, partner_id }: Actor,
  types: DocumentType[],
): Query<{ id: string; name: string }> {
  const [kind, ...others] = new Set(types.map(({ partner }) => partner));
  const fitting = kind && !others.length ? `and is_${kind}` : '';
  return {
    name: partner_id ? 'list_partner' : `list_partners${fitting && `_${kind}`}`,
    text: `select id, name from partners where organization_id = $1
      ${partner_id ? 'and id = $2' : `${fitting} order by name_key, id limit ${MAX_PARTNERS + 1}`}`,
    values: partner_id ? [organization_id, partner_id] : [organization_id],
  };
}

async function list(ctx: RequestContext, types: DocumentType[], path: string) {
  const { db, req, actor, membership, res } = ctx;
  const day = today(actor);
  const params = parseListParams(req, types, actor);
  const kind = exportKind(req);
  const asked = typesAsked(req, types);
  if (kind) return exportList(ctx, asked, params, kind);
  const [[found, projects, partners, ...counts], rates] = await readWithRates(
    db.pool,
    actor,
    membership.currency,
    documentList(actor, asked, params.filter, day),
    projectChoices(actor, MAX_PROJECTS),
    partnersOf(actor, asked),
    ...countToProcess(actor, types),
  );
  const view = listView(ctx, {
    ...{ types, params, day, projects, rates },
    url: `/${membership.slug}/${path}`,
    partners: isOffered(actor, 'desk') && partners.length <= MAX_PARTNERS ? partners : [],
    found: found.slice(0, PAGE_SIZE),
    more: found.length > PAGE_SIZE,
    to_process: counts.length ? (counts[0]?.[0]?.n ?? 0) : null,
  });
  return res.send(contextPage(ctx, listPage, view.title, view));
}

/** The query that counts the documents in the tab "to process", for a list that has one. */
function countToProcess(actor: Actor, [type, ...others]: DocumentType[]): Query<{ n: number }>[] {
  if (!type || others.length) return [];
  return type.tabs
    .filter(({ name, side }) => name === 'to_process' && (side ?? actor.side) === actor.side)
    .map(({ states }) => countOf(actor, type, states));
}
