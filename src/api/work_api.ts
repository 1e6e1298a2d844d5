import type { z } from 'zod';
import { actionsFor } from '../acting/permitted.js';
import { type Actor, type Query, read } from '../db/scope.js';
import { NotFound } from '../errors.js';
import { today } from '../pages/days.js';
import { addProject, projectList } from '../projects/project.js';
import { projectInput } from '../subjects/project/project_lifecycle.js';
import { parseBy } from '../input/fields.js';
import { eventFacts } from '../routes/projects/events/event_queries.js';
import { keyIn } from '../routes/projects/project_page.js';
import { taskFacts } from '../routes/projects/tasks/task_queries.js';
import type { RequestContext } from '../routes/shared/request_context.js';
import { subscriptionFacts, subscriptionList } from '../routes/subscriptions/subscription_queries.js';
import { bodyOf, findSubject } from './api_acts.js';
import { requireScope } from './requests/api_guard.js';
import { apiActions, type ApiKind } from './api_kinds.js';
import { madeOnce } from './requests/idempotency.js';
import { MOST_LISTED, pageOf, pageParams, readQuery, sendPage } from './requests/paging.js';
import {
  actionsShape,
  eventShape,
  listedProjectShape,
  projectShape,
  subscriptionShape,
  taskShape,
  timeShape,
} from './shapes.js';
import { eventsOfProject, oneProject, projectById, tasksOfProject, timeOfProject } from './work_queries.js';

type Row = { id: string };

/** How a kind that is no document is listed, and one of it read, by its key. */
interface WorkRule {
  list?: { shape: z.ZodType; query(actor: Actor, after: string | null): Query<Row> };
  one?: { shape: z.ZodType; query(actor: Actor, key: string): Query<object> };
}

const withActions = (shape: z.ZodObject) => shape.extend({ actions: actionsShape });

/** By the path of the kind. */
export const WORK: Readonly<Record<string, WorkRule>> = {
  projects: {
    list: { shape: listedProjectShape, query: (actor, after) => projectList(actor, after, MOST_LISTED) },
    one: { shape: withActions(projectShape), query: oneProject },
  },
  subscriptions: {
    list: { shape: subscriptionShape, query: (actor, after) => subscriptionList(actor, after, MOST_LISTED) },
    one: { shape: withActions(subscriptionShape), query: subscriptionFacts },
  },
  tasks: { one: { shape: withActions(taskShape), query: taskFacts } },
  events: { one: { shape: withActions(eventShape), query: eventFacts } },
};

/** What is listed within a project: /api/v1/projects/{key}/{name}. */
export const IN_PROJECT = {
  tasks: { shape: taskShape, query: tasksOfProject },
  events: { shape: eventShape, query: eventsOfProject },
  time: { shape: timeShape, query: timeOfProject },
} as const;

/** GET /api/v1/{kind}, of a kind that is no document. @throws NotFound for what is listed within projects */
export async function listWork(ctx: RequestContext, { path, lifecycle }: ApiKind): Promise<void> {
  requireScope(ctx, lifecycle.module, 'read');
  const rule = WORK[path]?.list;
  if (!rule) throw new NotFound();
  const { limit, after } = pageOf(readQuery(ctx, pageParams));
  const [found] = await read(ctx.db.pool, ctx.actor, rule.query(ctx.actor, after));
  sendPage(ctx, rule.shape, found, limit);
}

/** GET /api/v1/{kind}/{key}, with what its reader may do to it now. */
export async function showWork(ctx: RequestContext, kind: ApiKind): Promise<void> {
  const { db, actor, res } = ctx;
  const rule = WORK[kind.path]?.one;
  if (!rule) throw new NotFound();
  const subject = await findSubject(ctx, kind);
  const [[row]] = await read(db.pool, actor, rule.query(actor, keyIn(ctx)));
  if (!row) throw new NotFound();
  const open = new Set(Object.keys(actionsFor(subject, actor, today(actor))));
  const actions = apiActions(kind.lifecycle).flatMap(([name]) => (open.has(name) ? [name] : []));
  res.json(rule.shape.parse({ ...row, actions }));
}

/** GET /api/v1/projects/{key}/{tasks, events, time} */
export const listInProject = (name: keyof typeof IN_PROJECT) => async (ctx: RequestContext) => {
  requireScope(ctx, 'projects', 'read');
  const { shape, query } = IN_PROJECT[name];
  const { limit, after } = pageOf(readQuery(ctx, pageParams));
  const { db, actor } = ctx;
  const key = keyIn(ctx);
  const known: Query = {
    name: 'api_project_known',
    text: 'select id from projects where organization_id = $1 and key = $2',
    values: [actor.organization_id, key],
  };
  const [[project], found] = await read(db.pool, actor, known, query(actor, key, after));
  if (!project) throw new NotFound();
  sendPage(ctx, shape, found, limit);
};

/** POST /api/v1/projects */
export async function createProject(ctx: RequestContext): Promise<void> {
  requireScope(ctx, 'projects', 'write');
  const { db, actor, res } = ctx;
  const input = parseBy(projectInput, bodyOf(ctx));
  const id = await madeOnce(ctx, (knex) => addProject(knex, actor, input));
  const [[row]] = await read(db.pool, actor, projectById(actor, id));
  res
    .status(201)
    .set('location', `/api/v1/projects/${String(row?.['key'])}`)
    .json(projectShape.parse(row));
}
