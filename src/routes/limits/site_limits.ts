import { Router } from 'express';
import { limited, uploadCost } from './rates.js';
import { limitedStreams } from './streams.js';

/** What may be uploaded, in megabytes: by a person more than anybody has at hand, from an office so much for each. */
const UPLOADS = { person: 1000, address: 4000, seconds: 600 };
/** PDFs that are verified, each of which is read in full. */
const CHECKS = { person: 60, address: 120, seconds: 600 };

/** What one person and one address may do at most, of what costs us something. Mount it once the visitor is known. */
export function limits(): Router {
  const router = Router();
  router.use(limited(UPLOADS, uploadCost), limitedStreams());
  router.use(
    '/check',
    limited(CHECKS, ({ method }) => (method === 'POST' ? 1 : 0)),
  );
  return router;
}
