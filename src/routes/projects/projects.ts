import { type RequestHandler, Router } from 'express';
import type { Database } from '../../db/database.js';
import { isId } from '../../db/ids.js';
import { read } from '../../db/scope.js';
import { today } from '../../documents/act.js';
import { customers, projectDocuments } from './project_queries.js';
import { NotFound } from '../../errors.js';
import { addProject, changeProject, type Project, projectByKey, projectList } from '../../projects/project.js';
import { one } from '../../documents/content/field_values.js';
import { formInput } from '../drafts/draft_request.js';
import { type Errors, submit } from '../shared/form.js';
import { i18nOf } from '../shared/layout.js';
import { staff, verified } from '../shared/guard.js';
import { projectView } from './project_view.js';
import { contextPage, type RequestContext, withContext, translatorOf } from '../shared/request_context.js';

const PAGE_SIZE = 50;

/** Projects: what documents belong together, and how it stands with the money. */
export function projects(db: Database): Router {
  const router = Router();
  const ctx = withContext(db);
  const on = (guard: typeof staff, handle: (at: RequestContext) => unknown): RequestHandler => ctx(guard, handle);
  router.get('/:organization/projects', on(verified, list));
  router.get(
    '/:organization/projects/new',
    on(staff, (at) => form(at, null)),
  );
  router.post(
    '/:organization/projects',
    on(staff, (at) => save(at, null)),
  );
  router.get('/:organization/projects/:project', on(verified, show));
  router.get(
    '/:organization/projects/:project/edit',
    on(staff, async (at) => form(at, await find(at))),
  );
  router.post(
    '/:organization/projects/:project',
    on(staff, async (at) => save(at, await find(at))),
  );
  return router;
}

const keyIn = ({ req }: RequestContext) => String(req.params['project']).toUpperCase();

/** @throws NotFound */
async function find(ctx: RequestContext): Promise<Project> {
  const [[project]] = await read(ctx.db.pool, ctx.actor, projectByKey(ctx.actor, keyIn(ctx)));
  if (!project) throw new NotFound();
  return project;
}

async function list(ctx: RequestContext) {
  const { db, req, res, actor, membership } = ctx;
  const t = translatorOf(ctx);
  const before = typeof req.query['before'] === 'string' && isId(req.query['before']) ? req.query['before'] : null;
  const [found] = await read(db.pool, actor, projectList(actor, before, PAGE_SIZE));
  const url = `/${membership.slug}/projects`;
  const shown = found.slice(0, PAGE_SIZE);
  res.send(
    contextPage(ctx, 'projects/list', t('Projects'), {
      projects: shown.map(({ key, name, partner }) => ({ key, name, partner, url: `${url}/${key}` })),
      next: found.length > PAGE_SIZE ? `${url}?before=${shown.at(-1)?.id}` : null,
      create: actor.side === 'staff' ? { href: `${url}/new`, label: t('New project') } : null,
    }),
  );
}

async function show(ctx: RequestContext) {
  const { db, res, actor, membership } = ctx;
  const [[project], documents] = await read(
    db.pool,
    actor,
    projectByKey(actor, keyIn(ctx)),
    projectDocuments(actor, keyIn(ctx)),
  );
  if (!project) throw new NotFound();
  const side = actor.side === 'staff' ? 'staff' : 'partner';
  res.send(
    contextPage(
      ctx,
      'projects/show',
      project.name,
      projectView(project, documents, membership.slug, side, today(actor), i18nOf(actor)),
    ),
  );
}

async function form(ctx: RequestContext, project: Project | null, errors: Errors = {}) {
  ctx.res.send(await formPage(ctx, project, errors));
}

async function formPage(ctx: RequestContext, project: Project | null, errors: Errors): Promise<string> {
  const { db, actor, membership } = ctx;
  const t = translatorOf(ctx);
  const typed = formInput(ctx);
  const [known] = await read(db.pool, actor, customers(actor));
  const value = (name: string, otherwise: string) => (typeof typed[name] === 'string' ? typed[name] : otherwise);
  const list = `/${membership.slug}/projects`;
  const title = project ? t('Edit project') : t('New project');
  return contextPage(ctx, 'projects/form', title, {
    title,
    errors,
    action: project ? `${list}/${project.key}` : list,
    cancel: project ? `${list}/${project.key}` : list,
    values: {
      name: value('name', project?.name ?? ''),
      key: value('key', project?.key ?? ''),
      partner: value('partner', project?.partner_id ?? ''),
    },
    customers: known.map(({ id, name }) => ({ value: id, label: name })),
  });
}

function save(ctx: RequestContext, project: Project | null) {
  const { db, res, actor, membership } = ctx;
  const input = formInput(ctx);
  const partner = one(input, 'partner');
  const fields = { key: one(input, 'key'), name: one(input, 'name'), partner_id: isId(partner) ? partner : '' };
  const work = async () => {
    await (project ? changeProject(db.knex, actor, project.id, fields) : addProject(db.knex, actor, fields));
    return `/${membership.slug}/projects/${fields.key.toUpperCase()}?done=saved`;
  };
  return submit(res, translatorOf(ctx), work, (errors) => formPage(ctx, project, errors));
}
