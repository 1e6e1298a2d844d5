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
