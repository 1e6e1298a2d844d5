import type { Knex } from 'knex';
import { answerOf, keepAnswer, type SentForm } from '../../acting/sent_forms.js';
import { read, retry, withActor } from '../../db/scope.js';
import { HttpError, Invalid } from '../../errors.js';
import { answered, sentForm } from '../../routes/acts/once.js';
import type { RequestContext } from '../../routes/shared/request_context.js';

const KEY = 'Idempotency-Key';

/** The request as what is done once; undefined without a key. */
export const formOf = (ctx: RequestContext): SentForm | undefined =>
  ctx.req.get(KEY) === undefined ? undefined : sentForm(ctx);

/**
 * Does something once for each Idempotency-Key of a person and an address. Sent again with the same body it answers as
 * it did then, for 30 days; two at once: the second waits for the first, and answers the same. `work` must keep its
 * answer by the form of the request. @throws Invalid (422) for a key that is none, or came with another body before
 */
export async function idempotent<Answer>(ctx: RequestContext, work: () => Promise<Answer>): Promise<Answer> {
  const { req, res, db, actor } = ctx;
  if (req.get(KEY) === undefined) return work();
  const form = sentForm(ctx);
  if (!form) throw new Invalid({ [KEY]: 'Use 8 to 200 letters, digits, “-” or “_”.' });
  const [[before]] = await read(db.pool, actor, answerOf(actor, form));
  if (!before) return answered(ctx, work);
  if (before.content_hash !== form.content_hash)
    throw new HttpError(422, 'This Idempotency-Key was used for another request. Use a new one.');
  res.set('Idempotency-Replayed', 'true');
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what `work` returned then
  return before.answer as Answer;
}

/** Makes something once for each Idempotency-Key. Returns its id. */
export function madeOnce(ctx: RequestContext, make: (knex: Knex.Transaction) => Promise<string>): Promise<string> {
  const { db, actor } = ctx;
  const form = formOf(ctx);
  const work = () => withActor(db.knex, actor, async (knex) => keepAnswer(knex, actor, form, await make(knex)));
  return idempotent(ctx, () => retry(work));
}
