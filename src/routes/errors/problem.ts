import { STATUS_CODES } from 'node:http';
import type { Request, Response } from 'express';
import { Stale } from '../../documents/acting/stale.js';
import { type HttpError, Invalid } from '../../errors.js';
import { translatorFor } from '../../pages/i18n.js';
import { errorsByField } from '../forms/read_form.js';
import { translated } from '../shared/form.js';
import { bareLayout } from '../shared/layout.js';

/** Whether the request's body is JSON: typed input instead of a form. */
export const isJson = (req: Request) => Boolean(req.is('application/json'));

/** Whether a program asks, and not a person: for JSON, or anything of the API. */
export const wantsJson = (req: Request) =>
  isJson(req) || req.get('Accept') === 'application/json' || req.originalUrl.startsWith('/api/');

/**
 * Answers a program with what is wrong as problem details (RFC 9457), in the visitor's language. `errors`: by the
 * input's paths, or for a form by its fields; `changes`: after a 409, what has changed. Null is an error of ours.
 */
export function sendProblem(req: Request, res: Response, error: HttpError | null, detail: string): void {
  const status = error?.status ?? 500;
  const t = translatorFor(bareLayout(req, '').locale);
  const fields = error instanceof Invalid ? fieldsOf(req, error) : null;
  const problem = {
    title: STATUS_CODES[status],
    status,
    detail,
    ...(fields ? { errors: translated(fields, t, error?.values ?? {}) } : {}),
    ...(error instanceof Stale ? { changes: error.changes } : {}),
  };
  res.status(status).type('application/problem+json').send(JSON.stringify(problem));
}

const fieldsOf = (req: Request, { fields }: Invalid) => (isJson(req) ? fields : errorsByField(fields, { ...req.body }));
