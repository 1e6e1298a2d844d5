import { z } from 'zod';
import type { I18n } from '../../../documents/queries/sheet.js';
import { NotFound } from '../../../errors.js';
import type { Link, Tab, TimelineItem } from '../../../pages/views/components.js';
import { defineView } from '../../../pages/views/render.js';
import { circleOf, tellable } from '../../../projects/comments/circle.js';
import { peopleToAdd, type ProjectPage, projectPage } from '../../../projects/project.js';
import { project as lifecycle } from '../../../subjects/project/project_lifecycle.js';
import { type ConversationParts, conversationView } from '../../conversation/conversation_view.js';
import { timelineView } from '../../conversation/timeline_view.js';
import type { FormState } from '../../shared/form.js';
import { idParam } from '../../shared/params.js';
import { contextPage, type RequestContext } from '../../shared/request_context.js';
import { asShown } from '../without_staff.js';
import { latestDays, type LatestLog, latestLog } from '../log/latest_log.js';
import { keyIn, type ProjectFrame, readPage } from '../project_page.js';
import { type Filter, FILTERS, PAGE, projectThreads, taskChoices, type Thread, threadOf } from './comment_queries.js';
import { newComposer, notifyForm, replyComposer, type ThreadComposer } from './composer_view.js';
import { type MentionList, mentionList } from './mention_list.js';
import { peopleView, type ProjectPeople } from './project_people.js';
import { type ThreadContext, type ThreadView, threadView } from './thread_view.js';

/** A project's comments in threads, who takes part in it, and what happened. */
interface CommentsInput extends Omit<ConversationParts, 'comments'>, ProjectPeople {
  frame: ProjectFrame;
  tabs: Tab[];
  threads: ThreadView[];
  /** Back to all of them, from one. */
  all: Link | null;
  next: string | null;
  composer: ThreadComposer;
  mentions: MentionList;
  timeline: TimelineItem[];
  log: LatestLog;
  live_url: string;
  seen_url: string;
}

export const commentsView = defineView<CommentsInput>('projects/comments/page');

const Params = z.object({
  show: z.enum(FILTERS).catch('all'),
  ...{ before: idParam, at: idParam, reply: idParam, reply_all: idParam, notify: idParam, about: idParam },
});
type Params = z.output<typeof Params>;

/** What is asked for: by the address, or by a form that is shown again. */
function asked(ctx: RequestContext, form: FormState | null): Params {
  const params = Params.parse(ctx.req.query);
  if (!form) return params;
  const { answers, comment } = form.input;
  const id = (value: unknown) => idParam.parse(value);
  return { ...params, ...(form.action === 'notify' ? { notify: id(comment) } : { reply: id(answers) }) };
}

const focusOf = ({ reply, reply_all, notify, at }: Params) => reply ?? reply_all ?? notify ?? at;

const NOBODY = '00000000-0000-0000-0000-000000000000';

const pageQueries = ({ actor }: RequestContext, key: string, params: Params) =>
  [
    projectPage(actor, key),
    peopleToAdd(actor, key),
    tellable(actor, { key }),
    taskChoices(actor, key),
    threadOf(actor, key, focusOf(params) ?? NOBODY),
    projectThreads(actor, key, params.show, params.before),
    latestDays(actor, key),
  ] as const;

type Found = Awaited<ReturnType<typeof readComments>>;

const readComments = (ctx: RequestContext, params: Params) =>
  readPage(ctx, 'comments', ...pageQueries(ctx, keyIn(ctx), params));

/** The project's comments. `form`: a submitted form to show again as it was typed. */
export async function showComments(ctx: RequestContext, form: FormState | null = null) {
  const params = asked(ctx, form);
  const read = await readComments(ctx, params);
  const [[found]] = read.found;
  if (!found) throw new NotFound();
  const named = { ...found, people_shown: read.head.shown.includes('people') };
  const page = asShown(named, ctx.actor, ctx.membership.organization);
  const input = commentsInput(ctx, { form, params, read, page });
  ctx.res.send(contextPage(ctx, commentsView, page.name, input, { notice: unplaced(form) }));
}

interface Shown {
  form: FormState | null;
  params: Params;
  read: Found;
  page: ProjectPage & { people_shown: boolean };
}

function commentsInput(ctx: RequestContext, { form, params, read, page }: Shown): CommentsInput {
  const { actor, membership } = ctx;
  const { frame, i18n, url } = read;
  const [, others, rows, tasks, [focus], newest, days] = read.found;
  const circle = circleOf(rows, actor);
  const composing = { actor, i18n, url, circle, partner: page.partner, form };
  const context = { actor, slug: membership.slug, i18n, form };
  // What is looked at stands alone, so that it is there however old it is.
  const threads = focus && !form ? [focus] : withFocus(newest.slice(0, PAGE), focus);
  const { returned, held, deliveries } = conversationView({ ...page, comments: [] }, context);
  const shownIn: ThreadContext = {
    ...{ actor, slug: membership.slug, url: `${url}/comments`, i18n },
    people_shown: actor.side === 'staff' || page.people_shown,
    tellable: new Set(circle.people.map(({ id }) => id)),
    companies: [membership.organization, page.partner].filter(Boolean),
    composerIn: (thread) => replyIn(thread, params, composing),
    notifyOn: (comment) => (params.notify === comment.id ? notifyForm(comment, composing) : null),
  };
  return {
    ...{ returned, held, deliveries, frame },
    ...peopleView(page, others, { actor, url, form }),
    tabs: tabsOf(`${url}/comments`, focus ? null : params.show, i18n.t),
    threads: threads.flatMap((thread) => threadView(thread, shownIn) ?? []),
    all: focus ? { href: `${url}/comments`, label: i18n.t('All comments') } : null,
    next: focus ? null : nextPage(newest, params, `${url}/comments`),
    composer: newComposer(composing, tasks, params.about ?? ''),
    mentions: mentionList(circle, composing, i18n),
    log: latestLog(days, ctx, read),
    timeline: timelineView({ ...page, type: lifecycle.name, number: page.key }, page.partner, actor, i18n),
    live_url: `${url}/live?after=${page.activities.at(-1)?.id ?? ''}`,
    seen_url: `${url}/view`,
  };
}

const withFocus = (threads: readonly Thread[], focus: Thread | undefined): Thread[] =>
  focus ? [focus, ...threads.filter(({ id }) => id !== focus.id)] : [...threads];

function replyIn(
  thread: Thread,
  { reply, reply_all }: Params,
  composing: Parameters<typeof replyComposer>[3],
): ThreadComposer | null {
  const comment = thread.comments.find(({ id }) => id === (reply ?? reply_all));
  return comment ? replyComposer(thread, comment, reply === null, composing) : null;
}

const LABELS: Readonly<Record<Filter, string>> = { all: 'All', tagged: 'You’re tagged in', files: 'With files' };

const tabsOf = (url: string, shown: Filter | null, t: I18n['t']): Tab[] =>
  FILTERS.map((filter) => ({
    href: filter === 'all' ? url : `${url}?show=${filter}`,
    label: t(LABELS[filter]),
    current: filter === shown,
  }));

function nextPage(newest: readonly Thread[], { show }: Params, url: string): string | null {
  const last = newest[PAGE - 1];
  if (newest.length <= PAGE || !last) return null;
  return `${url}?${new URLSearchParams({ ...(show === 'all' ? {} : { show }), before: last.last_id })}`;
}

/** What no form of the page can show. */
const unplaced = (form: FormState | null) =>
  form && !['comment', 'notify', 'add_person'].includes(form.action) ? form.errors['form'] : undefined;
