import { Router } from 'express';
import { markRead } from '../../activity/notify.js';
import type { Config } from '../../config.js';
import type { Database } from '../../db/database.js';
import { isId } from '../../db/ids.js';
import { read } from '../../db/scope.js';
import { act, type ActResult, today } from '../../documents/act.js';
import { chosenLineIds, withChosenOptions } from '../../documents/content/chosen_lines.js';
import { withTotals } from '../../documents/content/content.js';
import { Stale } from '../../documents/acting/stale.js';
import { keyOf } from '../../documents/content/document.js';
import { requirePermitted } from '../../documents/acting/lifecycle.js';
import { type DocumentPage, documentPage } from '../../documents/queries/page.js';
import { Conflict, Invalid, NotFound } from '../../errors.js';
import type { Storage } from '../../files/storage.js';
import { parseDrawing } from '../../signing/signature.js';
import { linkToDraft } from '../../mail/links/issue_keys.js';
import { setLinksCookie, readCredentials } from '../shared/cookies.js';
import { storedFiles } from '../drafts/draft_request.js';
import { documentView } from './document_view.js';
import type { FormState } from './form_return.js';
import { i18nOf } from '../shared/layout.js';
import { members, membersOnly } from '../shared/guard.js';
import { uploads } from '../shared/uploads.js';
import { contextPage, type RequestContext, withContext } from '../shared/request_context.js';

const ONE = '/:organization/documents/:key';

/** A document's page, and every act on it. */
export function documents(db: Database, config: Config, storage: Storage): Router {
  const router = Router();
  const ctx = withContext(db);
  router.get(
    ONE,
    ctx(members, (ctx) => showDocument(ctx)),
  );
  router.post(`${ONE}/view`, ctx(members, view));
  router.post(
    `${ONE}/:action`,
    membersOnly,
    uploads(config),
    ctx(members, (ctx) => perform(ctx, config, storage)),
  );
  return router;
}

/** The page; with what a form brought back, its fields keep what was typed, and after a 409 it says what changed. */
export async function showDocument(ctx: RequestContext, returned: FormState | null = null) {
  const { actor, membership, res } = ctx;
  const document = await findPage(ctx);
  const shown = documentView(chosen(document, ctx), actor, membership.slug, i18nOf(actor), returned, openedBy(ctx));
  // What no open form can say beside a field is said at the top.
  const unsaid = returned && !returned.changes && !shown.actions.some(({ open }) => open);
  const title = [shown.document.type_label, document.number].filter(Boolean).join(' ');
  res.send(
    contextPage(ctx, 'documents/show', title, shown, {
      notice: unsaid ? returned.errors['form'] : undefined,
      toast: saidOf(ctx, shown),
    }),
  );
}

/** The form that the address opens: after the code that it needed. */
const openedBy = ({ req }: RequestContext) => (typeof req.query['open'] === 'string' ? req.query['open'] : null);

/** With the options that the address ticks: how a browser without scripts sees their total. Nothing is kept. */
function chosen(page: DocumentPage, { req }: RequestContext): DocumentPage {
  if (!page.snapshot || typeof req.query['choices'] !== 'string') return page;
  const picked = chosenLineIds(req.query);
  const { lines, ...content } = page.snapshot;
  return {
    ...page,
    snapshot: { ...page.snapshot, ...withTotals({ ...content, lines: withChosenOptions(lines, picked) }) },
  };
}

/** A person, not a link scanner, has looked: script says so after a scroll, a key or a pointer. */
async function view(ctx: RequestContext) {
  const { db, actor, res } = ctx;
  const { id } = await findPage(ctx);
  await markRead(db.knex, actor, id);
  if (actor.side === 'partner') await act(db.knex, actor, id, 'view');
  res.sendStatus(204);
}

async function perform(ctx: RequestContext, config: Config, storage: Storage) {
  const { db, req, res, actor } = ctx;
  const action = String(req.params['action']);
  const input: Record<string, unknown> = { ...req.body };
  try {
    const document = await findPage(ctx);
    requirePermitted(document, actor, action, today(actor));
    const files = await storedFiles(ctx, storage);
    const drawn = parseDrawing(input);
    const drawing = drawn ? { drawing: await storage.put(drawn, 'signature.png', 'image/png') } : {};
    const browser = { remote_ip: req.ip ?? '', user_agent: (req.get('User-Agent') ?? '').slice(0, 500) };
    const done = await act(db.knex, actor, document.id, action, input, { files, browser, ...drawing });
    await keepMade(ctx, config, done);
    res.redirect(303, nextPage(ctx, action, done));
  } catch (error) {
    if (!(error instanceof Invalid || error instanceof Conflict)) throw error;
    res.status(error.status);
    await showDocument(ctx, returnedBy(error, action, input));
  }
}

/** What somebody made who came by a link alone opens for them, too. */
async function keepMade({ db, req, res, actor }: RequestContext, config: Config, { redirect }: ActResult) {
  const token = redirect && isId(redirect) ? await linkToDraft(db.knex, actor, redirect) : null;
  if (token) setLinksCookie(res, config, [token, ...readCredentials(req, config).links]);
}

/** The document of the address, as its reader may see it. @throws NotFound */
export async function findPage({ db, req, actor }: RequestContext): Promise<DocumentPage> {
  const [rows] = await read(db.pool, actor, documentPage(actor, String(req.params['key'])));
  if (!rows[0]) throw new NotFound();
  return rows[0];
}

/** Who was told, after a message. */
function saidOf({ req, actor }: RequestContext, { composer }: ReturnType<typeof documentView>): string | undefined {
  const { t } = i18nOf(actor);
  if (req.query['done'] === 'said' && composer) return `${t('Sent.')} ${composer.readers}`;
  if (req.query['done'] === 'noted' && composer) return `${t('Noted.')} ${composer.internal_readers}`;
  return undefined;
}

const DONE: Record<string, string> = {
  comment: 'said',
  send: 'sent',
  revise: 'sent',
  forward: 'forwarded',
  record_payment: 'recorded',
  void: 'voided',
  write_off: 'dropped',
};

function nextPage(
  { membership, req }: RequestContext,
  action: string,
  { redirect, document_id, number }: ActResult,
): string {
  if (redirect?.startsWith('/')) return redirect;
  const done = action === 'comment' && req.body?.audience === 'internal' ? 'noted' : (DONE[action] ?? 'done');
  return `/${membership.slug}/documents/${redirect ?? keyOf({ id: document_id, number })}?done=${done}`;
}

function returnedBy(error: Invalid | Conflict, action: string, input: Record<string, unknown>): FormState {
  const errors = error instanceof Invalid ? error.fields : { form: error.message };
  return { action, input, errors, changes: error instanceof Stale ? error.changes : null };
}
