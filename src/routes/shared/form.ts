import type { Response } from 'express';
import { Invalid } from '../../errors.js';
import type { Translate } from '../../pages/i18n.js';

export type Errors = Readonly<Record<string, string>>;

/**
 * Does what a form asks for and leads on to the address that it returns. What can't be used comes back as the form's
 * page with 422:
 * `again` draws it with the messages, in the reader's words, beside their fields.
 */
export async function submit(
  res: Response,
  t: Translate,
  work: () => Promise<string>,
  again: (errors: Errors) => string | Promise<string>,
): Promise<void> {
  try {
    res.redirect(303, await work());
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
    res.status(422).send(await again(translated(error.fields, t)));
  }
}

export const translated = (errors: Errors, t: Translate): Errors =>
  Object.fromEntries(Object.entries(errors).map(([name, message]) => [name, t(message)]));
