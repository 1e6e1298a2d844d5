import type { ErrorRequestHandler, Request, RequestHandler } from 'express';
import type pg from 'pg';
import type { Logger } from 'pino';
import { isDiskFull, isOutage } from '../../db/outage.js';
import { HttpError, NoRoom, NotAllowed, NotFound, NotSignedIn, Unavailable } from '../../errors.js';
import { translatorFor } from '../../pages/i18n.js';
import type { Link } from '../../pages/views/components.js';
import type { BareLayout } from '../../pages/views/layouts.js';
import { defineView, renderPage } from '../../pages/views/render.js';
import { messageOf } from '../shared/form.js';
import { beyondLink } from './beyond_link.js';
import { bareLayout } from '../shared/layout.js';
import { ownPath } from '../shared/return_to.js';
import { sendProblem, wantsJson } from './problem.js';
import { refusalText } from './refusal.js';

interface ErrorInput {
  status: number;
  title: string;
  message: string;
  way_on: Link;
  /** To quote when asking us about it; null where the message says enough. */
  request_id: string | null;
}

export const errorView = defineView<ErrorInput, BareLayout>('error');

/** 404 for every address that no route has answered. */
export const notFoundPage: RequestHandler = (_req, _res, next) => next(new NotFound());

/**
 * Ends every failed request with a page that says what to do, or whom to ask. Errors that are not the visitor's are
 * logged, and shown only as an id to quote.
 */
export const errorPage =
  (pool: pg.Pool, log: Logger): ErrorRequestHandler =>
  async (error: unknown, req, res, _next) => {
    const shown = await whatIsShown(pool, log, req, error);
    if (!shown || shown.status >= 500) log.error({ err: error }, 'request failed');
    if (res.headersSent) return res.end();
    if (shown && 'retry_after' in shown) res.set('Retry-After', String(shown.retry_after));
    const next = nextStep(shown, req);
    if (next.redirect && !wantsJson(req)) return res.redirect(303, next.href);
    const refusal = shown instanceof NotAllowed ? await refusalOf(pool, log, req, shown) : null;
    const t = translatorFor(bareLayout(req, '').locale);
    const message = refusal ?? (shown ? messageOf(shown, t) : t(OURS));
    if (wantsJson(req)) return sendProblem(req, res, shown, message);
    return res.status(shown?.status ?? 500).send(render(shown, next, req, message));
  };

/** Not found by a link, it may be one more step away. */
async function whatIsShown(pool: pg.Pool, log: Logger, req: Request, error: unknown): Promise<HttpError | null> {
  if (!(error instanceof NotFound))
    return error instanceof HttpError ? error : (asClientError(error) ?? asPassing(error));
  const step = await beyondLink(pool, req).catch((failure: unknown) => {
    log.error({ err: failure }, 'what lies beyond a link is not known');
    return null;
  });
  return step ?? error;
}

/** Who refuses must not fail: without the names of whom to ask, the page still says that it may not be done. */
const refusalOf = (pool: pg.Pool, log: Logger, req: Request, error: NotAllowed): Promise<string | null> =>
  refusalText(pool, req, error).catch((failure: unknown) => {
    log.error({ err: failure }, 'whom to ask is not known');
    return null;
  });

const OURS = 'Something went wrong on our side. It has been noted; try again in a moment.';

function render(error: HttpError | null, next: NextStep, req: Request, message: string): string {
  const status = error?.status ?? 500;
  const layout = bareLayout(req, TITLES[status] ?? 'That did not work');
  const t = translatorFor(layout.locale);
  return renderPage(errorView, layout, {
    status,
    title: layout.page.title,
    message,
    request_id: status >= 500 ? req.id : null,
    way_on: { href: next.href, label: t(next.label) },
  });
}

const TITLES: Record<number, string> = {
  401: 'Sign in to go on',
  403: 'That is not yours to do',
  404: 'Not found',
  409: 'It has changed since',
  413: 'That is too large',
  422: 'Something is missing',
  429: 'Too many tries',
  503: 'Not available at the moment',
  507: 'There is no room',
};

const ORIGIN = /^https?:\/\/[^/]+/;

interface NextStep extends Link {
  /** Nothing was submitted that a redirect could lose. */
  redirect: boolean;
}

/** Where somebody who was refused goes: to sign in, to verify their mailbox, to the same page again, or home. */
function nextStep(error: HttpError | null, req: Request): NextStep {
  const redirect = ['GET', 'HEAD'].includes(req.method);
  // A form's page is above the address that it posts to.
  const from = redirect
    ? req.originalUrl
    : (req.get('Referer') ?? req.path.replace(/\/[^/]*$/, '')).replace(ORIGIN, '');
  const query = `return_to=${encodeURIComponent(from)}`;
  if (error instanceof NotSignedIn) return { href: `/sign-in?${query}`, label: 'Sign in', redirect };
  if (error instanceof NotAllowed && error.code)
    return { href: `/verify?${query}`, label: 'Email me a code', redirect };
  if (error instanceof Unavailable) return { href: ownPath(from), label: 'Try again', redirect: false };
  return { href: '/', label: 'Go to the start', redirect: false };
}

/**
 * The client error behind what Express, its parsers and PostgreSQL throw for a request that can't be read: too large,
 * not decodable, or with a NUL in its text (22021).
 */
function asClientError(error: unknown): HttpError | null {
  if (!(error instanceof Error)) return null;
  const status = 'code' in error && error.code === '22021' ? 400 : 'status' in error ? Number(error.status) : 0;
  if (status < 400 || status >= 500) return null;
  return new HttpError(status, status === 413 ? 'This is too large.' : 'This request could not be read.');
}

/** What passes by itself, or once somebody has made room. */
function asPassing(error: unknown): HttpError | null {
  if (isDiskFull(error)) return new NoRoom({ cause: error });
  return isOutage(error) ? new Unavailable({ cause: error }) : null;
}
