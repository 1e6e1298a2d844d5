import type { ErrorRequestHandler } from 'express';
import type { Logger } from 'pino';
import { HttpError, NotAllowed, NotFound, NotSignedIn } from '../errors.js';
import { renderPage } from '../pages/render.js';
import { tongueOf } from './frame.js';

/** Every error of a page ends here: said in words, with a way on. What is not ours to say is logged, and shown as a number to quote. */
export const showError =
  (log: Logger): [(req: unknown, res: unknown, next: (error: unknown) => void) => void, ErrorRequestHandler] =>
    [
      (_req, _res, next) => next(new NotFound()),
      (error, req, res, _next) => {
        const known = error instanceof HttpError ? error : asClientError(error);
        if (!known) log.error({ err: error, id: req.id }, 'request failed');
        if (res.headersSent) return res.end();
        const back = encodeURIComponent(req.method === 'GET' ? req.originalUrl : (req.get('Referer') ?? '/').replace(/^https?:\/\/[^/]+/, ''));
        if (known instanceof NotSignedIn && req.method === 'GET') return res.redirect(303, `/sign-in?return_to=${back}`);
        if (known instanceof NotAllowed && known.code && req.method === 'GET') return res.redirect(303, `/verify?return_to=${back}`);
        const way = known instanceof NotAllowed && known.code ? { href: `/verify?return_to=${back}`, label: 'Email me a code' } : { href: '/', label: 'Go to the start' };
        const member = req.who?.memberships[0];
        const { t } = tongueOf({ locale: member?.locale ?? 'en-US', time_zone: 'UTC' });
        const message = t(known?.message ?? 'Something went wrong on our side. It has been noted; try again in a moment.');
        res.status(known?.status ?? 500).send(
          renderPage('error', {
            ...{ layout: 'bare', locale: member?.locale ?? 'en-US', status: known?.status ?? 500, message, reference: known ? null : String(req.id ?? '') },
            ...{ way_on: { href: way.href, label: t(way.label) }, page: { title: message, organization: null, viewer: null, nav: [], toast: null } },
          }),
        );
      },
    ];

/** What Express and its parsers say of a request that can't be read: too large, not decodable. */
function asClientError(error: unknown): HttpError | null {
  const status = error instanceof Error && 'status' in error ? Number(error.status) : 0;
  return status >= 400 && status < 500 ? new HttpError(status, status === 413 ? 'This is too large.' : 'This request could not be read.') : null;
}
