import { Router } from 'express';
import type { Database } from '../../db/database.js';
import { admins, staff } from '../shared/guard.js';
import { withContext } from '../shared/request_context.js';
import { saveLateCharges, showLateCharges } from './late_charges_page.js';
import { savePartnerLateCharges, showPartnerLateCharges } from './partner_late_charges_page.js';
import { saveReminderPlan, showReminderPlan } from './reminder_plan_page.js';
import { saveReminderTexts, showReminderTexts } from './reminder_texts_page.js';

const REMINDERS = '/:organization/settings/organization/reminders';

const PARTNER = '/:organization/partners/:partner/late-charges';

/** When an organization reminds of payments, with which words, and what late payment costs. */
export function reminders(db: Database): Router {
  const router = Router();
  const handle = withContext(db);
  router.get(REMINDERS, handle(admins, showReminderPlan));
  router.post(REMINDERS, handle(admins, saveReminderPlan));
  router.get(`${REMINDERS}/wording`, handle(admins, showReminderTexts));
  router.post(`${REMINDERS}/wording`, handle(admins, saveReminderTexts));
  router.get(`${REMINDERS}/late-charges`, handle(admins, showLateCharges));
  router.post(`${REMINDERS}/late-charges`, handle(admins, saveLateCharges));
  router.get(PARTNER, handle(staff, showPartnerLateCharges));
  router.post(PARTNER, handle(staff, savePartnerLateCharges));
  return router;
}
