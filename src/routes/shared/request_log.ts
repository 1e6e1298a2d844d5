import type { RequestHandler } from 'express';
import type { Logger } from 'pino';

declare global {
  // oxlint-disable-next-line typescript/no-namespace -- this is how Express is told what requests carry
  namespace Express {
    interface Request {
      /** What an error page shows, to be found in the log. */
      id: number;
    }
  }
}

/** Numbers requests. Logs those that fail once they are answered, and with LOG_LEVEL=debug all of them. */
export function requestLog(log: Logger): RequestHandler {
  let last = 0;
  return (req, res, next) => {
    req.id = ++last;
    const began = performance.now();
    res.once('close', () => {
      const { statusCode, writableFinished } = res;
      const level = statusCode >= 500 ? 'error' : 'debug';
      if (!log.isLevelEnabled(level)) return;
      const facts = {
        id: req.id,
        method: req.method,
        url: withoutSecrets(req.originalUrl),
        status: statusCode,
        ms: Math.round(performance.now() - began),
      };
      log[level](facts, writableFinished ? 'request completed' : 'request aborted');
    });
    next();
  };
}

/** Removes the token of a link from the logged path, and the query. */
const withoutSecrets = (url: string) => url.replace(/\/(in|link|unsubscribe)\/[\w-]+/, '/$1/…').replace(/\?.*/, '');
