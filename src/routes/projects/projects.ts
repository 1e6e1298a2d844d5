import { z } from 'zod';
import { read } from '../../db/scope.js';
import type { Choice, Link } from '../../pages/views/components.js';
import { defineView } from '../../pages/views/render.js';
import { submittedText } from '../../people/form_values.js';
import { addProject, projectList } from '../../projects/project.js';
import type { ProjectHead } from '../../projects/project_head.js';
import { isOffered } from '../../subjects/may.js';
import { project } from '../../subjects/project/project_lifecycle.js';
import { submitOnce } from '../acts/once.js';
import { lacksModule, sendMissingModule } from '../colleagues/module_requests.js';
import type { ActionPage, Errors } from '../shared/form.js';
import { idParam } from '../shared/params.js';
import { contextPage, type RequestContext, translatorOf } from '../shared/request_context.js';
import { customers } from './finances/finances_queries.js';
import { findProject } from './project_page.js';

interface ProjectsInput {
  projects: { key: string; name: string; partner: string; url: string }[];
  next: string | null;
  create: Link | null;
  /** Of all their projects. */
  calendar: Link;
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

const Params = z.object({ before: idParam });

/** The list of projects. */
export async function listProjects(ctx: RequestContext) {
  if (lacksModule(ctx, project.module)) return sendMissingModule(ctx, project.module);
  const { db, req, res, actor, membership } = ctx;
  const t = translatorOf(ctx);
  const { before } = Params.parse(req.query);
  const [found] = await read(db.pool, actor, projectList(actor, before, PAGE_SIZE));
  const url = `/${membership.slug}/projects`;
  const shown = found.slice(0, PAGE_SIZE);
  return res.send(
    contextPage(ctx, projectsView, t('Projects'), {
      projects: shown.map(({ key, name, partner }) => ({ key, name, partner, url: `${url}/${key}` })),
      next: found.length > PAGE_SIZE ? `${url}?before=${shown.at(-1)?.id}` : null,
      calendar: { href: `/${membership.slug}/calendar`, label: t('Calendar') },
      create: isOffered(actor, 'planning') ? { href: `${url}/new`, label: t('New project') } : null,
    }),
  );
}

/** The form of a new project, or of one that exists; filled as it was typed, or else as the project is saved. */
export async function formPage(ctx: RequestContext, project: ProjectHead | null, errors: Errors = {}): Promise<string> {
  const { db, req, actor, membership } = ctx;
  const t = translatorOf(ctx);
  const typed = submittedText(req.body);
  const [found] = await read(db.pool, actor, customers(actor));
  const list = `/${membership.slug}/projects`;
  const title = project ? t('Edit project') : t('New project');
  return contextPage(ctx, projectForm, title, {
    title,
    errors,
    action: project ? `${list}/${project.key}/change` : list,
    cancel: project ? `${list}/${project.key}` : list,
    values: {
      name: typed['name'] ?? project?.name ?? '',
      key: typed['key'] ?? project?.key ?? '',
      partner: typed['partner'] ?? project?.partner_id ?? '',
    },
    customers: found.map(({ id, name }) => ({ value: id, label: name })),
  });
}

/** Shown again with what was typed. */
export const projectFormPage: ActionPage = {
  show: async (ctx, { errors }) => ctx.res.send(await formPage(ctx, await findProject(ctx), errors)),
};

/** Makes a project, once. */
export function createProject(ctx: RequestContext) {
  const { req, actor, membership } = ctx;
  const { key = '', name = '', partner = '' } = submittedText(req.body);
  const work = async ({ db }: RequestContext) => {
    await addProject(db.knex, actor, { key, name, partner });
    return `/${membership.slug}/projects/${key.trim().toUpperCase()}?done=saved`;
  };
  return submitOnce(ctx, work, (errors) => formPage(ctx, null, errors));
}
