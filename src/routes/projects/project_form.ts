import { read } from '../../db/scope.js';
import type { Choice } from '../../pages/views/components.js';
import { defineView } from '../../pages/views/render.js';
import { submittedText } from '../../people/form_values.js';
import { addProject } from '../../projects/project.js';
import type { ProjectHead } from '../../projects/project_head.js';
import { templateList } from '../../projects/templates/project_templates.js';
import type { SubjectAction } from '../../document_types/index.js';
import type { Translate } from '../../pages/i18n.js';
import { project as lifecycle } from '../../subjects/project/project_lifecycle.js';
import { submitOnce } from '../acts/once.js';
import type { ActionPage, Errors } from '../shared/form.js';
import { contextPage, type RequestContext, translatorOf } from '../shared/request_context.js';
import { customers } from './finances/finances_queries.js';
import { managers } from './project_choices.js';
import { findProject } from './project_page.js';

type Field = 'name' | 'key' | 'partner' | 'manager' | 'starts_on' | 'ends_on' | 'description' | 'template';

interface ProjectFormInput {
  title: string;
  action: string;
  cancel: string;
  /** As typed. */
  values: Record<Field, string>;
  errors: Errors;
  customers: Choice[];
  managers: Choice[];
  /** For a new project. */
  templates: Choice[];
  /** What closes an open project, or opens it again. */
  state: { action: string; state: string; label: string; explains: string } | null;
}

export const projectForm = defineView<ProjectFormInput>('projects/form');

const choicesOf = (rows: readonly { id: string; name: string }[]): Choice[] =>
  rows.map(({ id, name }) => ({ value: id, label: name }));

/** The form of a new project, or of one that exists; filled as it was typed, or else as the project is saved. */
export async function formPage(ctx: RequestContext, project: ProjectHead | null, errors: Errors = {}): Promise<string> {
  const { db, req, actor, membership } = ctx;
  const t = translatorOf(ctx);
  const typed = submittedText(req.body);
  const [found, staff, templates] = await read(db.pool, actor, customers(actor), managers(actor), templateList(actor));
  const list = `/${membership.slug}/projects`;
  const url = project ? `${list}/${project.key}` : list;
  const saved = project ? savedValues(project) : { manager: actor.person_id ?? '' };
  const title = project ? t('Edit project') : t('New project');
  return contextPage(ctx, projectForm, title, {
    ...{ title, errors, action: project ? `${url}/change` : url, cancel: url },
    values: { ...EMPTY, ...saved, ...(req.method === 'POST' ? { ...EMPTY, ...typed } : chosenTemplate(ctx)) },
    ...{ customers: choicesOf(found), managers: choicesOf(staff) },
    templates: project ? [] : choicesOf(templates),
    state: project ? stateForm(project.state, url, t) : null,
  });
}

const EMPTY: Record<Field, string> = {
  ...{ name: '', key: '', partner: '', manager: '' },
  ...{ starts_on: '', ends_on: '', description: '', template: '' },
};

/** A link may have chosen the template already. */
const chosenTemplate = ({ req }: RequestContext) =>
  typeof req.query['template'] === 'string' ? { template: req.query['template'] } : {};

const savedValues = ({ name, key, partner_id, manager_id, starts_on, ends_on, description }: ProjectHead) => ({
  ...{ name, key, partner: partner_id, manager: manager_id ?? '', description },
  ...{ starts_on: starts_on ?? '', ends_on: ends_on ?? '' },
});

function stateForm(state: string, url: string, t: Translate): ProjectFormInput['state'] {
  const name = state === 'closed' ? 'reopen' : 'close';
  const { label = '', explains = '' }: SubjectAction = lifecycle.actions[name] ?? { by: 'staff', summary: '' };
  return {
    ...{ action: `${url}/${name}`, label: t(label), explains: explains ? t(explains) : '' },
    state: t(lifecycle.stateLabels[state === 'closed' ? 'closed' : 'open'].label),
  };
}

/** Shown again with what was typed. */
export const projectFormPage: ActionPage = {
  show: async (ctx, { errors }) => ctx.res.send(await formPage(ctx, await findProject(ctx), errors)),
};

/** Makes a project, once. */
export function createProject(ctx: RequestContext) {
  const { req, actor, membership } = ctx;
  const typed = Object.entries(submittedText(req.body)).filter(([name, value]) => name in EMPTY && value);
  const { key = '', name = '', partner = '', ...fields } = Object.fromEntries(typed);
  const work = async ({ db }: RequestContext) => {
    await addProject(db.knex, actor, { ...fields, key, name, partner });
    return `/${membership.slug}/projects/${key.trim().toUpperCase()}?done=saved`;
  };
  return submitOnce(ctx, work, (errors) => formPage(ctx, null, errors));
}
