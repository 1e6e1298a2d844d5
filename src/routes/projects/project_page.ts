import { type Actor, type Query, type QueryRows, read } from '../../db/scope.js';
import type { I18n } from '../../documents/queries/sheet.js';
import { NotFound } from '../../errors.js';
import type { Link } from '../../pages/views/components.js';
import { type ProjectHead, projectHead } from '../../projects/project_head.js';
import { isOffered, requireMay } from '../../subjects/may.js';
import { i18nOf } from '../shared/layout.js';
import type { RequestContext } from '../shared/request_context.js';
import { rowOfTabs, type TabName, tabsFor } from './project_tabs.js';

/** What stands above each tab of a project. */
export interface ProjectFrame {
  name: string;
  key: string;
  /** Back to the list of projects. */
  back: Link;
  /** "Maple Street Clinic · Tom Reyes". */
  line: string;
  tabs: { href: string; label: string; current: boolean }[];
  /** For staff: its form, and what its customer sees. */
  links: Link[];
}

/** A project's page as its reader may see it, with what it is made from. */
interface ReadPage<Queries extends readonly Query<unknown>[]> {
  head: ProjectHead;
  frame: ProjectFrame;
  found: QueryRows<Queries>;
  i18n: I18n;
  /** '/harbor/projects/MAPLE'. */
  url: string;
}

/** The key in the address of a project. */
export const keyIn = ({ req }: RequestContext) => String(req.params['key']).toUpperCase();

/**
 * What a tab of the project in the address shows, in one round trip. A link to something else in the project takes a
 * code to see the project itself. @throws NotFound, also for a tab that its reader doesn't have; NotAllowed
 */
export async function readPage<Queries extends readonly Query<unknown>[]>(
  ctx: RequestContext,
  tab: TabName,
  ...queries: Queries
): Promise<ReadPage<Queries>> {
  const { db, actor, membership } = ctx;
  const [[head], ...found] = await read(db.pool, actor, projectHead(actor, keyIn(ctx)), ...queries);
  if (!head?.shared) requireMay(actor, 'everything');
  if (!head || !tabsFor(actor, head).some(({ name }) => name === tab)) throw new NotFound();
  const i18n = i18nOf(actor);
  const url = `/${membership.slug}/projects/${head.key}`;
  return { head, frame: frameOf(head, tab, { actor, i18n, url }), found, i18n, url };
}

/** The project of the address, for a form. @throws NotFound */
export async function findProject(ctx: RequestContext): Promise<ProjectHead> {
  const [[head]] = await read(ctx.db.pool, ctx.actor, projectHead(ctx.actor, keyIn(ctx)));
  if (!head) throw new NotFound();
  return head;
}

interface Reading {
  actor: Actor;
  i18n: I18n;
  url: string;
}

const frameOf = (head: ProjectHead, current: TabName, { actor, i18n: { t }, url }: Reading): ProjectFrame => ({
  ...{ name: head.name, key: head.key },
  back: { href: url.replace(/\/[^/]+$/, ''), label: t('Projects') },
  line: [actor.side === 'staff' ? head.partner : null, head.manager, head.state === 'closed' ? t('Closed') : null]
    .filter(Boolean)
    .join(' · '),
  tabs: rowOfTabs(tabsFor(actor, head), current).map(({ path, label, current }) => ({
    ...{ href: `${url}${path}`, label: t(label), current },
  })),
  links: isOffered(actor, 'planning')
    ? [
        { href: `${url}/sharing`, label: t('Sharing') },
        { href: `${url}/edit`, label: t('Edit') },
      ]
    : [],
});
