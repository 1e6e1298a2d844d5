/** What addresses a subject: its kind, and the last part of its URL, which a draft doesn't have yet. */
interface SubjectKey {
  id: string;
  kind: string;
  number: string | null;
}

/** The path of a subject's page. The one place that knows where each kind of subject is found. */
export const subjectUrl = (slug: string, { kind, number, id }: SubjectKey): string =>
  `/${slug}/${kind === 'project' ? 'projects' : 'documents'}/${number ?? id}`;
