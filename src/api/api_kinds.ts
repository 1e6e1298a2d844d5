import { type DocumentType, type Lifecycle, type SubjectAction, types } from '../document_types/index.js';
import { NotFound } from '../errors.js';
import { SUBJECT_PAGES, type SubjectPages } from '../routes/acts/subject_pages.js';
import type { RequestContext } from '../routes/shared/request_context.js';
import { LIFECYCLES } from '../subjects/lifecycles.js';

/** A kind of subject at its address: /api/v1/{path}/{key}. */
export interface ApiKind {
  path: string;
  lifecycle: Lifecycle;
  /** Null for all that is no document. */
  type: DocumentType | null;
  pages: SubjectPages;
}

function kindOf(lifecycle: Lifecycle): ApiKind {
  const type = types.find(({ name }) => name === lifecycle.name) ?? null;
  const pages = SUBJECT_PAGES.find(({ path }) => path === lifecycle.page);
  if (!pages) throw new Error(`The kind "${lifecycle.name}" has no pages.`);
  return { path: type ? type.path : lifecycle.page, lifecycle, type, pages };
}

/** Every kind of subject. */
export const API_KINDS: readonly ApiKind[] = LIFECYCLES.map(kindOf);

/** Where subjects of a kind are. */
export const pathOfKind = (name: string): string =>
  `/api/v1/${API_KINDS.find(({ lifecycle }) => lifecycle.name === name)?.path ?? ''}`;

/** The kind in an address. @throws NotFound */
export function kindIn({ req }: Pick<RequestContext, 'req'>): ApiKind {
  const kind = API_KINDS.find(({ path }) => path === req.params['kind']);
  if (!kind) throw new NotFound();
  return kind;
}

/** What programs may do to a kind: not what only the system does, nor that a person has looked at it. */
export const apiActions = ({ actions }: Lifecycle): [string, SubjectAction][] =>
  Object.entries(actions).filter(([name, { by }]) => by !== 'system' && name !== 'view');
