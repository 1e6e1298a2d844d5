import { read } from '../../db/scope.js';
import type { DocumentType } from '../../document_types/index.js';
import { Conflict, Invalid, NotFound } from '../../errors.js';
import { translated } from '../shared/form.js';
import { type RequestContext, translatorOf } from '../shared/request_context.js';
import { type DraftPage, draftPage } from './draft_queries.js';

/** The document of the address, with its partner's contacts. @throws NotFound */
export const findDraft = (ctx: RequestContext): Promise<DraftPage> => findDraftById(ctx, String(ctx.req.params['key']));

/** A document by its number or id, with its partner's contacts. @throws NotFound */
export async function findDraftById({ db, actor }: RequestContext, key: string): Promise<DraftPage> {
  const [[page], contacts, projects] = await read(db.pool, actor, ...draftPage(actor, key));
  if (!page) throw new NotFound();
  return { ...page, contacts, projects };
}

/** Where a saved draft leads: to its preview, unless the button only saves. */
export function savedUrl(slug: string, type: DocumentType, id: string, input: Record<string, unknown>): string {
  // A vendor reviews what they send on the document's own page, which has the button that submits it.
  const next = input['save'] ? '?done=saved' : type.startedBy === 'staff' ? '/preview' : '';
  return `/${slug}/documents/${id}${next}`;
}

/** Whether the form's script saves it, and not a person: the script asks for JSON. */
export const isAutosave = ({ req }: RequestContext) => req.get('Accept') === 'application/json';

/**
 * Saves by `work` and answers the script with the address where the draft is edited and the hash of what was saved;
 * 422 with a message for each field, 409 if somebody else has changed it.
 */
export async function autosave(
  ctx: RequestContext,
  work: () => Promise<{ id: string; sha256: string }>,
): Promise<void> {
  const { res, membership } = ctx;
  try {
    const { id, sha256 } = await work();
    res.json({ seen: sha256, url: `/${membership.slug}/documents/${id}/edit` });
  } catch (error) {
    if (!(error instanceof Invalid || error instanceof Conflict)) throw error;
    const errors = error instanceof Invalid ? error.fields : { form: error.message };
    res.status(error.status).json({ errors: translated(errors, translatorOf(ctx)) });
  }
}
