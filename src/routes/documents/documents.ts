import { Router } from 'express';
import { markRead } from '../../activity/notify.js';
import type { Config } from '../../config.js';
import type { Database } from '../../db/database.js';
import { isId } from '../../db/ids.js';
import { read } from '../../db/scope.js';
import { act, type ActResult, today } from '../../documents/act.js';
import { requirePermitted } from '../../documents/acting/lifecycle.js';
import { Stale } from '../../documents/acting/stale.js';
import { chosenLineIds, withChosenOptions } from '../../documents/content/chosen_lines.js';
import { withTotals } from '../../documents/content/content.js';
import { keyOf } from '../../documents/content/document.js';
import { type DocumentPage, documentPage } from '../../documents/queries/page.js';
import { Conflict, Invalid, NotFound } from '../../errors.js';
import type { Storage } from '../../files/storage.js';
import { linkToDraft } from '../../mail/links/issue_keys.js';
import type { Translate } from '../../pages/i18n.js';
import { parseDrawing } from '../../signing/signature.js';
import { readCredentials, setLinksCookie } from '../shared/cookies.js';
import { type FormState, formInput, translated } from '../shared/form.js';
import { members, membersOnly } from '../shared/guard.js';
import { i18nOf } from '../shared/layout.js';
import { contextPage, type RequestContext, translatorOf, withContext } from '../shared/request_context.js';
import { storedFiles, uploads } from '../shared/uploads.js';
import { type DocumentShow, documentShow, documentView } from './document_view.js';

const ONE = '/:organization/documents/:key';

/** A document's page, and every action on it. */
export function documents(db: Database, config: Config, storage: Storage): Router {
  const router = Router();
  const handle = withContext(db);
  router.get(
    ONE,
    handle(members, (ctx) => showDocument(ctx)),
  );
  router.post(`${ONE}/view`, handle(members, recordView));
  router.post(
    `${ONE}/:action`,
    membersOnly,
    uploads(config),
    handle(members, (ctx) => perform(ctx, config, storage)),
  );
  return router;
}

/** The document's page. `form`: a submitted form to show again as it was typed; after a 409 with what has changed. */
export async function showDocument(ctx: RequestContext, form: FormState | null = null) {
  const { req, res, actor, membership } = ctx;
  const page = withChoices(await findPage(ctx), ctx);
  const opened = typeof req.query['open'] === 'string' ? req.query['open'] : null;
  const input = documentView({ page, actor, slug: membership.slug, i18n: i18nOf(actor), form, opened });
  // Where no open form can show the message, it goes to the top of the page.
  const unplaced = form && !form.changes && !input.actions.some(({ open }) => open);
  const title = [input.document.type_label, page.number].filter(Boolean).join(' ');
  res.send(
    contextPage(ctx, documentShow, title, input, {
      notice: unplaced ? form.errors['form'] : undefined,
      toast: commentToast(ctx, input),
    }),
  );
}

/** With the options that the address ticks, so that browsers without scripts can see the total. Nothing is stored. */
function withChoices(page: DocumentPage, { req }: RequestContext): DocumentPage {
  if (!page.snapshot || typeof req.query['choices'] !== 'string') return page;
  const picked = chosenLineIds(req.query);
  const { lines, ...content } = page.snapshot;
  return {
    ...page,
    snapshot: { ...page.snapshot, ...withTotals({ ...content, lines: withChosenOptions(lines, picked) }) },
  };
}

/** Called by script after a scroll, a key or a pointer: a person has viewed the document, not a link scanner. */
async function recordView(ctx: RequestContext) {
  const { db, actor, res } = ctx;
  const { id } = await findPage(ctx);
  await markRead(db.knex, actor, id);
  if (actor.side === 'partner') await act(db.knex, actor, id, 'view');
  res.sendStatus(204);
}

async function perform(ctx: RequestContext, config: Config, storage: Storage) {
  const { db, req, res, actor } = ctx;
  const action = String(req.params['action']);
  const input = formInput(ctx);
  try {
    const document = await findPage(ctx);
    requirePermitted(document, actor, action, today(actor));
    const files = await storedFiles(ctx, storage);
    const result = await act(db.knex, actor, document.id, action, input, {
      files,
      browser: { remote_ip: req.ip ?? '', user_agent: (req.get('User-Agent') ?? '').slice(0, 500) },
      ...(await storedDrawing(input, storage)),
    });
    await addDraftLink(ctx, config, result);
    res.redirect(303, nextPage(ctx, action, result));
  } catch (error) {
    if (!(error instanceof Invalid || error instanceof Conflict)) throw error;
    res.status(error.status);
    await showDocument(ctx, formState(error, action, input, translatorOf(ctx)));
  }
}

async function storedDrawing(input: Record<string, unknown>, storage: Storage) {
  const drawing = parseDrawing(input);
  return drawing ? { drawing: await storage.put(drawing, 'signature.png', 'image/png') } : {};
}

/** A draft made by somebody who came by a link gets a link of its own, or they could not open it. */
async function addDraftLink({ db, req, res, actor }: RequestContext, config: Config, { redirect }: ActResult) {
  const token = redirect && isId(redirect) ? await linkToDraft(db.knex, actor, redirect) : null;
  if (token) setLinksCookie(res, config, [token, ...readCredentials(req, config).links]);
}

/** The document of the address, as its reader may see it. @throws NotFound */
export async function findPage({ db, req, actor }: RequestContext): Promise<DocumentPage> {
  const [rows] = await read(db.pool, actor, documentPage(actor, String(req.params['key'])));
  if (!rows[0]) throw new NotFound();
  return rows[0];
}

/** After a message: who gets it by email. */
function commentToast({ req, actor }: RequestContext, { composer }: DocumentShow): string | undefined {
  const { t } = i18nOf(actor);
  if (req.query['done'] === 'said' && composer) return `${t('Sent.')} ${composer.readers}`;
  if (req.query['done'] === 'noted' && composer) return `${t('Noted.')} ${composer.internal_readers}`;
  return undefined;
}

/** The toast of the next page, by action. */
const DONE: Record<string, string> = {
  comment: 'said',
  send: 'sent',
  revise: 'sent',
  forward: 'forwarded',
  record_payment: 'recorded',
  void: 'voided',
  write_off: 'dropped',
};

function nextPage({ membership, req }: RequestContext, action: string, result: ActResult): string {
  const { redirect, document_id, number } = result;
  if (redirect?.startsWith('/')) return redirect;
  const done = action === 'comment' && req.body?.audience === 'internal' ? 'noted' : (DONE[action] ?? 'done');
  return `/${membership.slug}/documents/${redirect ?? keyOf({ id: document_id, number })}?done=${done}`;
}

/** The form of an action that could not be done, to be shown again. */
export function formState(
  error: Invalid | Conflict,
  action: string,
  input: Record<string, unknown>,
  t: Translate,
): FormState {
  const errors = translated(error instanceof Invalid ? error.fields : { form: error.message }, t);
  return { action, input, errors, changes: error instanceof Stale ? error.changes : null };
}
