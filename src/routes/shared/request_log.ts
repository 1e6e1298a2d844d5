import type { Request, RequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import { newId } from '../../db/ids.js';
import { causedBy } from '../../telemetry/cause.js';
import { requestAnswered } from '../../telemetry/metrics.js';
import { identityOf, slugIn } from './guard.js';

declare global {
  // oxlint-disable-next-line typescript/no-namespace -- this is how Express is told what requests carry
  namespace Express {
    interface Request {
      /** What an error page shows, to be found in the log. */
      id: string;
    }
  }
}

/** As a proxy or another program gives them; anything else could be more than an id. */
const REQUEST_ID = /^[\w-]{8,36}$/;

/**
 * Gives each request an id, that of `X-Request-Id` if it has a good one, and answers with it. Logs one line for each
 * once it is answered: what was asked for by its route, never by its address, and by whom only by their id.
 */
export function requestLog(log: Logger): RequestHandler {
  return (req, res, next) => {
    const given = req.get('X-Request-Id') ?? '';
    req.id = REQUEST_ID.test(given) ? given : newId();
    res.set('X-Request-Id', req.id);
    const began = performance.now();
    causedBy(req.id, log, (cause) => {
      res.once('close', () => {
        const answered = { ms: performance.now() - began, round_trips: cause?.round_trips ?? 0 };
        measure(req, res, answered);
        logRequest(log, req, res, answered);
      });
      next();
    });
  };
}

interface Answered {
  ms: number;
  round_trips: number;
}

function measure(req: Request, res: Response, { ms, round_trips }: Answered): void {
  const isStream = String(res.get('Content-Type')).startsWith('text/event-stream');
  const seconds = isStream ? null : ms / 1000;
  const asked = { method: METHODS.has(req.method) ? req.method : 'other', route: routeOf(req), status: res.statusCode };
  requestAnswered(asked, { seconds, round_trips });
}

/** Anybody may invent another. */
const METHODS = new Set(['GET', 'HEAD', 'POST', 'OPTIONS', 'PUT', 'PATCH', 'DELETE']);

function logRequest(log: Logger, req: Request, res: Response, { ms, round_trips }: Answered): void {
  const level = levelOf(req, res);
  if (!log.isLevelEnabled(level)) return;
  const { method, id: request_id } = req;
  const facts = { request_id, method, route: routeOf(req), ...shownParams(req), status: res.statusCode };
  const costs = { ms: Math.round(ms), round_trips };
  log[level]({ ...facts, ...costs, ...whoAsks(req) }, res.writableFinished ? 'request' : 'request aborted');
}

const levelOf = ({ baseUrl }: Request, { statusCode }: Response) =>
  statusCode >= 500 ? 'error' : baseUrl === '/assets' ? 'debug' : 'info';

/** The pattern of the route that answered, such as "/:organization/documents/:key". */
function routeOf({ route, baseUrl }: Request): string {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Express leaves it untyped; ours are all strings
  const path = (route as { path?: string } | undefined)?.path;
  return path === undefined ? baseUrl || 'none' : `${baseUrl}${path}`;
}

/** Ids and numbers of documents: nothing that a person chose, and nothing that opens something. */
const PLAIN = /^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[A-Z]{1,8}(-\d{4})?-\d{1,8}|\d{1,5})$/;

function shownParams({ params }: Request) {
  const plain = Object.entries(params).filter(([, value]) => typeof value === 'string' && PLAIN.test(value));
  return plain.length ? { params: Object.fromEntries(plain) } : {};
}

/** The organization whose page it is, and who they are there. */
function whoAsks(req: Request) {
  const slug = slugIn(req);
  const membership = identityOf(req).memberships.find((one) => one.slug === slug);
  return membership ? { organization_id: membership.organization_id, person_id: membership.person_id } : {};
}
