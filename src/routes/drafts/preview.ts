import { type NextFunction, type Request, type Response, Router } from 'express';
import type { Database } from '../../db/database.js';
import { act, today } from '../../documents/act.js';
import { keyOf } from '../../documents/content/document.js';
import { one } from '../../documents/content/field_values.js';
import type { DraftPage } from './draft_queries.js';
import { actionsFor } from '../../documents/acting/lifecycle.js';
import { Conflict, Invalid } from '../../errors.js';
import { printSnapshot, type Printer } from '../../documents/queries/document_pdf.js';
import { contentOf } from '../../documents/queries/page.js';
import { downloadHeaders } from '../../files/file.js';
import { renderEvent } from '../../mail/messages/compose.js';
import { findDraft, formInput } from './draft_request.js';
import { sheetView } from './draft_view.js';
import { i18nOf } from '../shared/layout.js';
import { members, staff } from '../shared/guard.js';
import { emailPreview, recipientsOf } from './preview_email.js';
import { contextPage, type RequestContext, withContext, translatorOf } from '../shared/request_context.js';

/** A draft as its partner will see it, the email that will bring it, and the button that sends it. */
export function preview(db: Database, printer: Printer): Router {
  const router = Router();
  const ctx = withContext(db);
  router.get('/:organization/documents/:key/preview', ctx(staff, look));
  router.get('/:organization/documents/:key/preview/email', ctx(staff, email));
  router.get(
    '/:organization/documents/:key/preview/pdf',
    ctx(staff, (at) => pdf(at, printer)),
  );
  router.post('/:organization/documents/:key/send', (req: Request, res: Response, next: NextFunction) =>
    ctx(members, (at) => send(at, next))(req, res, next),
  );
  return router;
}

const maySend = (page: DraftPage, { actor }: RequestContext) => 'send' in actionsFor(page, actor, today(actor));

async function look(ctx: RequestContext) {
  const page = await findDraft(ctx);
  if (!maySend(page, ctx)) return ctx.res.redirect(303, `/${ctx.membership.slug}/documents/${keyOf(page)}`);
  return show(ctx, page);
}

/** The email alone: it stands in a frame of ours, with its styles inside it, and may load and run nothing. */
async function email(ctx: RequestContext) {
  const page = await findDraft(ctx);
  const policy = `sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'`;
  ctx.res.set({ 'Content-Security-Policy': policy, 'X-Frame-Options': 'SAMEORIGIN' });
  ctx.res.send(renderEvent(emailPreview(page, ctx), '#').html);
}

/** The PDF that would be attached. It has no number yet, and says that it is a draft. */
async function pdf(ctx: RequestContext, printer: Printer) {
  const page = await findDraft(ctx);
  const { reader } = emailPreview(page, ctx);
  const content = await printSnapshot(printer, contentOf(page), ctx.membership.accent, reader.locale);
  ctx.res.set(downloadHeaders({ name: 'Draft.pdf', content_type: 'application/pdf' })).send(content);
}

/**
 * Sends it. What can't be sent yet comes back as the preview; what can't be sent at all is left to the document's own
 * page.
 */
async function send(ctx: RequestContext, leave: () => void) {
  const { db, res, actor, membership } = ctx;
  const page = await findDraft(ctx);
  if (!maySend(page, ctx)) return leave();
  const input = formInput(ctx);
  try {
    const { number } = await act(db.knex, actor, page.id, 'send', input);
    return res.redirect(303, `/${membership.slug}/documents/${number}?done=sent`);
  } catch (error) {
    if (!(error instanceof Invalid || error instanceof Conflict)) throw error;
    const now = await findDraft(ctx);
    if (!maySend(now, ctx)) return leave();
    res.status(error.status);
    return show(ctx, now, one(input, 'message'), translatorOf(ctx)(error.message));
  }
}

function show(ctx: RequestContext, page: DraftPage, message = '', error: string | null = null) {
  const { res, membership } = ctx;
  const url = `/${membership.slug}/documents/${keyOf(page)}`;
  const eventEmail = emailPreview(page, ctx);
  const i18n = i18nOf(eventEmail.reader);
  res.send(
    contextPage(ctx, 'drafts/preview', translatorOf(ctx)('Check it before it goes out'), {
      document: sheetView(page, i18n),
      i18n: { ...i18n, lang: eventEmail.reader.locale },
      email_subject: renderEvent(eventEmail, '#').subject,
      email_url: `${url}/preview/email`,
      pdf_url: `${url}/preview/pdf`,
      email_text: renderEvent(eventEmail, '#').text,
      recipients: recipientsOf(page).map(({ name, email }) => ({ name, email })),
      send_url: `${url}/send`,
      edit_url: `${url}/edit`,
      seen: page.sha256,
      message,
      error,
    }),
  );
}
