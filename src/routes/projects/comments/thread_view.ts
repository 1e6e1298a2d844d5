import type { Actor } from '../../../db/scope.js';
import type { I18n } from '../../../documents/queries/sheet.js';
import type { Comment, FileRow, Link } from '../../../pages/views/components.js';
import { mentionsIn } from '../../../projects/comments/mentions.js';
import { isOffered } from '../../../subjects/may.js';
import { fileRow } from '../../shared/rows.js';
import { commentView } from '../../conversation/conversation_view.js';
import { withoutColleagues } from '../without_staff.js';
import type { NotifyForm, ThreadComposer } from './composer_view.js';
import type { Thread, ThreadComment } from './comment_queries.js';

export interface ThreadView {
  id: string;
  title: string | null;
  task: Link | null;
  count: string;
  internal: boolean;
  first: MessageView;
  answers: MessageView[];
  earlier: Link | null;
  /** The form of an answer, if that is asked for. */
  composer: ThreadComposer | null;
}

/** A comment as its thread shows it. */
interface MessageView extends Comment {
  /** Its author's, also where that is "You". */
  name: string;
  /** Its text, with those whom it mentions. */
  parts: { text: string; mention: boolean }[];
  pictures: FileRow[];
  unread: boolean;
  /** Whom somebody of the reader's side notified of it, and when. */
  notified: { text: string; at: Date }[];
  reply: Link | null;
  reply_all: Link | null;
  notify: Link;
  notify_form: NotifyForm | null;
}

/** How threads are shown to a reader. `url`: of the page; `forms`: those that are asked for. */
export interface ThreadContext {
  actor: Actor;
  slug: string;
  url: string;
  i18n: I18n;
  /** Its reader is told who of the staff works on the project. */
  people_shown: boolean;
  /** What can be named: the companies of both sides. */
  companies: string[];
  /** Whom the reader may tell. */
  tellable: ReadonlySet<string>;
  composerIn(thread: Thread): ThreadComposer | null;
  notifyOn(comment: ThreadComment): NotifyForm | null;
}

export function threadView(thread: Thread, context: ThreadContext): ThreadView | null {
  const [first, ...answers] = thread.comments.map((comment) =>
    messageView(context.people_shown ? comment : withoutColleagues(comment), thread, context),
  );
  if (!first) return null;
  const { t } = context.i18n;
  const missing = thread.replies - answers.length;
  const oldest = answers[0]?.id ?? thread.id;
  return {
    ...{ id: thread.id, title: thread.title || null, internal: thread.audience !== 'shared', first, answers },
    task: thread.task && {
      href: context.url.replace(/projects\/[^/]+\/comments$/, `tasks/${thread.task.number}`),
      label: thread.task.title,
    },
    count: t('{{count}} comments', { count: thread.replies + 1 }),
    earlier:
      missing > 0
        ? { href: `${context.url}?at=${oldest}#comment-${oldest}`, label: t('{{count}} earlier', { count: missing }) }
        : null,
    composer: context.composerIn(thread),
  };
}

const PICTURES = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp']);

function messageView(comment: ThreadComment, thread: Thread, context: ThreadContext): MessageView {
  const { actor, slug, i18n, tellable, url } = context;
  const shown = commentView(comment, actor.person_id, { slug, staff: isOffered(actor, 'desk'), i18n });
  const link = (query: string, label: string) => ({
    href: `${url}?${query}=${comment.id}#${query.split('_')[0]}`,
    label: i18n.t(label),
  });
  const own = comment.person_id === actor.person_id;
  const others = thread.people.filter((id) => tellable.has(id) && id !== comment.person_id);
  return {
    ...shown,
    name: shown.author,
    author: own ? i18n.t('You') : shown.author,
    parts: partsOf(comment, context.companies),
    pictures: comment.files.filter(({ content_type }) => PICTURES.has(content_type)).map((file) => fileRow(slug, file)),
    files: comment.files.filter(({ content_type }) => !PICTURES.has(content_type)).map((file) => fileRow(slug, file)),
    unread: comment.unread,
    notified: notifiedOf(comment, actor, i18n),
    reply: tellable.has(comment.person_id) ? link('reply', 'Reply') : null,
    reply_all: others.length ? link('reply_all', own ? 'Add to this' : 'Reply all') : null,
    notify: link('notify', 'Notify…'),
    notify_form: context.notifyOn(comment),
  };
}

/** The text, with the names of those whom it mentions apart. */
function partsOf({ body, tags }: ThreadComment, companies: readonly string[]): MessageView['parts'] {
  const known = [...tags.map(({ name }) => ({ name })), ...companies.map((name) => ({ name }))];
  const parts: MessageView['parts'] = [];
  let done = 0;
  for (const { start, end } of mentionsIn(body, known)) {
    parts.push({ text: body.slice(done, start), mention: false }, { text: body.slice(start, end), mention: true });
    done = end;
  }
  return [...parts, { text: body.slice(done), mention: false }].filter(({ text }) => text);
}

/** What each side did for its own people stays with it. */
function notifiedOf({ tags }: ThreadComment, actor: Actor, { t, format }: I18n): MessageView['notified'] {
  const rows = new Map<string, { by: string | null; at: string; names: string[] }>();
  for (const { by, by_name, by_partner, at, name } of tags) {
    if (!by || (by_partner ?? null) !== (actor.side === 'partner' ? actor.partner_id : null)) continue;
    const key = `${by} ${at}`;
    const row = rows.get(key) ?? { by: by === actor.person_id ? null : by_name, at, names: [] };
    rows.set(key, { ...row, names: [...row.names, name] });
  }
  return [...rows.values()].map(({ by, at, names }) => ({
    at: new Date(at),
    text: by
      ? t('{{name}} notified {{names}}', { name: by, names: format.list(names) })
      : t('You notified {{names}}', { names: format.list(names) }),
  }));
}
