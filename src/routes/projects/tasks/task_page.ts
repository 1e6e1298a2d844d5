import { read } from '../../../db/scope.js';
import { NotFound } from '../../../errors.js';
import type { Badge, Composer, Link, TimelineItem } from '../../../pages/views/components.js';
import { defineView } from '../../../pages/views/render.js';
import { requireMay } from '../../../subjects/may.js';
import { task as lifecycle } from '../../../subjects/project/task_lifecycle.js';
import { composerView, type ConversationParts, conversationView } from '../../conversation/conversation_view.js';
import { timelineView } from '../../conversation/timeline_view.js';
import type { FormState } from '../../shared/form.js';
import { i18nOf } from '../../shared/layout.js';
import { contextPage, type RequestContext } from '../../shared/request_context.js';
import { keyIn } from '../project_page.js';
import { taskBadge } from './task_badge.js';
import { taskPage } from './task_queries.js';

interface TaskInput extends ConversationParts {
  project: Link;
  title: string;
  number: string;
  note: string;
  badge: Badge;
  /** Null for whom only its row is shown to. */
  composer: Composer | null;
  timeline: TimelineItem[];
  live_url: string;
  seen_url: string;
  with: string;
}

export const taskView = defineView<TaskInput>('projects/tasks/task');

/** A task's page. `form`: a submitted form to show again as it was typed. */
export async function showTask(ctx: RequestContext, form: FormState | null = null) {
  const { db, res, actor, membership } = ctx;
  const [[page]] = await read(db.pool, actor, taskPage(actor, keyIn(ctx)));
  if (!page) requireMay(actor, 'everything');
  if (!page) throw new NotFound();
  const i18n = i18nOf(actor);
  const { slug, organization } = membership;
  const url = `/${slug}/tasks/${page.number}`;
  const context = { actor, slug, i18n, form };
  const shown = { ...page, partner_id: page.vendor_id ?? page.customer_id };
  const subject = { ...shown, type: lifecycle.name, currency: '' };
  const input: TaskInput = {
    ...conversationView(shown, context),
    project: { href: `/${slug}/projects/${page.project_key}`, label: page.project },
    ...{ title: page.title, number: page.number, note: page.note, badge: taskBadge(page.state, i18n.t) },
    composer: page.shared ? composerView(shown, context, url) : null,
    timeline: page.shared ? timelineView(subject, page.partner ?? '', actor, i18n) : [],
    live_url: `${url}/live?after=${page.activities.at(-1)?.id ?? ''}`,
    seen_url: `${url}/view`,
    with: actor.side === 'staff' ? (page.partner ?? organization) : organization,
  };
  res.send(contextPage(ctx, taskView, page.title, input));
}
