import { lifecycleOf } from './lifecycles.js';

/** What addresses a subject: its kind, and the last part of its URL, which a draft doesn't have yet. */
interface SubjectKey {
  id: string;
  kind: string;
  number: string | null;
}

/** The path of a subject's page. */
export const subjectUrl = (slug: string, { kind, number, id }: SubjectKey): string =>
  `/${slug}/${lifecycleOf(kind).page}/${number ?? id}`;

/**
 * Where what happened to a subject is read: its page; of a comment in a thread the page of the conversation, at the
 * comment, of a day of a project's log that day. `details`: of the activity.
 */
export function eventUrl(slug: string, subject: SubjectKey, details: Record<string, unknown>): string {
  const url = subjectUrl(slug, subject);
  const { comment } = details;
  const { conversation } = lifecycleOf(subject.kind);
  if (conversation && typeof comment === 'string') return `${url}${commentPath(conversation, comment)}`;
  const { log } = details;
  return subject.kind === 'project' && typeof log === 'string' ? `${url}/log#log-${log}` : url;
}

/** The path of a comment on the page of a conversation. */
export const commentPath = (conversation: string, comment_id: string): string =>
  `${conversation}?at=${comment_id}#comment-${comment_id}`;
