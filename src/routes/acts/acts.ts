import { Router } from 'express';
import type { Config } from '../../config.js';
import type { Database } from '../../db/database.js';
import type { SubjectAction, FormPage } from '../../document_types/index.js';
import { actionNamed } from '../../subjects/lifecycles.js';
import { act, type ActResult } from '../../act.js';
import { today } from '../../pages/days.js';
import { requirePermitted } from '../../acting/permitted.js';
import { keyOf } from '../../documents/content/document.js';
import type { DocumentPage } from '../../documents/queries/page.js';
import { Conflict, Invalid, NotFound } from '../../errors.js';
import type { Storage } from '../../files/storage.js';
import { linkToDraft } from '../../mail/links/issue_keys.js';
import { editFormPage } from '../drafts/drafts.js';
import { previewPage } from '../drafts/preview.js';
import { one } from '../forms/field_values.js';
import { compareFormPage } from '../proposals/compare.js';
import { answerPage } from '../proposals/line_answers.js';
import { readCredentials, setLinksCookie } from '../shared/cookies.js';
import { type FormPageOf, formInput, formState } from '../shared/form.js';
import { members, membersOnly } from '../shared/guard.js';
import { wantsJson } from '../errors/problem.js';
import { type RequestContext, withContext } from '../shared/request_context.js';
import { uploads } from '../shared/uploads.js';
import { readAct } from './read_act.js';
import { documentFormPage, findPage } from '../documents/documents.js';
import { payPage } from '../documents/pay.js';

/** The pages that have the forms of actions: each shows its form again, and may say where the act leads. */
const FORM_PAGES: Record<FormPage, FormPageOf> = {
  preview: previewPage,
  edit: editFormPage,
  pay: payPage,
  answer: answerPage,
  compare: compareFormPage,
};

/** Every act on a document: one address for each, and one way back to its form. */
export function acts(db: Database, config: Config, storage: Storage): Router {
  return Router().post(
    '/:organization/documents/:key/:action',
    membersOnly,
    uploads(config),
    withContext(db)(members, (ctx) => perform(ctx, config, storage)),
  );
}

async function perform(ctx: RequestContext, config: Config, storage: Storage) {
  const { db, req, actor } = ctx;
  const name = String(req.params['action']);
  const page = await findPage(ctx);
  const action = actionNamed(page.type, name);
  if (!action) throw new NotFound();
  try {
    requirePermitted(page, actor, name, today(actor));
    const { input, evidence } = await readAct(ctx, action, page, storage);
    const result = await act(db.knex, actor, page.id, name, input, evidence);
    await addDraftLink(ctx, config, result);
    return await respond(ctx, action, page, result);
  } catch (error) {
    if (!(error instanceof Invalid || error instanceof Conflict) || wantsJson(req)) throw error;
    ctx.res.status(error.status);
    const shown = action.errorPage ?? action.formPage;
    return (shown ? FORM_PAGES[shown] : documentFormPage).show(ctx, formState(ctx, name, error));
  }
}

/** A draft made by somebody who came by a link gets a link of its own, or they could not open it. */
async function addDraftLink({ db, req, res, actor }: RequestContext, config: Config, { created_id }: ActResult) {
  const token = created_id ? await linkToDraft(db.knex, actor, created_id) : null;
  if (token) setLinksCookie(res, config, [token, ...readCredentials(req, config).links]);
}

async function respond(ctx: RequestContext, action: SubjectAction, page: DocumentPage, result: ActResult) {
  const { req, res, membership } = ctx;
  const { sha256, number, activity_id, comment_id, created_id, redirect } = result;
  const key = keyOf({ id: page.id, number });
  const url = `/${membership.slug}/documents/${created_id ?? key}`;
  if (wantsJson(req)) return res.json({ seen: sha256, url, number, activity_id, comment_id, created_id });
  const formPage = action.formPage ? FORM_PAGES[action.formPage] : undefined;
  const name = String(req.params['action']);
  if (action.stays && formPage) return formPage.show(ctx, { ...formState(ctx, name), saved: true });
  return res.redirect(303, redirect ?? formPage?.next?.(ctx, page, name) ?? `${url}?done=${doneBy(name, ctx)}`);
}

/** The toast of the next page, by action. */
const DONE: Record<string, string> = {
  comment: 'said',
  send: 'sent',
  submit: 'sent',
  revise: 'sent',
  resubmit: 'sent',
  forward: 'forwarded',
  record_payment: 'recorded',
  void: 'voided',
  write_off: 'dropped',
};

const doneBy = (action: string, ctx: RequestContext) =>
  action === 'comment' && one(formInput(ctx), 'audience') === 'internal' ? 'noted' : (DONE[action] ?? 'done');
