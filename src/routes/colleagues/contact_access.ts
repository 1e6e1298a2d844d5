import { Router } from 'express';
import type { Database } from '../../db/database.js';
import { read } from '../../db/scope.js';
import { NotFound } from '../../errors.js';
import { shownAddress } from '../../input/email_address.js';
import { changeAccess } from '../../people/invitations/access.js';
import { inviteContact, makeContact, withdrawInvitation } from '../../people/invitations/contact_invitations.js';
import { portalSettings } from '../../people/invitations/portal_modules.js';
import { requireMay } from '../../subjects/may.js';
import { once, submitOnce } from '../acts/once.js';
import type { Errors } from '../shared/form.js';
import { staff } from '../shared/guard.js';
import { i18nOf } from '../shared/layout.js';
import { pathId, textParam } from '../shared/params.js';
import { contextPage, type RequestContext, translatorOf, withContext } from '../shared/request_context.js';
import { accessView, chosenIn, moduleBoxes, readAccess, roleChoices } from './access_view.js';
import { type ContactAccess, contactAccess, contactState, isInvited, partnerKind } from './contact_queries.js';
import { inviteSeveral } from './invite_several.js';

const CONTACT = '/:organization/partners/:partner/contacts/:contact';

/** What a partner's contacts may use, for staff: their invitations, roles and modules. */
export function contactAccessPages(db: Database, secret: string): Router {
  const router = Router();
  const handle = withContext(db);
  router.get(
    `${CONTACT}/access`,
    handle(staff, async (ctx) => ctx.res.send(await accessPage(ctx, {}))),
  );
  router.post(`${CONTACT}/access`, handle(staff, save));
  router.post(
    `${CONTACT}/invite`,
    handle(staff, (ctx) =>
      done(ctx, 'invited', ({ db }) =>
        inviteContact(db.knex, secret, ctx.actor, ...contactIn(ctx), { access: null, message: null }),
      ),
    ),
  );
  router.post(
    `${CONTACT}/withdraw`,
    handle(staff, (ctx) =>
      done(ctx, 'taken_back', ({ db }) => withdrawInvitation(db.knex, ctx.actor, ...contactIn(ctx))),
    ),
  );
  router.post(
    `${CONTACT}/full`,
    handle(staff, (ctx) => done(ctx, 'saved', ({ db }) => makeContact(db.knex, ctx.actor, ...contactIn(ctx)))),
  );
  return router.use(inviteSeveral(db, secret));
}

const contactIn = ({ req }: RequestContext) => [pathId(req, 'partner'), pathId(req, 'contact')] as const;

const partnerUrl = ({ req, membership }: RequestContext) => `/${membership.slug}/partners/${pathId(req, 'partner')}`;

/** Does what one button asks for, and leads back to the partner. */
async function done(ctx: RequestContext, toast: string, act: (ctx: RequestContext) => Promise<void>) {
  const work = async (within: RequestContext) => {
    await act(within);
    return `${partnerUrl(ctx)}?done=${toast}`;
  };
  ctx.res.redirect(303, await once(ctx, work));
}

function save(ctx: RequestContext) {
  const { req, actor } = ctx;
  const work = async ({ db }: RequestContext) => {
    await changeAccess(db.knex, actor, ...contactIn(ctx), readAccess(req.body));
    return `${partnerUrl(ctx)}?done=saved`;
  };
  return submitOnce(ctx, work, (errors) => accessPage(ctx, errors));
}

async function accessPage(ctx: RequestContext, errors: Errors): Promise<string> {
  const { db, req, actor } = ctx;
  requireMay(actor, { permits: 'inviting' });
  const [partner_id, id] = contactIn(ctx);
  const [[partner], contacts, [settings]] = await read(
    db.pool,
    actor,
    partnerKind(actor, partner_id),
    contactAccess(actor, partner_id),
    portalSettings(actor),
  );
  const contact = contacts.find((one) => one.id === id);
  if (!partner || !contact) throw new NotFound();
  const t = translatorOf(ctx);
  const asked = textParam.parse(req.query['allow']);
  const has = (name: string) => !contact.modules || contact.modules.includes(name) || name === asked;
  const chosen = chosenIn(req.body, contact.role, has);
  const { state_label, tone } = contactState(contact, i18nOf(actor));
  const url = partnerUrl(ctx);
  return contextPage(ctx, accessView, contact.name, {
    title: contact.name,
    back: { href: url, label: `← ${partner.name}` },
    text: shownAddress(contact.email),
    badge: { label: state_label, tone, boxed: false },
    action: `${url}/contacts/${id}/access`,
    cancel: url,
    errors,
    person: null,
    contacts: [],
    role: chosen.role,
    roles: roleChoices(t),
    modules: moduleBoxes({ partner, shown: settings?.modules ?? null, own: null }, chosen.has, t),
    message: null,
    button: t('Save'),
    acts: actsFor(contact, `${url}/contacts/${id}`, ctx),
    danger: {
      action: `${url}/contacts/${id}/remove`,
      label: t('Take access away'),
      explains: t('Their links and reply addresses stop working at once. What they wrote stays.'),
    },
  });
}

function actsFor(contact: ContactAccess, url: string, ctx: RequestContext): { action: string; label: string }[] {
  const t = translatorOf(ctx);
  if (contact.guest) return [{ action: `${url}/full`, label: t('Make them a contact') }];
  if (contact.activated_at) return [];
  if (!isInvited(contact)) return [{ action: `${url}/invite`, label: t('Invite') }];
  return [
    { action: `${url}/invite`, label: t('Resend invitation') },
    { action: `${url}/withdraw`, label: t('Withdraw invitation') },
  ];
}
