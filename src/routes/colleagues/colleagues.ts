import { Router } from 'express';
import type { Database } from '../../db/database.js';
import { read } from '../../db/scope.js';
import { NotAllowed, NotFound } from '../../errors.js';
import { shownAddress } from '../../input/email_address.js';
import type { Badge } from '../../pages/views/components.js';
import { defineView } from '../../pages/views/render.js';
import { changeAccess } from '../../people/invitations/access.js';
import { inviteContact, withdrawInvitation } from '../../people/invitations/contact_invitations.js';
import { removeContact } from '../../people/partner.js';
import { contactRoleLabel } from '../../subjects/contact_roles.js';
import { isOffered } from '../../subjects/may.js';
import { modulesOf } from '../../subjects/modules.js';
import { once, submitOnce } from '../acts/once.js';
import { verified } from '../shared/guard.js';
import { i18nOf } from '../shared/layout.js';
import { pathId } from '../shared/params.js';
import { contextPage, type RequestContext, translatorOf, withContext } from '../shared/request_context.js';
import { readAccess } from './access_view.js';
import { colleaguePage, newColleague } from './colleague_forms.js';
import { contactAccess, contactState } from './contact_queries.js';
import { portalSettings } from '../../people/invitations/portal_modules.js';

/** The contacts of one's own company. */
interface ColleaguesInput {
  partner: string;
  people: {
    name: string;
    title: string;
    email: string;
    role: string;
    uses: string;
    state: Badge;
    /** Null where the reader can't change anything. */
    href: string | null;
  }[];
  invite_url: string | null;
}

export const colleaguesView = defineView<ColleaguesInput>('colleagues/list');

const ALL = '/:organization/colleagues';

/** A partner's contacts among themselves: all see who they are, managers invite, change and remove. */
export function colleagues(db: Database, secret: string): Router {
  const router = Router();
  const handle = withContext(db);
  const own = (handler: (ctx: RequestContext) => unknown) => handle(verified, (ctx) => handler(requirePartner(ctx)));
  router.get(ALL, own(list));
  router.use(newColleague(db, secret, requirePartner));
  router.get(
    `${ALL}/:person`,
    own(async (ctx) => ctx.res.send(await colleaguePage(ctx, {}))),
  );
  router.post(`${ALL}/:person`, own(save));
  router.post(
    `${ALL}/:person/invite`,
    own((ctx) =>
      done(ctx, 'invited', ({ db }) =>
        inviteContact(db.knex, secret, ctx.actor, ...personIn(ctx), { access: null, message: null }),
      ),
    ),
  );
  router.post(
    `${ALL}/:person/withdraw`,
    own((ctx) => done(ctx, 'taken_back', ({ db }) => withdrawInvitation(db.knex, ctx.actor, ...personIn(ctx)))),
  );
  router.post(
    `${ALL}/:person/remove`,
    own((ctx) => done(ctx, 'done', ({ db }) => removeContact(db.knex, ctx.actor, ...personIn(ctx)))),
  );
  return router;
}

/** Staff have no colleagues here, and guests don't learn of others. @throws NotFound */
function requirePartner(ctx: RequestContext): RequestContext {
  if (ctx.actor.side !== 'partner') throw new NotFound();
  if (ctx.actor.guest)
    throw new NotAllowed('This is not yours to do.', { ask: { whom: 'contacts', subject_id: null } });
  return ctx;
}

const personIn = ({ req, actor }: RequestContext) => [String(actor.partner_id), pathId(req, 'person')] as const;

async function done(ctx: RequestContext, toast: string, act: (ctx: RequestContext) => Promise<void>) {
  const work = async (within: RequestContext) => {
    await act(within);
    return `/${ctx.membership.slug}/colleagues?done=${toast}`;
  };
  ctx.res.redirect(303, await once(ctx, work));
}

function save(ctx: RequestContext) {
  const { req, actor, membership } = ctx;
  const work = async ({ db }: RequestContext) => {
    await changeAccess(db.knex, actor, ...personIn(ctx), readAccess(req.body));
    return `/${membership.slug}/colleagues?done=saved`;
  };
  return submitOnce(ctx, work, (errors) => colleaguePage(ctx, errors));
}

async function list(ctx: RequestContext) {
  const { db, actor, membership, res } = ctx;
  const t = translatorOf(ctx);
  const i18n = i18nOf(actor);
  const queries = [contactAccess(actor, actor.partner_id), portalSettings(actor)] as const;
  const [found, [settings]] = await read(db.pool, actor, ...queries);
  const url = `/${membership.slug}/colleagues`;
  const manages = isOffered(actor, { permits: 'inviting' });
  const all = modulesOf(membership, settings?.modules ?? null);
  const people = found.filter(({ guest }) => !guest);
  res.send(
    contextPage(ctx, colleaguesView, t('Colleagues'), {
      partner: membership.partner ?? '',
      invite_url: manages ? `${url}/new` : null,
      people: people.map((one) => {
        const { state_label, tone } = contactState(one, i18n);
        const used = all.filter(({ name }) => !one.modules || one.modules.includes(name));
        return {
          name: one.name,
          title: one.title,
          email: shownAddress(one.email),
          role: t(contactRoleLabel(one.role)),
          uses: used.length === all.length ? t('Everything') : i18n.format.list(used.map(({ label }) => t(label))),
          state: { label: state_label, tone },
          href: manages && one.id !== actor.person_id ? `${url}/${one.id}` : null,
        };
      }),
    }),
  );
}
