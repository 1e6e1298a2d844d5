import { z } from 'zod';
import { type Actor, read } from '../../db/scope.js';
import type { I18n } from '../../documents/queries/sheet.js';
import { today } from '../../pages/days.js';
import type { Link, Tab } from '../../pages/views/components.js';
import { defineView } from '../../pages/views/render.js';
import { type ListedProject, projectList } from '../../projects/project.js';
import { isOffered } from '../../subjects/may.js';
import { project } from '../../subjects/project/project_lifecycle.js';
import { lacksModule, sendMissingModule } from '../colleagues/module_requests.js';
import { i18nOf } from '../shared/layout.js';
import { idParam } from '../shared/params.js';
import { contextPage, type RequestContext } from '../shared/request_context.js';

interface ProjectsInput {
  tabs: Tab[];
  projects: ListRow[];
  next: string | null;
  /** For staff: new projects, and the templates that they begin with. */
  links: Link[];
  /** Of all their projects. */
  calendar: Link;
  /** Of open projects: there is none to be seen; of closed ones: none is closed. */
  closed: boolean;
}

interface ListRow {
  name: string;
  partner: string;
  url: string;
  /** Null for vendors, as is when it ends. */
  progress: string | null;
  ends: string | null;
  next_due: { text: string; late: boolean } | null;
}

export const projectsView = defineView<ProjectsInput>('projects/list');

const PAGE_SIZE = 50;

const Params = z.object({ before: idParam, show: z.literal('closed').nullable().catch(null) });

/** The list of projects: the open ones, or those that are closed. */
export async function listProjects(ctx: RequestContext) {
  if (lacksModule(ctx, project.module)) return sendMissingModule(ctx, project.module);
  const { db, req, res, actor, membership } = ctx;
  const i18n = i18nOf(actor);
  const { before, show } = Params.parse(req.query);
  const [found] = await read(db.pool, actor, projectList(actor, before, PAGE_SIZE, show ?? 'open'));
  const url = `/${membership.slug}/projects`;
  const shown = found.slice(0, PAGE_SIZE);
  const more = `${url}?${show ? 'show=closed&' : ''}before=${shown.at(-1)?.id}`;
  const plans = isOffered(actor, 'planning');
  const { t } = i18n;
  return res.send(
    contextPage(ctx, projectsView, t('Projects'), {
      tabs: [
        { href: url, label: t('Open'), current: !show },
        { href: `${url}?show=closed`, label: t('Closed'), current: show !== null },
      ],
      projects: shown.map((row) => listRow(row, url, actor, i18n)),
      next: found.length > PAGE_SIZE ? more : null,
      calendar: { href: `/${membership.slug}/calendar`, label: t('Calendar') },
      links: plans
        ? [
            { href: `/${membership.slug}/project-templates`, label: t('Templates') },
            { href: `${url}/new`, label: t('New project') },
          ]
        : [],
      closed: show !== null,
    }),
  );
}

function listRow(row: ListedProject, url: string, actor: Actor, { t, format }: I18n): ListRow {
  const { key, name, partner, tasks, done, next_due_on, ends_on } = row;
  const whole = actor.side === 'staff' || actor.partner_id === row.partner_id;
  const percent = format.percent(`${tasks ? Math.floor((done / tasks) * 100) : 0}`);
  const due = row.state === 'open' ? next_due_on : null;
  return {
    ...{ name, partner, url: `${url}/${key}` },
    progress: whole ? (tasks ? t('{{percent}} done', { percent }) : t('No tasks yet')) : null,
    ends: whole && ends_on ? format.shortDate(ends_on) : null,
    next_due: due ? { text: format.when(due).text, late: due < today(actor) } : null,
  };
}
