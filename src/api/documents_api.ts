import { z } from 'zod';
import { actionsFor } from '../acting/permitted.js';
import { read } from '../db/scope.js';
import type { DocumentType } from '../document_types/index.js';
import { isForSeveral } from '../document_types/relations.js';
import { contentInput } from '../document_types/shared/inputs.js';
import { seenOf } from '../documents/content/seen.js';
import { createDocument } from '../documents/drafts/create.js';
import { documentList, type ListedDocument, searchWords } from '../documents/queries/list.js';
import { contentOf, type DocumentPage, documentPage } from '../documents/queries/page.js';
import { NotFound } from '../errors.js';
import { currency, day, id, parseBy } from '../input/fields.js';
import { today } from '../pages/days.js';
import type { RequestContext } from '../routes/shared/request_context.js';
import { apiActions, type ApiKind, pathOfKind } from './api_kinds.js';
import { bodyOf } from './api_acts.js';
import { requireScope } from './requests/api_guard.js';
import { madeOnce } from './requests/idempotency.js';
import { MOST_LISTED, pageOf, pageParams, readQuery, sendPage } from './requests/paging.js';
import { etagOf } from './requests/preconditions.js';
import { documentShape, listedDocumentShape } from './shapes.js';

/** The filters of a list of documents, as on its page. */
export const documentFilters = pageParams.extend({
  state: z.string().max(60).optional(),
  partner: id.optional(),
  project: id.optional(),
  from: day.optional(),
  to: day.optional(),
  q: z.string().max(200).optional(),
});

/** A new draft. For a request for proposal, which goes to several, `partner` is left out. */
export const newDraftInput = z.object({
  partner: id.optional(),
  origin: id.optional(),
  currency,
  content: contentInput,
});

/** GET /api/v1/{documents} */
export async function listDocuments(ctx: RequestContext, { lifecycle }: ApiKind, type: DocumentType): Promise<void> {
  requireScope(ctx, lifecycle.module, 'read');
  const { db, actor } = ctx;
  const query = readQuery(ctx, documentFilters);
  const { limit, after } = pageOf(query);
  const { state = null, partner = null, project = null, from = null, to = null, q = '' } = query;
  const filter = {
    ...{ state, partner_id: partner, project_id: project, from, to, after, words: searchWords(q) },
    ...{ tab: null, labels: null, least: null, most: null, sort: 'newest' as const, turned: false },
  };
  const day = today(actor);
  const [found] = await read(db.pool, actor, documentList(actor, [type], filter, day, MOST_LISTED));
  sendPage(ctx, listedDocumentShape, found.map(withKind), limit);
}

const withKind = (row: ListedDocument) => ({ ...row, kind: row.type });

/** GET /api/v1/{documents}/{key} */
export async function showDocument(ctx: RequestContext, kind: ApiKind): Promise<void> {
  requireScope(ctx, kind.lifecycle.module, 'read');
  sendDocument(ctx, kind, await findPage(ctx, kind, String(ctx.req.params['key'])));
}

async function findPage({ db, actor }: RequestContext, { lifecycle }: ApiKind, key: string): Promise<DocumentPage> {
  const [[page]] = await read(db.pool, actor, documentPage(actor, key));
  if (!page || page.type !== lifecycle.name) throw new NotFound();
  return page;
}

function sendDocument({ res, actor }: RequestContext, { lifecycle }: ApiKind, page: DocumentPage): void {
  const { lines } = contentOf(page);
  const open = new Set(Object.keys(actionsFor(page, actor, today(actor))));
  const actions = apiActions(lifecycle).flatMap(([name]) => (open.has(name) ? [name] : []));
  res.set('ETag', etagOf(seenOf(page)));
  res.json(documentShape.parse({ ...page, kind: page.type, lines, actions }));
}

/** POST /api/v1/{documents}: a draft, which nobody but its side sees before it is sent. */
export async function createByApi(ctx: RequestContext, kind: ApiKind, type: DocumentType): Promise<void> {
  requireScope(ctx, kind.lifecycle.module, 'write');
  const { actor, res } = ctx;
  const { partner = null, origin = null, ...draft } = parseBy(newDraftInput.strict(), bodyOf(ctx));
  const own = actor.side === 'partner' ? actor.partner_id : partner;
  const partner_id = isForSeveral(type) ? null : own;
  const made = await madeOnce(ctx, (knex) => createDocument(knex, actor, type.name, partner_id, draft, origin));
  res.status(201).set('location', `${pathOfKind(type.name)}/${made}`);
  sendDocument(ctx, kind, await findPage(ctx, kind, made));
}
