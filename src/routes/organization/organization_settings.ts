import { Router } from 'express';
import type { Database } from '../../db/database.js';
import { admins } from '../shared/guard.js';
import { withContext } from '../shared/request_context.js';
import { saveIdentity, showIdentity } from './identity_page.js';
import { saveNumbering, showNumbering } from './numbering_page.js';
import { showOverview } from './overview_page.js';

const ORGANIZATION = '/:organization/settings/organization';

/** What the organization is, and how its documents are numbered. For the owner and the admins. */
export function organizationSettings(db: Database): Router {
  const router = Router();
  const handle = withContext(db);
  router.get(ORGANIZATION, handle(admins, showOverview));
  router.get(`${ORGANIZATION}/identity`, handle(admins, showIdentity));
  router.post(`${ORGANIZATION}/identity`, handle(admins, saveIdentity));
  router.get(`${ORGANIZATION}/numbering`, handle(admins, showNumbering));
  router.post(`${ORGANIZATION}/numbering`, handle(admins, saveNumbering));
  return router;
}
