import { answerOf, isSentBefore, keepAnswer, type SentForm } from '../../acting/sent_forms.js';
import { read, retry, withActor } from '../../db/scope.js';
import { hashOf } from '../../db/secrets.js';
import { HttpError, Invalid } from '../../errors.js';
import { type Errors, formInput, submit } from '../shared/form.js';
import { type RequestContext, translatorOf } from '../shared/request_context.js';

const TOKEN = /^[\w-]{8,200}$/;

/** The form of this request, by its token, or the Idempotency-Key of a program; undefined if it has neither. */
export function sentForm({ req }: Pick<RequestContext, 'req'>): SentForm | undefined {
  const { form_token, ...typed } = formInput({ req });
  const token = req.get('Idempotency-Key')?.replaceAll('"', '') ?? form_token;
  if (typeof token !== 'string' || !TOKEN.test(token)) return undefined;
  const files = Array.isArray(req.files) ? req.files : [];
  const content = JSON.stringify([typed, files.map(({ originalname, size }) => [originalname, size])]);
  // With the token, which nobody can guess: what was typed can't be tried out on its hash.
  return { token_hash: hashOf(`${req.path}\n${token}`), content_hash: hashOf(`${token}\n${content}`) };
}

/**
 * Does what a form asks for. If that fails because the form was sent before (or since it was, so that it is too late
 * now), returns what it was answered with then. @throws SentBefore if something else was typed since
 */
export async function answered<Answer>(ctx: RequestContext, work: () => Promise<Answer>): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    const form = sentForm(ctx);
    if (!form || !(error instanceof HttpError || isSentBefore(error))) throw error;
    const [[before]] = await read(ctx.db.pool, ctx.actor, answerOf(ctx.actor, form));
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what `work` returned then
    if (before?.content_hash === form.content_hash) return before.answer as Answer;
    throw before && isSentBefore(error) ? new SentBefore(before.answer) : error;
  }
}

/** A form was sent before, with something else in it. `answer`: what it was answered with then. */
export class SentBefore extends Invalid {
  constructor(readonly answer: unknown) {
    super({ form: 'You already sent this form. To send what you changed as well, press the button again.' });
  }
}

/** Changes all by the `db` of the context that it is given. Returns the address that the form leads to, or an id. */
type Work = (ctx: RequestContext) => Promise<string>;

/** Does what a form asks for in one transaction, once for each form, and returns what `work` returned. */
export function once(ctx: RequestContext, work: Work): Promise<string> {
  const { db, actor } = ctx;
  const attempt = () =>
    withActor(db.knex, actor, async (knex) =>
      keepAnswer(knex, actor, sentForm(ctx), await work({ ...ctx, db: { ...db, knex } })),
    );
  return answered(ctx, () => retry(attempt));
}

/** `submit` of a form that is done once, however often it arrives. */
export const submitOnce = (
  ctx: RequestContext,
  work: Work,
  redraw: (errors: Errors) => string | Promise<string>,
): Promise<void> => submit(ctx.res, translatorOf(ctx), () => once(ctx, work), redraw);
