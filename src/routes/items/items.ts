import { Router } from 'express';
import type { Config } from '../../config.js';
import type { Database } from '../../db/database.js';
import type { Storage } from '../../files/storage.js';
import { keepsPartners, membersOnly, staff } from '../shared/guard.js';
import { withContext } from '../shared/request_context.js';
import { uploads } from '../shared/uploads.js';
import {
  changeArchived,
  createItem,
  editItem,
  newItem,
  removePicture,
  saveItem,
  savePicture,
  sendPicture,
} from './item_edit.js';
import { listItems } from './item_list.js';
import { showItem } from './item_page.js';
import { suggestLines } from './line_suggestions.js';

const ALL = '/:organization/items';
const ITEM = `${ALL}/:item`;

/** What the organization sells and buys: for its staff alone. */
export function items(db: Database, config: Config, storage: Storage): Router {
  const router = Router();
  const handle = withContext(db);
  router.get(ALL, handle(staff, listItems));
  router.post(ALL, handle(keepsPartners, createItem));
  router.get(`${ALL}/new`, handle(keepsPartners, newItem));
  router.get(`${ALL}/suggestions`, handle(staff, suggestLines));
  router.get(ITEM, handle(staff, showItem));
  router.post(ITEM, handle(keepsPartners, saveItem));
  router.get(`${ITEM}/edit`, handle(keepsPartners, editItem));
  router.post(`${ITEM}/archive`, handle(keepsPartners, changeArchived));
  router.get(
    `${ITEM}/picture`,
    handle(staff, (ctx) => sendPicture(ctx, storage)),
  );
  router.post(
    `${ITEM}/picture`,
    membersOnly,
    uploads(config, storage),
    handle(keepsPartners, (ctx) => savePicture(ctx, storage)),
  );
  router.post(`${ITEM}/picture/remove`, handle(keepsPartners, removePicture));
  return router;
}
