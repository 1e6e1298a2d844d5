import { Router } from 'express';
import type { Database } from '../../db/database.js';
import { read } from '../../db/scope.js';
import { NotFound } from '../../errors.js';
import { submittedText } from '../../people/form_values.js';
import { changeAccess } from '../../people/invitations/access.js';
import { inviteContact, makeContact, withdrawInvitation } from '../../people/invitations/contact_invitations.js';
import { portalSettings } from '../../people/invitations/portal_modules.js';
import { requireMay } from '../../subjects/may.js';
import { once, submitOnce } from '../acts/once.js';
import type { Errors } from '../shared/form.js';
import { staff } from '../shared/guard.js';
import { pathId } from '../shared/params.js';
import { type RequestContext, withContext } from '../shared/request_context.js';
import { readAccess } from './access_view.js';
import { contactPage } from './contact_page.js';
import { contactAccess, partnerKind } from './contact_queries.js';
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
    handle(staff, (ctx) => done(ctx, 'saved', (within) => makeFull(within))),
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

/** With what was chosen beside the button. */
async function makeFull(ctx: RequestContext): Promise<void> {
  const { db, req, actor } = ctx;
  await makeContact(db.knex, actor, ...contactIn(ctx));
  if ('role' in submittedText(req.body)) await changeAccess(db.knex, actor, ...contactIn(ctx), readAccess(req.body));
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
  const { db, actor } = ctx;
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
  const url = partnerUrl(ctx);
  const own = `${url}/contacts/${id}`;
  return contactPage(
    ctx,
    contact,
    { partner, shown: settings?.modules ?? null, own: null },
    {
      back: { href: url, label: `← ${partner.name}` },
      url: own,
      action: `${own}/${contact.guest ? 'full' : 'access'}`,
    },
    errors,
  );
}
