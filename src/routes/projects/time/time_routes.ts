import { Router } from 'express';
import type { Database } from '../../../db/database.js';
import { admins, members, plans, staff } from '../../shared/guard.js';
import { withContext } from '../../shared/request_context.js';
import { sendTimeCsv, showReport } from './report_page.js';
import { saveTime } from './save_time.js';
import { showTime } from './time_page.js';
import { saveTimeRates, showTimeRates } from './time_rates_page.js';
import { showTimeSettings } from './time_settings_page.js';

/** The time of a project. */
export function projectTimeRoutes(db: Database): Router {
  const router = Router();
  const handle = withContext(db);
  const time = '/:organization/projects/:key/time';
  router.get(time, handle(members, showTime));
  router.post(`${time}/log`, handle(members, saveTime));
  router.get(`${time}/report`, handle(staff, showReport));
  router.get(`${time}/report.csv`, handle(staff, sendTimeCsv));
  router.get(
    `${time}/settings`,
    handle(plans, (ctx) => showTimeSettings(ctx)),
  );
  const rates = '/:organization/settings/organization/time';
  router.get(rates, handle(admins, showTimeRates));
  router.post(rates, handle(admins, saveTimeRates));
  return router;
}
