import type { FormPage } from '../../document_types/index.js';
import { read } from '../../db/scope.js';
import { documentFacts } from '../../documents/content/document.js';
import { projectFacts } from '../../projects/project.js';
import type { SubjectFacts } from '../../subjects/may.js';
import type { ActionPage } from '../shared/form.js';
import type { RequestContext } from '../shared/request_context.js';
import { NotFound } from '../../errors.js';
import { documentFormPage } from '../documents/documents.js';
import { payPage } from '../documents/pay.js';
import { editFormPage } from '../drafts/drafts.js';
import { previewPage } from '../drafts/preview.js';
import { projectFormPage } from '../projects/projects.js';
import { keyIn, showProject } from '../projects/project_show.js';
import { compareFormPage } from '../proposals/compare.js';
import { answerPage } from '../proposals/line_answers.js';
import { projectSubject } from '../../projects/project_subject.js';

/** The pages of one family of subjects. */
export interface SubjectPages {
  /** The path of its pages: /{organization}/{path}/{key}. */
  path: string;
  /** The subject of the address, as its reader may see it. @throws NotFound */
  find(ctx: RequestContext): Promise<SubjectFacts & { id: string; currency: string; origin_id?: string | null }>;
  /** Its own page, which has the forms of most of its actions. */
  own: ActionPage;
  /** The pages that have the forms of the others. */
  forms: Partial<Record<FormPage, ActionPage>>;
}

/** Every family of subjects. */
export const SUBJECT_PAGES: readonly SubjectPages[] = [
  {
    path: 'documents',
    async find({ db, actor, req }) {
      const [[document]] = await read(db.pool, actor, documentFacts(actor, String(req.params['key'])));
      if (!document) throw new NotFound();
      return document;
    },
    own: documentFormPage,
    forms: { preview: previewPage, edit: editFormPage, pay: payPage, answer: answerPage, compare: compareFormPage },
  },
  {
    path: 'projects',
    async find(ctx) {
      const [[project]] = await read(ctx.db.pool, ctx.actor, projectFacts(ctx.actor, keyIn(ctx)));
      if (!project) throw new NotFound();
      return { ...projectSubject(project), currency: project.currency };
    },
    own: { show: showProject },
    forms: { edit: projectFormPage },
  },
];
