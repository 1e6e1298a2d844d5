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
import { findDraft, inputOf } from './draft_request.js';
import { sheetView } from './draft_view.js';
import { tongueOf } from '../shared/layout.js';
import { members, staff } from '../shared/guard.js';
import { letterOf, recipientsOf } from './preview_email.js';
import { pageOf, type Visit, visits, wordsOf } from '../shared/request_context.js';

/** A draft as its partner will see it, the email that will bring it, and the button that sends it. */
export function preview(db: Database, printer: Printer): Router {
  const router = Router();
  const visit = visits(db);
  router.get('/:organization/documents/:key/preview', visit(staff, look));
  router.get('/:organization/documents/:key/preview/email', visit(staff, email));
  router.get(
    '/:organization/documents/:key/preview/pdf',
    visit(staff, (at) => pdf(at, printer)),
  );
  router.post('/:organization/documents/:key/send', (req: Request, res: Response, next: NextFunction) =>
    visit(members, (at) => send(at, next))(req, res, next),
  );
  return router;
}

const maySend = (page: DraftPage, { actor }: Visit) => 'send' in actionsFor(page, actor, today(actor));

async function look(visit: Visit) {
  const page = await findDraft(visit);
  if (!maySend(page, visit)) return visit.res.redirect(303, `/${visit.membership.slug}/documents/${keyOf(page)}`);
  return show(visit, page);
}

/** The email alone: it stands in a frame of ours, with its styles inside it, and may load and run nothing. */
async function email(visit: Visit) {
  const page = await findDraft(visit);
  const policy = `sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'`;
  visit.res.set({ 'Content-Security-Policy': policy, 'X-Frame-Options': 'SAMEORIGIN' });
  visit.res.send(renderEvent(letterOf(page, visit), '#').html);
}

/** The PDF that would be attached. It has no number yet, and says that it is a draft. */
async function pdf(visit: Visit, printer: Printer) {
  const page = await findDraft(visit);
  const { reader } = letterOf(page, visit);
  const content = await printSnapshot(printer, contentOf(page), visit.membership.accent, reader.locale);
  visit.res.set(downloadHeaders({ name: 'Draft.pdf', content_type: 'application/pdf' })).send(content);
}

/**
 * Sends it. What can't be sent yet comes back as the preview; what can't be sent at all is left to the document's own
 * page.
 */
async function send(visit: Visit, leave: () => void) {
  const { db, res, actor, membership } = visit;
  const page = await findDraft(visit);
  if (!maySend(page, visit)) return leave();
  const input = inputOf(visit);
  try {
    const { number } = await act(db.knex, actor, page.id, 'send', input);
    return res.redirect(303, `/${membership.slug}/documents/${number}?done=sent`);
  } catch (error) {
    if (!(error instanceof Invalid || error instanceof Conflict)) throw error;
    const now = await findDraft(visit);
    if (!maySend(now, visit)) return leave();
    res.status(error.status);
    return show(visit, now, one(input, 'message'), wordsOf(visit)(error.message));
  }
}

function show(visit: Visit, page: DraftPage, message = '', error: string | null = null) {
  const { res, membership } = visit;
  const url = `/${membership.slug}/documents/${keyOf(page)}`;
  const letter = letterOf(page, visit);
  const tongue = tongueOf(letter.reader);
  res.send(
    pageOf(visit, 'drafts/preview', wordsOf(visit)('Check it before it goes out'), {
      document: sheetView(page, tongue),
      tongue: { ...tongue, lang: letter.reader.locale },
      email_subject: renderEvent(letter, '#').subject,
      email_url: `${url}/preview/email`,
      pdf_url: `${url}/preview/pdf`,
      email_text: renderEvent(letter, '#').text,
      recipients: recipientsOf(page).map(({ name, email }) => ({ name, email })),
      send_url: `${url}/send`,
      edit_url: `${url}/edit`,
      seen: page.sha256,
      message,
      error,
    }),
  );
}
