import type { ErrorRequestHandler, Request, RequestHandler } from 'express';
import type { Logger } from 'pino';
import { HttpError, NotAllowed, NotFound, NotSignedIn } from '../../errors.js';
import { renderPage } from '../../pages/render.js';
import { translatorFor } from '../../pages/i18n.js';
import { bareLayout } from './layout.js';

/** What no route took is not there. */
export const notFoundPage: RequestHandler = (_req, _res, next) => next(new NotFound());

/**
 * Every error of a page ends here: said in words, with a way on. What is not ours to say is logged, and shown as a
 * number to quote.
 */
export const errorPage =
  (log: Logger): ErrorRequestHandler =>
  (error: unknown, req, res, _next) => {
    const known = error instanceof HttpError ? error : asClientError(error);
    if (!known) log.error({ err: error, id: req.id }, 'request failed');
    if (res.headersSent) return res.end();
    const way = wayOn(known, req);
    if (way.at_once) return res.redirect(303, way.href);
    const status = known?.status ?? 500;
    const it = bareLayout(req, TITLES[status] ?? 'That did not work');
    const t = translatorFor(it.locale);
    const message = t(known?.message ?? 'Something went wrong on our side. It has been noted; try again in a moment.');
    const request_id = known || typeof req.id === 'object' ? null : String(req.id);
    res.status(status).send(
      renderPage('error', {
        ...it,
        status,
        title: it.page.title,
        message,
        request_id,
        way_on: { href: way.href, label: t(way.label) },
      }),
    );
  };

const TITLES: Record<number, string> = {
  401: 'Sign in to go on',
  403: 'That is not yours to do',
  404: 'Not found',
  409: 'It has changed since',
  413: 'That is too large',
  422: 'Something is missing',
  429: 'Too many tries',
};

/**
 * Where one who was stopped goes: at once to sign in or to prove the mailbox if they only wanted to look, or by a
 * button.
 */
function wayOn(error: HttpError | null, req: Request): { href: string; label: string; at_once: boolean } {
  const looks = ['GET', 'HEAD'].includes(req.method);
  const from = looks ? req.originalUrl : (req.get('Referer') ?? '/').replace(/^https?:\/\/[^/]+/, '');
  const back = `return_to=${encodeURIComponent(from)}`;
  if (error instanceof NotSignedIn) return { href: `/sign-in?${back}`, label: 'Sign in', at_once: looks };
  if (error instanceof NotAllowed && error.code)
    return { href: `/verify?${back}`, label: 'Email me a code', at_once: looks };
  return { href: '/', label: 'Go to the start', at_once: false };
}

/**
 * What Express, its parsers and PostgreSQL (22021: text with a NUL) say of a request that can't be read: too large,
 * not decodable.
 */
function asClientError(error: unknown): HttpError | null {
  if (!(error instanceof Error)) return null;
  const status = 'code' in error && error.code === '22021' ? 400 : 'status' in error ? Number(error.status) : 0;
  if (status < 400 || status >= 500) return null;
  return new HttpError(status, status === 413 ? 'This is too large.' : 'This request could not be read.');
}
