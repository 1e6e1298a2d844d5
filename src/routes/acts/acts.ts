import { Router } from 'express';
import { act, type ActResult } from '../../act.js';
import { requirePermitted } from '../../acting/permitted.js';
import { markRead } from '../../activity/notify.js';
import type { Config } from '../../config.js';
import type { Database } from '../../db/database.js';
import type { SubjectAction } from '../../document_types/index.js';
import { Conflict, Invalid, NotFound } from '../../errors.js';
import type { Storage } from '../../files/storage.js';
import { type Checkout, openCheckout } from '../../payments/gateways/checkout.js';
import { linkToDraft } from '../../mail/links/issue_keys.js';
import { today } from '../../pages/days.js';
import { actionNamed, lifecycleOf } from '../../subjects/lifecycles.js';
import { wantsJson } from '../errors/problem.js';
import { one } from '../forms/field_values.js';
import { readCredentials, setLinksCookie } from '../shared/cookies.js';
import { formInput, formState } from '../shared/form.js';
import { members, membersOnly } from '../shared/guard.js';
import { type RequestContext, withContext } from '../shared/request_context.js';
import { uploads } from '../shared/uploads.js';
import { answered } from './once.js';
import { readAct } from './read_act.js';
import { SUBJECT_PAGES, type SubjectPages } from './subject_pages.js';

/** Every act on every subject: one address for each, and one way back to its form. */
export function acts(db: Database, config: Config, storage: Storage, checkout: Checkout): Router {
  const router = Router();
  const handle = withContext(db);
  for (const pages of SUBJECT_PAGES) {
    const url = `/:organization/${pages.path}/:key`;
    router.post(
      `${url}/view`,
      handle(members, (ctx) => recordView(ctx, pages)),
    );
    router.post(
      `${url}/:action`,
      membersOnly,
      uploads(config, storage),
      handle(members, (ctx) => perform(ctx, pages, { config, storage, checkout })),
    );
  }
  return router;
}

/** Called by script after a scroll, a key or a pointer: a person has viewed the subject, not a link scanner. */
async function recordView(ctx: RequestContext, pages: SubjectPages) {
  const { db, actor, res } = ctx;
  const { id } = await pages.find(ctx);
  await markRead(db.knex, actor, id);
  if (actor.side === 'partner') await act(db.knex, actor, id, 'view');
  res.sendStatus(204);
}

interface Services {
  config: Config;
  storage: Storage;
  checkout: Checkout;
}

async function perform(ctx: RequestContext, pages: SubjectPages, { config, storage, checkout }: Services) {
  try {
    const result = await answered(ctx, () => actOnce(ctx, pages, storage));
    await addDraftLink(ctx, config, result);
    return await respond(ctx, pages, result, checkout);
  } catch (error) {
    if (!(error instanceof Invalid || error instanceof Conflict) || wantsJson(ctx.req)) throw error;
    return showAgain(ctx, pages, error);
  }
}

/** What was done, and what the subject was made from. */
type Done = ActResult & { origin_id?: string | null };

async function actOnce(ctx: RequestContext, pages: SubjectPages, storage: Storage): Promise<Done> {
  const { db, actor } = ctx;
  const subject = await pages.find(ctx);
  const action = requirePermitted(subject, actor, nameIn(ctx), today(actor));
  const { input, evidence } = await readAct(ctx, action, subject.currency, storage);
  const result = await act(db.knex, actor, subject.id, nameIn(ctx), input, evidence);
  return { ...result, origin_id: subject.origin_id ?? null };
}

async function showAgain(ctx: RequestContext, pages: SubjectPages, error: Invalid | Conflict) {
  const { type } = await pages.find(ctx);
  const { errorPage, formPage } = requireAction(type, ctx);
  ctx.res.status(error.status);
  return (pageOf(pages, errorPage ?? formPage) ?? pages.own).show(ctx, formState(ctx, nameIn(ctx), error));
}

const nameIn = ({ req }: RequestContext) => String(req.params['action']);

function requireAction(type: string, ctx: RequestContext): SubjectAction {
  const action = actionNamed(type, nameIn(ctx));
  if (!action) throw new NotFound();
  return action;
}

const pageOf = ({ forms }: SubjectPages, name: SubjectAction['formPage']) => (name ? forms[name] : undefined);

/** A draft made by somebody who came by a link gets a link of its own, or they could not open it. */
async function addDraftLink({ db, req, res, actor }: RequestContext, config: Config, { created_id }: ActResult) {
  const token = created_id ? await linkToDraft(db.knex, actor, created_id) : null;
  if (token) setLinksCookie(res, config, [token, ...readCredentials(req, config).links]);
}

/** The page to show next. What was discarded has none: back to what it was made from, or to the list. */
function placeAfter({ type, created_id, number, id, origin_id }: Done, pages: SubjectPages, { to }: SubjectAction) {
  const { path, discarded } = lifecycleOf(type);
  if (discarded && to === discarded) return origin_id ? `${pages.path}/${origin_id}` : path;
  return `${pages.path}/${created_id ?? number ?? id}`;
}

async function respond(ctx: RequestContext, pages: SubjectPages, result: Done, checkout: Checkout) {
  const { req, res, membership } = ctx;
  const action = requireAction(result.type, ctx);
  const { seen, number, activity_id, comment_id, created_id, payment_id } = result;
  const redirect = payment_id ? await openCheckout(checkout, membership.organization_id, payment_id) : null;
  const url = `/${membership.slug}/${placeAfter(result, pages, action)}${pages.after?.[nameIn(ctx)] ?? ''}`;
  if (wantsJson(req)) return res.json({ seen, url, number, activity_id, comment_id, created_id, redirect });
  const page = pageOf(pages, action.formPage);
  const name = nameIn(ctx);
  if (action.stays && page) return page.show(ctx, { ...formState(ctx, name), saved: true });
  return res.redirect(
    303,
    redirect ?? (page ?? pages.own).next?.(ctx, result, name) ?? `${url}?done=${doneBy(name, ctx)}`,
  );
}

/** The toast of the next page, by action. */
const DONE: Record<string, string> = {
  comment: 'said',
  change: 'saved',
  share_project: 'saved',
  discard: 'discarded',
  send: 'sent',
  submit: 'sent',
  revise: 'sent',
  resubmit: 'sent',
  forward: 'forwarded',
  record_payment: 'recorded',
  void: 'voided',
  write_off: 'dropped',
  approve: 'approved',
  accept: 'accepted',
  accept_on_behalf: 'accepted',
  acknowledge: 'acknowledged',
  decline: 'declined',
  reject: 'declined',
  send_back: 'sent_back',
  ask_back: 'asked_back',
  request_changes: 'asked_back',
  schedule: 'scheduled',
  promise: 'promised',
  dispute: 'disputed',
  resolve_dispute: 'answered',
  refund: 'refunded',
  reverse_payment: 'reversed',
  withdraw: 'withdrawn',
  pause: 'paused',
  resume: 'resumed',
  ask_change: 'asked_back',
  ask_cancel: 'asked_back',
  withdraw_request: 'withdrawn',
  decline_request: 'declined',
  cancel: 'cancelled',
  extend: 'extended',
  share: 'shared',
  replace: 'shared',
  remove: 'file_removed',
  agree_charging: 'automatic',
  end_charging: 'not_automatic',
  apply: 'applied',
  apply_credit: 'applied',
};

const doneBy = (action: string, ctx: RequestContext) =>
  action === 'comment' && one(formInput(ctx), 'audience') === 'internal' ? 'noted' : (DONE[action] ?? 'done');
