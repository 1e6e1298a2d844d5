import type { FormPage } from '../../document_types/index.js';
import { read } from '../../db/scope.js';
import { documentFacts } from '../../documents/content/document.js';
import { projectFacts } from '../../projects/project.js';
import type { SubjectFacts } from '../../subjects/may.js';
import type { ActionPage } from '../shared/form.js';
import type { RequestContext } from '../shared/request_context.js';
import { NotFound } from '../../errors.js';
import { documentFormPage } from '../documents/documents.js';
import { payFormPage } from '../pay/pay_pages.js';
import { editFormPage } from '../drafts/drafts.js';
import { previewPage } from '../drafts/preview.js';
import { projectFormPage } from '../projects/project_form.js';
import { sharingPage } from '../projects/sharing/sharing_page.js';
import { budgetFormPage } from '../projects/budget/budget_page.js';
import { showComments } from '../projects/comments/comments_page.js';
import { detailsFormPage } from '../projects/details/project_details_page.js';
import { projectFileFormPage } from '../projects/details/project_file_page.js';
import { logFormPage } from '../projects/log/log_form.js';
import { keyIn } from '../projects/project_page.js';
import { timeFormPage } from '../projects/time/time_page.js';
import { taskFormPage } from '../projects/tasks/form/task_form.js';
import { afterTask, showTask } from '../projects/tasks/task_page.js';
import { eventFormPage } from '../projects/events/event_form.js';
import { afterEvent, showEvent } from '../projects/events/event_page.js';
import { eventFacts } from '../projects/events/event_queries.js';
import { eventSubject } from '../../projects/events/event.js';
import { taskFacts } from '../projects/tasks/task_queries.js';
import { taskSubject } from '../../projects/tasks/task.js';
import { fileFormPage, showFolder } from '../shared_files/folder_pages.js';
import { findFolderOf } from '../shared_files/folder_queries.js';
import { folderSubject } from '../../shared_files/folder.js';
import { compareFormPage } from '../proposals/compare.js';
import { answerPage } from '../proposals/line_answers.js';
import { planFormPage } from '../subscriptions/plan_form.js';
import { subscriptionFacts } from '../subscriptions/subscription_queries.js';
import { numberIn, showSubscription } from '../subscriptions/subscription_show.js';
import { subscriptionSubject } from '../../subscriptions/subscription.js';
import { projectSubject } from '../../projects/project_subject.js';

/** The pages of one family of subjects. */
export interface SubjectPages {
  /** The path of its pages: /{organization}/{path}/{key}. */
  path: string;
  /** The subject of the address, as its reader may see it. @throws NotFound */
  find(ctx: RequestContext): Promise<SubjectFacts & { id: string; currency: string; origin_id?: string | null }>;
  /** By action: the part of its page that people come from and go back to. */
  after?: Readonly<Record<string, string>>;
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
    forms: { preview: previewPage, edit: editFormPage, pay: payFormPage, answer: answerPage, compare: compareFormPage },
  },
  {
    path: 'projects',
    async find(ctx) {
      const [[project]] = await read(ctx.db.pool, ctx.actor, projectFacts(ctx.actor, keyIn(ctx)));
      if (!project) throw new NotFound();
      return { ...projectSubject(project), currency: project.currency };
    },
    own: { show: showComments },
    after: {
      ...{ comment: '/comments', add_person: '/comments', remove_person: '/comments' },
      ...{ share_project: '/sharing', set_baseline: '/schedule' },
    },
    forms: {
      edit: projectFormPage,
      sharing: sharingPage,
      time: timeFormPage,
      budget: budgetFormPage,
      details: detailsFormPage,
      file: projectFileFormPage,
      log: logFormPage,
    },
  },
  {
    path: 'tasks',
    async find(ctx) {
      const [[row]] = await read(ctx.db.pool, ctx.actor, taskFacts(ctx.actor, keyIn(ctx)));
      if (!row) throw new NotFound();
      return { ...taskSubject(row, ctx.actor), currency: '' };
    },
    own: { show: showTask, next: afterTask },
    forms: { edit: taskFormPage },
  },
  {
    path: 'events',
    async find(ctx) {
      const [[row]] = await read(ctx.db.pool, ctx.actor, eventFacts(ctx.actor, keyIn(ctx)));
      if (!row) throw new NotFound();
      return { ...eventSubject(row), currency: '' };
    },
    own: { show: showEvent, next: afterEvent },
    forms: { edit: eventFormPage },
  },
  {
    path: 'subscriptions',
    async find(ctx) {
      const [[row]] = await read(ctx.db.pool, ctx.actor, subscriptionFacts(ctx.actor, numberIn(ctx)));
      if (!row) throw new NotFound();
      return { ...subscriptionSubject(row, ctx.actor), currency: row.currency };
    },
    own: { show: showSubscription },
    forms: { edit: planFormPage },
  },
  {
    path: 'shared-files',
    async find(ctx) {
      const folder = await findFolderOf(ctx);
      return { ...folderSubject(folder), currency: folder.currency };
    },
    own: { show: showFolder },
    forms: { file: fileFormPage },
  },
];
