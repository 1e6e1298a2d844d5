import type { Request } from 'express';
import { Conflict, Invalid } from '../../errors.js';
import { translated } from '../shared/form.js';
import { type RequestContext, translatorOf } from '../shared/request_context.js';

/** Whether a draft's form saves itself: its script asks for an answer it can read. */
export const autosaves = ({ req }: { req: Request }) => req.get('Accept') === 'application/json';

/**
 * Saves (`work` returns the draft's id and the hash of what it saved) and says where the draft is edited and by which
 * hash it goes on; 422 with what is wrong by field; 409 if somebody else has changed it.
 */
export async function answerAutosave(
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
