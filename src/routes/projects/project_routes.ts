import { Router } from 'express';
import type { Config } from '../../config.js';
import type { Database } from '../../db/database.js';
import type { Storage } from '../../files/storage.js';
import { members, plans, verified } from '../shared/guard.js';
import { withContext } from '../shared/request_context.js';
import { budget } from './budget/budget_routes.js';
import { calendars } from './calendar/calendar_routes.js';
import { showComments } from './comments/comments_page.js';
import { addDetailsRoutes } from './details/details_routes.js';
import { showFinances } from './finances/finances_page.js';
import { createProject, formPage } from './project_form.js';
import { findProject } from './project_page.js';
import { listProjects } from './projects.js';
import { addPlanningRoutes } from './schedule/planning_routes.js';
import { projectTimeRoutes } from './time/time_routes.js';
import { showTask } from './tasks/task_page.js';
import { createTask, editTask, newTask } from './tasks/form/task_form.js';
import { addByTitle, showTasks } from './tasks/tasks_page.js';

/** Projects, with a page for each of their tabs, and their tasks. */
export function projects(db: Database, config: Config, storage: Storage): Router {
  const router = Router();
  const handle = withContext(db);
  const all = '/:organization/projects';
  const one = `${all}/:key`;
  addPlanningRoutes(router, handle);
  router.get(all, handle(verified, listProjects));
  router.get(
    `${all}/new`,
    handle(plans, async (ctx) => ctx.res.send(await formPage(ctx, null))),
  );
  router.post(all, handle(plans, createProject));
  router.get(
    `${one}/edit`,
    handle(plans, async (ctx) => ctx.res.send(await formPage(ctx, await findProject(ctx)))),
  );
  router.get(one, handle(members, showTasks));
  router.get(`${one}/finances`, handle(members, showFinances));
  router.get(
    `${one}/comments`,
    handle(members, (ctx) => showComments(ctx)),
  );
  router.post(`${one}/tasks`, handle(plans, addByTitle));
  router.get(`${one}/tasks/new`, handle(plans, newTask));
  router.post(`${one}/tasks/new`, handle(plans, createTask));
  router.get('/:organization/tasks/:key/edit', handle(plans, editTask));
  addDetailsRoutes(router, db);
  router.get(
    '/:organization/tasks/:key',
    handle(members, (ctx) => showTask(ctx)),
  );
  return router.use(projectTimeRoutes(db), calendars(db, config), budget(db, config, storage));
}
