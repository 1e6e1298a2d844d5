import { read } from '../../../db/scope.js';
import { NotFound } from '../../../errors.js';
import { today } from '../../../pages/days.js';
import type { ActionButton, Badge, Composer, FileRow, Link, TimelineItem } from '../../../pages/views/components.js';
import { defineView } from '../../../pages/views/render.js';
import { taskSubject } from '../../../projects/tasks/task.js';
import { actionsFor } from '../../../acting/permitted.js';
import { isOffered, requireMay } from '../../../subjects/may.js';
import { task as lifecycle } from '../../../subjects/project/task_lifecycle.js';
import { plainActions } from '../../acts/plain_actions.js';
import { composerView, type ConversationParts, conversationView } from '../../conversation/conversation_view.js';
import { timelineView } from '../../conversation/timeline_view.js';
import { one } from '../../forms/field_values.js';
import { type ActionPage, type FormState, formInput } from '../../shared/form.js';
import { i18nOf } from '../../shared/layout.js';
import { contextPage, type RequestContext } from '../../shared/request_context.js';
import { fileRow } from '../../shared/rows.js';
import { keyIn } from '../project_page.js';
import { taskBadge } from './task_badge.js';
import { type TaskFacts, taskFactsView } from './task_facts.js';
import { type TaskPage, taskPage } from './task_queries.js';
import { asShown } from '../without_staff.js';

interface TaskInput extends ConversationParts, TaskFacts {
  /** Null for whom the project isn't shown to. */
  project: Link | null;
  title: string;
  number: string;
  note: string;
  badge: Badge;
  edit_url: string | null;
  actions: ActionButton[];
  /** Takes back that it is done. */
  undo_url: string | null;
  files: FileRow[];
  /** Null for whom only its row is shown to. */
  composer: Composer | null;
  timeline: TimelineItem[];
  live_url: string;
  seen_url: string;
  with: string;
}

export const taskView = defineView<TaskInput>('projects/tasks/task');

/** The task of the address, without the names that its reader isn't shown. @throws NotFound, NotAllowed */
async function findTaskPage(ctx: RequestContext): Promise<TaskPage> {
  const { db, actor, membership } = ctx;
  const [[page]] = await read(db.pool, actor, taskPage(actor, keyIn(ctx)));
  if (!page) requireMay(actor, 'everything');
  if (!page) throw new NotFound();
  return asShown(page, actor, membership.organization);
}

/** A task's page. `form`: a submitted form to show again as it was typed. */
export async function showTask(ctx: RequestContext, form: FormState | null = null) {
  const { req, res, actor, membership } = ctx;
  const page = await findTaskPage(ctx);
  const i18n = i18nOf(actor);
  const { slug, organization } = membership;
  const url = `/${slug}/tasks/${page.number}`;
  const day = today(actor);
  const context = { actor, slug, i18n, form };
  const shown = { ...page, partner_id: page.vendor_id ?? page.customer_id };
  const about = { ...shown, type: lifecycle.name, currency: '' };
  const side = actor.side === 'staff' ? 'staff' : 'partner';
  const subject = taskSubject(page, actor);
  const opened = one(req.query, 'open') || null;
  const values = { starts_on: page.starts_on ?? '', due_on: page.due_on ?? '' };
  const input: TaskInput = {
    ...conversationView(shown, context),
    ...taskFactsView(page, { actor, slug, organization, key: page.project_key ?? '', day, i18n }),
    project: page.project_key ? { href: `/${slug}/projects/${page.project_key}`, label: page.project ?? '' } : null,
    ...{ title: page.title, number: page.number, note: page.note, badge: taskBadge(page, day, side, i18n) },
    edit_url: isOffered(actor, 'planning') ? `${url}/edit` : null,
    actions: page.shared ? plainActions(subject, { ...context, url, opened, day, values }).filter(isInBar) : [],
    undo_url: 'undo' in actionsFor(subject, actor, day) ? `${url}/undo` : null,
    files: page.shared ? page.files.map((file) => fileRow(slug, file)) : [],
    composer: page.shared ? composerView(shown, context, url) : null,
    timeline: page.shared ? timelineView(about, page.partner ?? '', actor, i18n) : [],
    live_url: `${url}/live?after=${page.activities.at(-1)?.id ?? ''}`,
    seen_url: `${url}/view`,
    with: actor.side === 'staff' ? (page.partner ?? organization) : organization,
  };
  const notice = unplaced(form) ?? tooLate(opened, input.actions, page.state);
  res.send(contextPage(ctx, taskView, page.title, input, { notice: notice && i18n.t(notice) }));
}

/** Its fields are on the page of its form. */
const isInBar = ({ name }: ActionButton) => name !== 'change';

/** To who comes from an email for something that is no longer to be done: what became of it. */
const tooLate = (opened: string | null, actions: readonly ActionButton[], state: string): string | undefined =>
  opened === null || actions.some(({ name }) => name === opened) ? undefined : (TOO_LATE[state] ?? ANSWERED);

const ANSWERED = 'This was answered already, or has changed since the email.';
const TOO_LATE: Readonly<Record<string, string>> = {
  done: 'This task is done already. There is nothing left to do.',
  dropped: 'This task was dropped. There is nothing left to do.',
};

/** What no form of the page can show. */
const unplaced = (form: FormState | null) => (form && form.action !== 'comment' ? form.errors['form'] : undefined);

/** A button in its project's list leads back to it, and to its row there. */
export const afterTask: NonNullable<ActionPage['next']> = (ctx, { number }) => {
  const back = one(formInput(ctx), 'back').toUpperCase();
  if (!/^[A-Z0-9][A-Z0-9-]{0,19}$/.test(back)) return null;
  return `/${ctx.membership.slug}/projects/${back}#${number}`;
};
