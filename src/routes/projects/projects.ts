import { Router } from 'express';
import { z } from 'zod';
import type { Database } from '../../db/database.js';
import { read } from '../../db/scope.js';
import { today } from '../../pages/days.js';
import { NotFound } from '../../errors.js';
import type { Choice, Link } from '../../pages/views/components.js';
import { defineView } from '../../pages/views/render.js';
import { submittedText } from '../../people/form_values.js';
import { addProject, changeProject, type Project, projectByKey, projectList } from '../../projects/project.js';
import { isOffered } from '../../subjects/may.js';
import { type Errors, submit } from '../shared/form.js';
import { staff, verified } from '../shared/guard.js';
import { i18nOf } from '../shared/layout.js';
import { idParam } from '../shared/params.js';
import { contextPage, type RequestContext, translatorOf, withContext } from '../shared/request_context.js';
import { customers, projectDocuments } from './project_queries.js';
import { projectPage, projectView } from './project_view.js';

interface ProjectsInput {
  projects: { key: string; name: string; partner: string; url: string }[];
  next: string | null;
  create: Link | null;
}

interface ProjectFormInput {
  title: string;
  action: string;
  cancel: string;
  /** As typed. */
  values: Record<'name' | 'key' | 'partner', string>;
  errors: Errors;
  customers: Choice[];
}

export const projectsView = defineView<ProjectsInput>('projects/list');
export const projectForm = defineView<ProjectFormInput>('projects/form');

const PAGE_SIZE = 50;

/** Projects: the documents that belong together, and their money. */
export function projects(db: Database): Router {
  const router = Router();
  const handle = withContext(db);
  const all = '/:organization/projects';
  router.get(all, handle(verified, list));
  router.get(
    `${all}/new`,
    handle(staff, async (ctx) => ctx.res.send(await formPage(ctx, null))),
  );
  router.post(
    all,
    handle(staff, (ctx) => save(ctx, null)),
  );
  router.get(`${all}/:project`, handle(verified, show));
  router.get(
    `${all}/:project/edit`,
    handle(staff, async (ctx) => ctx.res.send(await formPage(ctx, await find(ctx)))),
  );
  router.post(
    `${all}/:project`,
    handle(staff, async (ctx) => save(ctx, await find(ctx))),
  );
  return router;
}

const keyIn = ({ req }: RequestContext) => String(req.params['project']).toUpperCase();

/** The project of the address. @throws NotFound */
async function find(ctx: RequestContext): Promise<Project> {
  const [[project]] = await read(ctx.db.pool, ctx.actor, projectByKey(ctx.actor, keyIn(ctx)));
  if (!project) throw new NotFound();
  return project;
}

const Params = z.object({ before: idParam });

async function list(ctx: RequestContext) {
  const { db, req, res, actor, membership } = ctx;
  const t = translatorOf(ctx);
  const { before } = Params.parse(req.query);
  const [found] = await read(db.pool, actor, projectList(actor, before, PAGE_SIZE));
  const url = `/${membership.slug}/projects`;
  const shown = found.slice(0, PAGE_SIZE);
  res.send(
    contextPage(ctx, projectsView, t('Projects'), {
      projects: shown.map(({ key, name, partner }) => ({ key, name, partner, url: `${url}/${key}` })),
      next: found.length > PAGE_SIZE ? `${url}?before=${shown.at(-1)?.id}` : null,
      create: isOffered(actor, 'desk') ? { href: `${url}/new`, label: t('New project') } : null,
    }),
  );
}

async function show(ctx: RequestContext) {
  const { db, res, actor, membership } = ctx;
  const key = keyIn(ctx);
  const [[project], documents] = await read(db.pool, actor, projectByKey(actor, key), projectDocuments(actor, key));
  if (!project) throw new NotFound();
  const side = actor.side === 'staff' ? 'staff' : 'partner';
  const reader = { slug: membership.slug, actor, side, day: today(actor), i18n: i18nOf(actor) } as const;
  res.send(contextPage(ctx, projectPage, project.name, projectView(project, documents, reader)));
}

/** The form of a new project, or of one that exists; filled as it was typed, or else as the project is saved. */
async function formPage(ctx: RequestContext, project: Project | null, errors: Errors = {}): Promise<string> {
  const { db, req, actor, membership } = ctx;
  const t = translatorOf(ctx);
  const typed = submittedText(req.body);
  const [found] = await read(db.pool, actor, customers(actor));
  const list = `/${membership.slug}/projects`;
  const url = project ? `${list}/${project.key}` : list;
  const title = project ? t('Edit project') : t('New project');
  return contextPage(ctx, projectForm, title, {
    title,
    errors,
    action: url,
    cancel: url,
    values: {
      name: typed['name'] ?? project?.name ?? '',
      key: typed['key'] ?? project?.key ?? '',
      partner: typed['partner'] ?? project?.partner_id ?? '',
    },
    customers: found.map(({ id, name }) => ({ value: id, label: name })),
  });
}

function save(ctx: RequestContext, project: Project | null) {
  const { db, req, res, actor, membership } = ctx;
  const { key = '', name = '', partner = '' } = submittedText(req.body);
  const fields = { key, name, partner_id: partner };
  const work = async () => {
    await (project ? changeProject(db.knex, actor, project.id, fields) : addProject(db.knex, actor, fields));
    return `/${membership.slug}/projects/${key.trim().toUpperCase()}?done=saved`;
  };
  return submit(res, translatorOf(ctx), work, (errors) => formPage(ctx, project, errors));
}
