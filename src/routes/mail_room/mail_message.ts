import { Router } from 'express';
import type { Database } from '../../db/database.js';
import { isId } from '../../db/ids.js';
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
import { mailRoomMessage, type MailRoomMessage, sameMessage } from '../../inbound/mail_room/messages.js';
import { postMail } from '../../inbound/mail_room/posting.js';
import { DISPLAY_CSP } from '../../inbound/reading/display/display.js';
import { MailRefused } from '../../inbound/reading/limits.js';
import { previewMail } from '../../inbound/reading/worker/read_mail.js';
import type { MailPreview } from '../../inbound/reading/display/message_preview.js';
import { submittedText } from '../../people/form_values.js';
import { translated } from '../shared/form.js';
import { staff } from '../shared/guard.js';
import { type ReturnTo, proofView, roomActions, mailRowView, withoutReplyKeys } from './mail_room_view.js';
import { contextPage, type RequestContext, withContext, translatorOf } from '../shared/request_context.js';

const ONE = '/:organization/mail-room/:id';

/** One message of the mail room: what it says, who speaks, what was decided and why, and what can be done with it. */
export function mailMessage(db: Database, storage: Storage): Router {
  const router = Router();
  const ctx = withContext(db);
  router.get(
    ONE,
    ctx(staff, (at) => show(at)),
  );
  router.get(`${ONE}/preview`, ctx(staff, preview));
  router.get(`${ONE}/original`, ctx(staff, original));
  for (const [name, work] of Object.entries(deeds(storage)))
    router.post(
      `${ONE}/${name}`,
      ctx(staff, (at) => decide(at, name, work)),
    );
  return router;
}

type Deed = (ctx: RequestContext, id: string, typed: Record<string, string>) => Promise<string>;

/** What can be done with a message; each says where one goes on. */
const deeds = (storage: Storage): Record<string, Deed> => ({
  place: async ({ db, actor, membership }, id, { number = '', as }) => {
    const key = await postMail(db.knex, storage, actor, id, { number, as: as === 'sender' ? 'sender' : 'note' });
    return `/${membership.slug}/documents/${key}?done=placed`;
  },
  assign: async ({ db, actor, membership }, id, { partner = '' }) => {
    await assignMail(db.knex, actor, id, partner);
    return `/${membership.slug}/mail-room?done=filed`;
  },
  contact: async (ctx, id, { name = '', partner = '' }) => {
    await addSender(ctx.db.knex, ctx.actor, id, { name, partner });
    return `${pathOf(ctx)}?done=added`;
  },
  address: async (ctx, id) => {
    await addAddress(ctx.db.knex, ctx.actor, id);
    return `${pathOf(ctx)}?done=anew`;
  },
  replay: async (ctx, id) => {
    await replayMail(ctx.db.knex, ctx.actor, id);
    return `${pathOf(ctx)}?done=anew`;
  },
  refuse: async ({ db, actor, membership }, id, { reason = '' }) => {
    const told = await refuseMail(db.knex, actor, id, reason);
    return `/${membership.slug}/mail-room?done=${told ? 'refused' : 'aside'}`;
  },
  'set-aside': async ({ db, actor, membership }, id) => {
    await dismissMail(db.knex, actor, id);
    return `/${membership.slug}/mail-room?done=aside`;
  },
});

const idOf = ({ req }: RequestContext) => String(req.params['id']);
const pathOf = (ctx: RequestContext) => `/${ctx.membership.slug}/mail-room/${idOf(ctx)}`;

async function decide(ctx: RequestContext, action: string, work: Deed) {
  const values = submittedText(ctx.req.body);
  try {
    ctx.res.redirect(303, await work(ctx, idOf(ctx), values));
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
    ctx.res.status(422);
    await show(ctx, { action, values, errors: translated(error.fields, translatorOf(ctx)) });
  }
}

async function show(ctx: RequestContext, back: ReturnTo | null = null) {
  const { db, actor, membership } = ctx;
  const id = idOf(ctx);
  if (!isId(id)) throw new NotFound();
  const [[mail], same] = await read(db.pool, actor, mailRoomMessage(actor, id), sameMessage(actor, id));
  if (!mail) throw new NotFound();
  const t = translatorOf(ctx);
  const room = `/${membership.slug}/mail-room`;
  const looked = await look(ctx, id);
  const document = mail.document_id && {
    name: [mail.number, mail.document_title].filter(Boolean).join(' · ') || t('Draft'),
    url: `/${membership.slug}/documents/${mail.number ?? mail.document_id}`,
  };
  ctx.res.send(
    contextPage(ctx, 'mail_room/mail_message', mail.subject || t('(no subject)'), {
      mail: {
        ...mailRowView(mail, room, t),
        text: mail.audience === 'partner' ? t('Internal to the other side: only they may read it.') : mail.preview,
        recipient: withoutReplyKeys(mail.recipient),
        decided_by: mail.decided_by,
      },
      proof: proofView(mail, t),
      document,
      partner: mail.partner && { name: mail.partner, url: `/${membership.slug}/partners/${mail.partner_id}` },
      same: same.map((one) => ({
        ...one,
        recipient: withoutReplyKeys(one.recipient),
        href: `${room}/${one.id}`,
        reason: t(one.reason),
      })),
      back: { href: room, label: `← ${t('Mail room')}` },
      preview_url: `${room}/${id}/preview`,
      original_url: looked ? `${room}/${id}/original` : null,
      looked: looked && lookedView(looked),
      gone: goneOf(mail, t),
      actions: roomActions(mail, `${room}/${id}`, t, back),
    }),
  );
}

const lookedView = ({ attachments, headers, ...looked }: MailPreview) => ({
  ...looked,
  headers: headers.map(({ name, value }) => ({ name, value: withoutReplyKeys(value) })),
  attachments: attachments.map((file) => ({ ...file, name: file.filename, url: null })),
});

const goneOf = ({ kept, audience }: MailRoomMessage, t: (words: string) => string) =>
  kept || audience === 'partner'
    ? null
    : t('Its time is over: the original is not kept any more. What was posted of it stays.');

const NOTHING: MailPreview = {
  html: '',
  text: '',
  blocked_images: 0,
  attachments: [],
  headers: [],
  event: null,
  notices: [],
};

/** The message as it can be shown; null once its bytes are gone. What can't be read can still be downloaded. */
async function look({ db, actor }: RequestContext, id: string): Promise<MailPreview | null> {
  const raw = await originalMail(db.knex, actor, id);
  if (!raw) return null;
  return previewMail(raw).catch((error: unknown) => {
    if (!(error instanceof MailRefused)) throw error;
    return { ...NOTHING, notices: [error.message] };
  });
}

/** The message alone: it stands in a frame of ours, and may load and run nothing. */
async function preview(ctx: RequestContext) {
  const looked = await look(ctx, idOf(ctx));
  if (!looked) throw new NotFound();
  const policy = `sandbox allow-popups allow-popups-to-escape-sandbox; ${DISPLAY_CSP}; frame-ancestors 'self'`;
  ctx.res.set({ 'Content-Security-Policy': policy, 'X-Frame-Options': 'SAMEORIGIN' }).send(looked.html);
}

async function original(ctx: RequestContext) {
  const { db, res, actor } = ctx;
  const raw = await originalMail(db.knex, actor, idOf(ctx));
  if (!raw) throw new NotFound();
  const disposition = 'attachment; filename="original.eml"';
  res
    .set({ 'Content-Type': 'message/rfc822', 'Content-Disposition': disposition, 'X-Content-Type-Options': 'nosniff' })
    .send(raw);
}
