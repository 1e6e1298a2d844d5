import { Router } from 'express';
import { z } from 'zod';
import type { Database } from '../../db/database.js';
import { read } from '../../db/scope.js';
import { Invalid, NotFound } from '../../errors.js';
import { shownAddress } from '../../input/email_address.js';
import { readForm, submittedText, text } from '../../people/form_values.js';
import { inviteContact } from '../../people/invitations/contact_invitations.js';
import { portalSettings } from '../../people/invitations/portal_modules.js';
import { requireMay } from '../../subjects/may.js';
import { submitOnce } from '../acts/once.js';
import type { Errors } from '../shared/form.js';
import { staff } from '../shared/guard.js';
import { pathId, textParam } from '../shared/params.js';
import { contextPage, type RequestContext, translatorOf, withContext } from '../shared/request_context.js';
import { accessForm, accessView, readAccess } from './access_view.js';
import { type ContactAccess, contactAccess, partnerKind } from './contact_queries.js';

const PATH = '/:organization/partners/:partner/invite';

/** Invites contacts of a partner, one or several at once, all with the same role, modules and words. */
export function inviteSeveral(db: Database, secret: string): Router {
  const router = Router();
  const handle = withContext(db);
  router.get(
    PATH,
    handle(staff, async (ctx) => ctx.res.send(await formPage(ctx, {}))),
  );
  router.post(
    PATH,
    handle(staff, (ctx) => send(ctx, secret)),
  );
  return router;
}

const Message = z.object({ message: text(2000) });

function send(ctx: RequestContext, secret: string) {
  const { req, actor, membership } = ctx;
  const partner = pathId(req, 'partner');
  const work = async ({ db }: RequestContext) => {
    const access = readAccess(req.body);
    const { message } = readForm(Message, req.body);
    const chosen = Object.keys(submittedText(req.body)).flatMap(
      (name) => /^contact_([-\w]{36})$/.exec(name)?.[1] ?? [],
    );
    if (!chosen.length) throw new Invalid({ contacts: 'Choose at least one person.' });
    for (const id of chosen) await inviteContact(db.knex, secret, actor, partner, id, { access, message });
    return `/${membership.slug}/partners/${partner}?done=invited`;
  };
  return submitOnce(ctx, work, (errors) => formPage(ctx, errors));
}

async function formPage(ctx: RequestContext, errors: Errors): Promise<string> {
  const { db, req, actor, membership } = ctx;
  requireMay(actor, { permits: 'inviting' });
  const partner_id = pathId(req, 'partner');
  const [[partner], contacts, [settings]] = await read(
    db.pool,
    actor,
    partnerKind(actor, partner_id),
    contactAccess(actor, partner_id),
    portalSettings(actor),
  );
  if (!partner) throw new NotFound();
  const t = translatorOf(ctx);
  const typed = submittedText(req.body);
  const url = `/${membership.slug}/partners/${partner_id}`;
  const title = t('Invite to the portal');
  const given = { partner, shown: settings?.modules ?? null, own: null };
  return contextPage(ctx, accessView, title, {
    ...accessForm(req.body, given, { role: 'member', has: () => true }, t),
    title,
    back: { href: url, label: `← ${partner.name}` },
    text: t('They get an email with a link to set up their account. Documents reach them by email either way.'),
    action: `${url}/invite`,
    cancel: url,
    errors,
    contacts: invitable(contacts, ctx),
    message: typed['message'] ?? '',
    button: t('Send invitation'),
  });
}

/** Who can be invited; ticked are all, or the one of the address, or those that were chosen. */
function invitable(contacts: readonly ContactAccess[], { req }: RequestContext) {
  const typed = submittedText(req.body);
  const asked = textParam.parse(req.query['contact']);
  const isTicked = (id: string) => (typed['role'] === undefined ? !asked || asked === id : `contact_${id}` in typed);
  return contacts
    .filter(({ guest, activated_at }) => !guest && !activated_at)
    .map(({ id, name, email }) => ({ id, name, email: shownAddress(email), ticked: isTicked(id) }));
}
