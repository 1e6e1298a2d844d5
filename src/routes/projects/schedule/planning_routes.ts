import type { Router } from 'express';
import { members, plans } from '../../shared/guard.js';
import type { withContext } from '../../shared/request_context.js';
import { createDayOff, deleteDayOff, showDaysOff } from '../days_off/days_off_page.js';
import { shareTasksForm } from '../sharing/share_tasks_form.js';
import { showSharing } from '../sharing/sharing_page.js';
import { addTemplate, removeTemplate, saveTemplateName, showTemplates } from '../templates/templates_page.js';
import { moveTaskForm } from './move_task_form.js';
import { showSchedule } from './schedule_page.js';

/** Adds the pages of a project’s schedule, what its customer sees, and the templates that projects begin with. */
export function addPlanningRoutes(router: Router, handle: ReturnType<typeof withContext>): void {
  const one = '/:organization/projects/:key';
  router.get(`${one}/schedule`, handle(members, showSchedule));
  router.post(`${one}/schedule`, handle(plans, moveTaskForm));
  router.get(`${one}/sharing`, handle(plans, showSharing));
  router.post(`${one}/sharing`, handle(plans, shareTasksForm));
  const days = '/:organization/settings/organization/days-off';
  router.get(days, handle(plans, showDaysOff));
  router.post(days, handle(plans, createDayOff));
  router.post(`${days}/:day/remove`, handle(plans, deleteDayOff));
  const templates = '/:organization/project-templates';
  router.get(templates, handle(plans, showTemplates));
  router.post(templates, handle(plans, addTemplate));
  router.post(`${templates}/:template/rename`, handle(plans, saveTemplateName));
  router.post(`${templates}/:template/delete`, handle(plans, removeTemplate));
}
