import type { Response } from 'express';
import type { Difference } from '../../activity/difference.js';
import { Stale } from '../../documents/acting/stale.js';
import type { ActResult } from '../../act.js';
import { type Conflict, type HttpError, Invalid, type Values } from '../../errors.js';
import type { Translate } from '../../pages/i18n.js';
import { errorsByField } from '../forms/read_form.js';
import { type RequestContext, translatorOf } from './request_context.js';

/** A message for each field that can't be used, by its name; `form` for the form as a whole. */
export type Errors = Readonly<Record<string, string>>;

/** The form of an action that could not be done: what was typed, what is wrong, and after a 409 what has changed. */
export interface FormState {
  action: string;
  input: Record<string, unknown>;
  errors: Errors;
  changes: Difference[] | null;
  /** It was done, and the form stays with what else was typed. */
  saved?: boolean;
}

/** A page with the form of an action. */
export interface ActionPage {
  /** Shows the form again; if the action isn't possible any more, the subject's own page, which says why. */
  show(ctx: RequestContext, form: FormState): unknown;
  /** The address that the act leads to, if not back to the subject. */
  next?(
    ctx: RequestContext,
    result: Pick<ActResult, 'id' | 'type' | 'number' | 'created_id' | 'activity_id'>,
    action: string,
  ): string | null;
}

/** The submitted form, and why it could not be done. */
export function formState(ctx: RequestContext, action: string, error?: Invalid | Conflict): FormState {
  const input = formInput(ctx);
  const messages = error instanceof Invalid ? errorsByField(error.fields, input) : { form: error?.sentence ?? '' };
  return {
    action,
    input,
    errors: error ? translated(messages, translatorOf(ctx), error.values) : {},
    changes: error instanceof Stale ? error.changes : null,
  };
}

/** The fields of the submitted form. */
export const formInput = ({ req }: Pick<RequestContext, 'req'>): Record<string, unknown> => ({ ...req.body });

/**
 * Does what a form asks for and redirects to the address that `work` returns. If the input can't be used, answers 422
 * with the page that `redraw` makes from the translated messages.
 */
export async function submit(
  res: Response,
  t: Translate,
  work: () => Promise<string>,
  redraw: (errors: Errors) => string | Promise<string>,
): Promise<void> {
  try {
    res.redirect(303, await work());
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
    res.status(error.status).send(await redraw(translated(error.fields, t, error.values)));
  }
}

/** Messages are English until they reach a page. `values`: the error's. */
export const translated = (errors: Errors, t: Translate, values: Values): Errors =>
  Object.fromEntries(Object.entries(errors).map(([name, sentence]) => [name, messageOf({ sentence, values }, t)]));

/** The message of an error, translated. */
export const messageOf = ({ sentence, values }: Pick<HttpError, 'sentence' | 'values'>, t: Translate): string =>
  t(
    sentence,
    Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, typeof value === 'object' ? t(value.text) : value]),
    ),
  );
