import { Router } from 'express';
import type { Database } from '../../db/database.js';
import type { Storage } from '../../files/storage.js';
import { admins, verified } from '../shared/guard.js';
import { withContext } from '../shared/request_context.js';
import { eraseData, startErasing } from './erase_form.js';
import { askToErase, downloadOwn, sendOwn, showOwn } from './own_data.js';
import { downloadOf, sendOf, showPerson } from './person_data.js';
import { showPrivacy } from './privacy_page.js';

const OWN = '/:organization/settings/data';
const PERSON = '/:organization/people/:person/data';

/** What is kept of a person: to see, to download, to have it erased. */
export function dataRights(db: Database, storage: Storage): Router {
  const router = Router();
  const handle = withContext(db);
  router.get(OWN, handle(verified, showOwn));
  router.post(`${OWN}/download`, handle(verified, downloadOwn));
  router.get(
    `${OWN}/archive`,
    handle(verified, (ctx) => sendOwn(ctx, storage)),
  );
  router.post(`${OWN}/ask`, handle(verified, askToErase));
  router.get(PERSON, handle(admins, showPerson));
  router.post(`${PERSON}/download`, handle(admins, downloadOf));
  router.get(
    `${PERSON}/archive`,
    handle(admins, (ctx) => sendOf(ctx, storage)),
  );
  router.get(`${PERSON}/erase`, handle(admins, startErasing));
  router.post(`${PERSON}/erase`, handle(admins, eraseData));
  router.get('/:organization/settings/organization/privacy', handle(admins, showPrivacy));
  return router;
}
