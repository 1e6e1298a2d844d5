import type { Router } from 'express';
import type { Database } from '../../../db/database.js';
import { members, plans } from '../../shared/guard.js';
import { withContext } from '../../shared/request_context.js';
import { editLog, newLog } from '../log/log_form.js';
import { showLogDay, showLogPage } from '../log/log_page.js';
import { showDetails } from './project_details_page.js';
import { projectFile } from './project_file_page.js';

/** A project's details and files, and its log. */
export function addDetailsRoutes(router: Router, db: Database): void {
  const handle = withContext(db);
  const one = '/:organization/projects/:key';
  router.get(
    `${one}/details`,
    handle(members, (ctx) => showDetails(ctx)),
  );
  router.get(`${one}/details/files/:file`, handle(members, projectFile));
  router.get(`${one}/log`, handle(members, showLogPage));
  router.get(
    `${one}/log/new`,
    handle(plans, (ctx) => newLog(ctx)),
  );
  router.get(`${one}/log/:log`, handle(members, showLogDay));
  router.get(`${one}/log/:log/edit`, handle(plans, editLog));
}
