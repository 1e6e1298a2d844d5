import { read } from '../../../db/scope.js';
import { defineView } from '../../../pages/views/render.js';
import type { Choice } from '../../../pages/views/components.js';
import { submittedText } from '../../../people/form_values.js';
import { projectChoices } from '../../../projects/project.js';
import { deleteTemplate, renameTemplate } from '../../../projects/templates/change_template.js';
import { saveTemplate } from '../../../projects/templates/save_template.js';
import { templateList } from '../../../projects/templates/project_templates.js';
import { submitOnce } from '../../acts/once.js';
import type { Errors } from '../../shared/form.js';
import { pathId } from '../../shared/params.js';
import { contextPage, type RequestContext, translatorOf } from '../../shared/request_context.js';

interface TemplatesInput {
  templates: { name: string; tasks: string; use_url: string; rename_url: string; delete_url: string; error: string }[];
  /** Projects to make one from. */
  projects: Choice[];
  action: string;
  /** As typed. */
  values: { name: string; project: string };
  errors: Errors;
  projects_url: string;
}

export const templatesView = defineView<TemplatesInput>('projects/templates/page');

const urlOf = ({ membership }: RequestContext) => `/${membership.slug}/project-templates`;

/** The templates of projects, and the form that saves one. */
export const showTemplates = async (ctx: RequestContext) => ctx.res.send(await page(ctx, null));

/** `renamed`: the template whose name can't be used. */
async function page(ctx: RequestContext, renamed: string | null, errors: Errors = {}): Promise<string> {
  const { db, req, actor, membership } = ctx;
  const t = translatorOf(ctx);
  const [templates, projects] = await read(db.pool, actor, templateList(actor), projectChoices(actor, 500));
  const url = urlOf(ctx);
  const typed = renamed ? {} : submittedText(req.body);
  const chosen = typeof req.query['project'] === 'string' ? req.query['project'] : '';
  return contextPage(ctx, templatesView, t('Project templates'), {
    templates: templates.map(({ id, name, task_count }) => ({
      ...{ name, tasks: t('{{count}} tasks', { count: task_count }) },
      use_url: `/${membership.slug}/projects/new?template=${id}`,
      ...{ rename_url: `${url}/${id}/rename`, delete_url: `${url}/${id}/delete` },
      error: id === renamed ? (Object.values(errors)[0] ?? '') : '',
    })),
    projects: projects.map(({ id, key, name }) => ({ value: id, label: `${name} (${key})` })),
    action: url,
    values: { name: typed['name'] ?? '', project: typed['project'] ?? chosen },
    errors: renamed ? {} : errors,
    projects_url: `/${membership.slug}/projects`,
  });
}

/** Saves a project as a template, once. */
export function addTemplate(ctx: RequestContext) {
  const { req, actor } = ctx;
  const { project = '', name = '' } = submittedText(req.body);
  const work = async ({ db }: RequestContext) => {
    await saveTemplate(db.knex, actor, project, name);
    return `${urlOf(ctx)}?done=saved`;
  };
  return submitOnce(ctx, work, (errors) => page(ctx, null, errors));
}

/** Gives a template another name. */
export function saveTemplateName(ctx: RequestContext) {
  const { req, actor } = ctx;
  const id = pathId(req, 'template');
  const work = async ({ db }: RequestContext) => {
    await renameTemplate(db.knex, actor, id, submittedText(req.body)['name'] ?? '');
    return `${urlOf(ctx)}?done=saved`;
  };
  return submitOnce(ctx, work, (errors) => page(ctx, id, errors));
}

/** Deletes a template. */
export function removeTemplate(ctx: RequestContext) {
  const id = pathId(ctx.req, 'template');
  const work = async ({ db }: RequestContext) => {
    await deleteTemplate(db.knex, ctx.actor, id);
    return `${urlOf(ctx)}?done=done`;
  };
  return submitOnce(ctx, work, (errors) => page(ctx, id, errors));
}
