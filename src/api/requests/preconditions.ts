import { Stale } from '../../documents/acting/stale.js';
import { HttpError, Invalid } from '../../errors.js';
import type { RequestContext } from '../../routes/shared/request_context.js';

/** A strong tag of what a document shows; it changes with all that one decides on. */
export const etagOf = (seen: string): string => `"${seen}"`;

/** What the request's author saw, by If-Match; '' if they don't say. */
export const seenIn = ({ req }: Pick<RequestContext, 'req'>): string =>
  /^"([0-9a-f]{64})"$/.exec(req.get('If-Match') ?? '')?.[1] ?? '';

/** 412: it changed since the ETag that was sent. */
class PreconditionFailed extends Stale {
  override readonly status = 412;
}

/** Says what is wrong with what an act was decided on in the terms of HTTP: 412, or 428 if that wasn't said. */
export function asPrecondition(ctx: RequestContext, error: unknown): unknown {
  if (error instanceof Stale && ctx.req.get('If-Match')) return new PreconditionFailed(error.changes);
  if (error instanceof Invalid && 'seen' in error.fields)
    return new HttpError(428, 'Send the ETag that you decided on as If-Match.');
  return error;
}
