import { Router } from 'express';
import type { Database } from '../../db/database.js';
import { today } from '../../pages/days.js';
import { actionsFor } from '../../acting/permitted.js';
import { versionDifferences } from '../../documents/content/differences.js';
import { keyOf } from '../../documents/content/document.js';
import { seenOf } from '../../documents/content/seen.js';
import type { Draft } from '../../documents/drafts/draft.js';
import { printSnapshot, type Printer } from '../../documents/queries/document_pdf.js';
import { contentOf } from '../../documents/queries/page.js';
import type { I18n } from '../../documents/queries/sheet.js';
import { NotFound } from '../../errors.js';
import { plainLocale } from '../../input/locale_tag.js';
import { downloadHeaders } from '../../files/file.js';
import { renderEvent } from '../../mail/messages/compose.js';
import type { Change, Sheet } from '../../pages/views/components.js';
import { defineView } from '../../pages/views/render.js';
import { showDocument } from '../documents/documents.js';
import { changesView } from '../documents/versions_view.js';
import { type Fields, one } from '../forms/field_values.js';
import type { ActionPage } from '../shared/form.js';
import { staff } from '../shared/guard.js';
import { i18nOf } from '../shared/layout.js';
import { contextPage, type RequestContext, translatorOf, withContext } from '../shared/request_context.js';
import type { DraftPage } from './draft_queries.js';
import { findDraft } from './draft_request.js';
import { draftSheet } from './draft_view.js';
import { emailPreview, recipientsOf } from './preview_email.js';

/** A draft as its partner will see it. */
interface PreviewInput {
  document: Sheet;
  /** The recipient's language, which the sheet is in. */
  i18n: I18n & { lang: string };
  email_subject: string;
  /** The email's HTML, for a frame; null for a revision, which is nowhere stored yet. */
  email_url: string | null;
  email_text: string;
  pdf_url: string | null;
  recipients: { name: string; email: string }[];
  send_url: string;
  edit_url: string;
  /** Of a revision: its form as it was typed, which goes on with the button; and what it changes. */
  revision: { fields: [name: string, value: string][]; changes: Change[] } | null;
  seen: string;
  /** As typed. */
  message: string;
  error: string | null;
}

export const previewView = defineView<PreviewInput>('drafts/preview');

/** A draft as its partner will see it, with the email that brings it and the button that sends it. */
export function preview(db: Database, printer: Printer): Router {
  const router = Router();
  const handle = withContext(db);
  const url = '/:organization/documents/:key';
  router.get(`${url}/preview`, handle(staff, showPreview));
  router.get(`${url}/preview/email`, handle(staff, showEmail));
  router.get(
    `${url}/preview/pdf`,
    handle(staff, (ctx) => sendPdf(ctx, printer)),
  );
  return router;
}

const maySend = (page: DraftPage, { actor }: RequestContext) => 'send' in actionsFor(page, actor, today(actor));

async function showPreview(ctx: RequestContext) {
  const page = await findDraft(ctx);
  if (!maySend(page, ctx)) return ctx.res.redirect(303, `/${ctx.membership.slug}/documents/${keyOf(page)}`);
  return render(ctx, page);
}

/** The email alone, for a frame on the preview: with its styles inside, allowed to load and run nothing. */
async function showEmail(ctx: RequestContext) {
  const page = await findDraft(ctx);
  const policy = `sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'`;
  ctx.res.set({ 'Content-Security-Policy': policy, 'X-Frame-Options': 'SAMEORIGIN' });
  ctx.res.send(renderEvent(emailPreview(page, ctx), '#').html);
}

/** The PDF that the email would carry. It has no number yet and says that it is a draft. */
async function sendPdf(ctx: RequestContext, printer: Printer) {
  const page = await findDraft(ctx);
  const { reader } = emailPreview(page, ctx);
  const content = await printSnapshot(printer, contentOf(page), ctx.membership.accent, reader.locale);
  ctx.res.set(downloadHeaders({ name: 'Draft.pdf', content_type: 'application/pdf' })).send(content);
}

/** A draft that can't be sent yet comes back on its preview. */
export const previewPage: ActionPage = {
  async show(ctx, form) {
    const page = await findDraft(ctx);
    if (!maySend(page, ctx)) return showDocument(ctx, form);
    return render(ctx, page, { message: one(form.input, 'message'), error: Object.values(form.errors)[0] ?? null });
  },
};

/** A revision, before it is sent, with its content and recipients as they were typed. */
interface Revision {
  /** The action that sends it. */
  action: string;
  draft: Draft;
  fields: Fields;
}

/** The preview of a new version, which is stored only when it is sent. */
export function previewRevision(ctx: RequestContext, page: DraftPage, { action, draft, fields }: Revision) {
  const before = page.snapshot;
  if (!before) throw new NotFound();
  const chosen = new Set(draft.recipient_ids ?? []);
  const known = new Set(page.participants.map(({ id }) => id));
  const joining = page.contacts.filter(({ id }) => chosen.has(id) && !known.has(id));
  const snapshot = { ...before, ...draft.content, version: page.version + 1 };
  const revised: DraftPage = {
    ...page,
    ...draft.content,
    snapshot,
    participants: [...page.participants.filter(({ id, partner_id }) => !partner_id || chosen.has(id)), ...joining],
  };
  const changes = versionDifferences(before, snapshot);
  return render(ctx, revised, {
    sending: { name: action, details: { changes } },
    message: one(fields, 'message'),
    revision: {
      fields: hiddenFields(fields),
      changes: changesView(changes, page.currency, i18nOf(ctx.actor)),
    },
  });
}

/** What the button needs of the form: all but what the preview itself asks for. */
const hiddenFields = (fields: Fields): [string, string][] =>
  Object.entries(fields)
    .filter(([name]) => !['message', 'preview', 'save', 'seen', 'add_line', 'remove_line'].includes(name))
    .flatMap(([name, values]) =>
      [values].flat().flatMap((value): [string, string][] => (typeof value === 'string' ? [[name, value]] : [])),
    );

interface Shown {
  sending?: { name: string; details?: Record<string, unknown> };
  message?: string;
  error?: string | null;
  revision?: PreviewInput['revision'];
}

function render(
  ctx: RequestContext,
  page: DraftPage,
  { sending = { name: 'send' }, message = '', error = null, revision = null }: Shown = {},
) {
  const { res, membership } = ctx;
  const url = `/${membership.slug}/documents/${keyOf(page)}`;
  const email = emailPreview(page, ctx, sending);
  const i18n = i18nOf(email.reader);
  const { subject, text } = renderEvent(email, '#');
  res.send(
    contextPage(ctx, previewView, translatorOf(ctx)('Check it before it goes out'), {
      document: draftSheet(page, i18n),
      i18n: { ...i18n, lang: plainLocale(email.reader.locale) },
      email_subject: subject,
      email_url: revision ? null : `${url}/preview/email`,
      email_text: text,
      pdf_url: revision ? null : `${url}/preview/pdf`,
      recipients: recipientsOf(page).map(({ name, email }) => ({ name, email })),
      send_url: `${url}/${sending.name}`,
      edit_url: `${url}/${revision ? 'rows' : 'edit'}`,
      revision,
      seen: revision ? one(ctx.req.body ?? {}, 'seen') : seenOf(page),
      message,
      error,
    }),
  );
}
