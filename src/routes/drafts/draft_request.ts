import { read } from '../../db/scope.js';
import type { DocumentType } from '../../document_types/index.js';
import { NotFound } from '../../errors.js';
import type { RequestContext } from '../shared/request_context.js';
import { type DraftPage, draftPage } from './draft_queries.js';

/** The document of the address, with its partner's contacts. @throws NotFound */
export const findDraft = (ctx: RequestContext): Promise<DraftPage> => findDraftById(ctx, String(ctx.req.params['key']));

/** A document by its number or id, with its partner's contacts. @throws NotFound */
export async function findDraftById({ db, actor }: RequestContext, key: string): Promise<DraftPage> {
  const results = await read(db.pool, actor, ...draftPage(actor, key));
  const [[page], contacts, projects, tax_rates, [default_taxes], item_lines, [numbered]] = results;
  if (!page || !default_taxes) throw new NotFound();
  const items = Object.fromEntries(item_lines.map(({ line_id, item_id }) => [line_id, item_id]));
  return { ...page, items, contacts, projects, tax_rates, default_taxes, numberings: numbered?.numberings ?? [] };
}

/** Where a saved draft leads: to its preview, unless the button only saves. */
export function savedUrl(slug: string, type: DocumentType, id: string, input: Record<string, unknown>): string {
  // A vendor reviews what they send on the document's own page, which has the button that submits it.
  const next = input['save'] ? '?done=saved' : type.startedBy === 'staff' ? '/preview' : '';
  return `/${slug}/documents/${id}${next}`;
}
