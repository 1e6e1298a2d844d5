import { Router } from 'express';
import { z } from 'zod';
import type { Database } from '../../db/database.js';
import { read } from '../../db/scope.js';
import { Invalid, NotFound } from '../../errors.js';
import type { Storage } from '../../files/storage.js';
import { originalMail } from '../../inbound/mail_room/decided.js';
import {
  addAddress,
  addSender,
  assignMail,
  dismissMail,
  refuseMail,
  replayMail,
} from '../../inbound/mail_room/filing.js';
import { mailRoomMessage, sameMessage } from '../../inbound/mail_room/messages.js';
import { postMail } from '../../inbound/mail_room/posting.js';
import { DISPLAY_CSP } from '../../inbound/reading/display/display.js';
import type { MailPreview } from '../../inbound/reading/display/message_preview.js';
import { MailRefused } from '../../inbound/reading/limits.js';
import { maskFile } from '../../inbound/reading/attachments/masked_file.js';
import { previewMail } from '../../inbound/reading/worker/read_mail.js';
import { readForm, submittedText } from '../../people/form_values.js';
import { isOffered } from '../../subjects/may.js';
import { subjectUrl } from '../../subjects/subject_url.js';
import { once } from '../acts/once.js';
import { translated } from '../shared/form.js';
import { keepsPartners, staff } from '../shared/guard.js';
import { pathId } from '../shared/params.js';
import { contextPage, type RequestContext, translatorOf, withContext } from '../shared/request_context.js';
import type { MailFormState } from './mail_actions_view.js';
import { mailMessagePage, mailMessageView, type OpenedMessage } from './mail_message_view.js';

const ONE = '/:organization/mail-room/:id';

/** One message of the mail room: its text, its sender, what was decided and why, and what can be done with it. */
export function mailMessage(db: Database, storage: Storage): Router {
  const router = Router();
  const handle = withContext(db);
  router.get(
    ONE,
    handle(staff, (ctx) => show(ctx)),
  );
  router.get(`${ONE}/preview`, handle(staff, sendPreview));
  router.get(`${ONE}/original`, handle(staff, sendOriginal));
  for (const [name, work] of Object.entries(actionsWith(storage)))
    router.post(
      `${ONE}/${name}`,
      handle(keepsPartners, (ctx) => perform(ctx, name, work)),
    );
  return router;
}

const typed = z.string().default('');
const PlaceForm = z.object({ number: typed, as: z.literal('sender').or(z.literal('note')).catch('note') });
const PartnerForm = z.object({ partner: typed });
const ContactForm = z.object({ name: typed, partner: typed });
const ReasonForm = z.object({ reason: typed });

/** Does something with the message and returns the address of the next page. */
type Work = (ctx: RequestContext, id: string) => Promise<string>;

/** What can be done with a message, by the last part of its address. */
const actionsWith = (storage: Storage): Record<string, Work> => ({
  place: async ({ db, req, actor, membership }, id) => {
    const subject = await postMail(db.knex, storage, actor, id, readForm(PlaceForm, req.body));
    return `${subjectUrl(membership.slug, subject)}?done=placed`;
  },
  assign: async ({ db, req, actor, membership }, id) => {
    await assignMail(db.knex, actor, id, readForm(PartnerForm, req.body).partner);
    return `/${membership.slug}/mail-room?done=filed`;
  },
  contact: async (ctx, id) => {
    await addSender(ctx.db.knex, ctx.actor, id, readForm(ContactForm, ctx.req.body));
    return `${urlOf(ctx)}?done=added`;
  },
  address: async (ctx, id) => {
    await addAddress(ctx.db.knex, ctx.actor, id);
    return `${urlOf(ctx)}?done=anew`;
  },
  replay: async (ctx, id) => {
    await replayMail(ctx.db.knex, ctx.actor, id);
    return `${urlOf(ctx)}?done=anew`;
  },
  refuse: async ({ db, req, actor, membership }, id) => {
    const notified = await refuseMail(db.knex, actor, id, readForm(ReasonForm, req.body).reason);
    return `/${membership.slug}/mail-room?done=${notified ? 'refused' : 'aside'}`;
  },
  'set-aside': async ({ db, actor, membership }, id) => {
    await dismissMail(db.knex, actor, id);
    return `/${membership.slug}/mail-room?done=aside`;
  },
});

const idIn = ({ req }: RequestContext) => String(req.params['id']);
const urlOf = (ctx: RequestContext) => `/${ctx.membership.slug}/mail-room/${idIn(ctx)}`;

async function perform(ctx: RequestContext, action: string, work: Work) {
  try {
    ctx.res.redirect(303, await once(ctx, (ctx) => work(ctx, idIn(ctx))));
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
    ctx.res.status(422);
    const errors = translated(error.fields, translatorOf(ctx), error.values);
    await show(ctx, { action, values: submittedText(ctx.req.body), errors });
  }
}

async function show(ctx: RequestContext, form: MailFormState | null = null) {
  const t = translatorOf(ctx);
  const opened = await findMessage(ctx);
  const shown = mailMessageView(opened, ctx.membership.slug, t, form);
  const input = isOffered(ctx.actor, 'partners') ? shown : { ...shown, actions: [] };
  ctx.res.send(contextPage(ctx, mailMessagePage, opened.mail.subject || t('(no subject)'), input));
}

/** The message of the address. @throws NotFound */
async function findMessage(ctx: RequestContext): Promise<OpenedMessage> {
  const { db, actor } = ctx;
  const id = pathId(ctx.req, 'id');
  const [[mail], same] = await read(db.pool, actor, mailRoomMessage(actor, id), sameMessage(actor, id));
  if (!mail) throw new NotFound();
  return { mail, same, original: await readOriginal(ctx) };
}

const EMPTY: MailPreview = {
  html: '',
  text: '',
  blocked_images: 0,
  attachments: [],
  headers: [],
  event: null,
  notices: [],
};

/** The original for display; null once it was deleted. One that can't be read can still be downloaded. */
async function readOriginal(ctx: RequestContext): Promise<MailPreview | null> {
  const raw = await originalMail(ctx.db.knex, ctx.actor, idIn(ctx));
  if (!raw) return null;
  return previewMail(raw).catch((error: unknown) => {
    if (!(error instanceof MailRefused)) throw error;
    return { ...EMPTY, notices: [error.message] };
  });
}

/** The message alone, for a frame on its page: it may load and run nothing. */
async function sendPreview(ctx: RequestContext) {
  const original = await readOriginal(ctx);
  if (!original) throw new NotFound();
  const policy = `sandbox allow-popups allow-popups-to-escape-sandbox; ${DISPLAY_CSP}; frame-ancestors 'self'`;
  ctx.res.set({ 'Content-Security-Policy': policy, 'X-Frame-Options': 'SAMEORIGIN' });
  ctx.res.send(original.html);
}

async function sendOriginal(ctx: RequestContext) {
  const { db, res, actor } = ctx;
  const raw = await originalMail(db.knex, actor, idIn(ctx));
  if (!raw) throw new NotFound();
  const disposition = 'attachment; filename="original.eml"';
  res
    .set({ 'Content-Type': 'message/rfc822', 'Content-Disposition': disposition, 'X-Content-Type-Options': 'nosniff' })
    .send(maskFile(raw));
}
