import { z } from 'zod';
import { read } from '../../db/scope.js';
import type { I18n } from '../../documents/queries/sheet.js';
import { today } from '../../pages/days.js';
import type { Badge, Link, Tab } from '../../pages/views/components.js';
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
  badge: Badge;
  progress: string;
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
      projects: shown.map((row) => listRow(row, url, today(actor), i18n)),
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

function listRow(row: ListedProject, url: string, day: string, { t, format }: I18n): ListRow {
  const { key, name, partner, tasks, done, next_due_on } = row;
  const late = row.state === 'open' && next_due_on !== null && next_due_on < day;
  const percent = tasks ? Math.floor((done / tasks) * 100) : null;
  return {
    ...{ name, partner, url: `${url}/${key}`, badge: badgeOf(row, late, t) },
    progress: percent === null ? t('No tasks yet') : t('{{percent}} done', { percent: format.percent(`${percent}`) }),
    next_due: next_due_on && row.state === 'open' ? { text: format.when(next_due_on).text, late } : null,
  };
}

function badgeOf({ state }: ListedProject, late: boolean, t: I18n['t']): Badge {
  if (late) return { label: t('Late'), tone: 'late' };
  const { label, tone } = project.stateLabels[state === 'closed' ? 'closed' : 'open'];
  return { label: t(label), tone };
}
