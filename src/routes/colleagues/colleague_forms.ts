import { Router } from 'express';
import { z } from 'zod';
import type { Database } from '../../db/database.js';
import { read } from '../../db/scope.js';
import { NotFound } from '../../errors.js';
import { email, readForm, required, submittedText, text } from '../../people/form_values.js';
import { inviteColleague } from '../../people/invitations/contact_invitations.js';
import { portalSettings } from '../../people/invitations/portal_modules.js';
import { requireMay } from '../../subjects/may.js';
import { submitOnce } from '../acts/once.js';
import type { Errors } from '../shared/form.js';
import { verified } from '../shared/guard.js';
import { pathId } from '../shared/params.js';
import { contextPage, type RequestContext, translatorOf, withContext } from '../shared/request_context.js';
import { accessForm, accessView, readAccess } from './access_view.js';
import { contactPage } from './contact_page.js';
import { contactAccess } from './contact_queries.js';

/** A manager's form of a new colleague. `own`: lets only contacts through. */
export function newColleague(db: Database, secret: string, own: (ctx: RequestContext) => RequestContext): Router {
  const router = Router();
  const handle = withContext(db);
  router.get(
    '/:organization/colleagues/new',
    handle(verified, async (ctx) => ctx.res.send(await newPage(own(ctx), {}))),
  );
  router.post(
    '/:organization/colleagues',
    handle(verified, (ctx) => create(own(ctx), secret)),
  );
  return router;
}

const Colleague = z.object({ name: required(200), email, message: text(2000) });

function create(ctx: RequestContext, secret: string) {
  const { req, actor, membership } = ctx;
  requireMay(actor, { permits: 'inviting' });
  const work = async ({ db }: RequestContext) => {
    const { message, ...person } = readForm(Colleague, req.body);
    await inviteColleague(db.knex, secret, actor, person, { access: readAccess(req.body), message });
    return `/${membership.slug}/colleagues?done=invited`;
  };
  return submitOnce(ctx, work, (errors) => newPage(ctx, errors));
}

async function newPage(ctx: RequestContext, errors: Errors): Promise<string> {
  const { db, req, actor, membership } = ctx;
  requireMay(actor, { permits: 'inviting' });
  const [[settings]] = await read(db.pool, actor, portalSettings(actor));
  const t = translatorOf(ctx);
  const typed = submittedText(req.body);
  const given = { partner: membership, shown: settings?.modules ?? null, own: membership.modules };
  const url = `/${membership.slug}/colleagues`;
  const title = t('Invite a colleague');
  return contextPage(ctx, accessView, title, {
    ...accessForm(req.body, given, { role: 'member', has: () => true }, t),
    title,
    back: { href: url, label: `← ${t('Colleagues')}` },
    text: t('They get an email with a link to set up their account. {{name}} is told, too.', {
      name: membership.organization,
    }),
    action: url,
    cancel: url,
    errors,
    person: { name: typed['name'] ?? '', email: typed['email'] ?? '' },
    message: typed['message'] ?? '',
    button: t('Send invitation'),
  });
}

/** What a colleague may use, for a manager to change. */
export async function colleaguePage(ctx: RequestContext, errors: Errors): Promise<string> {
  const { db, req, actor, membership } = ctx;
  requireMay(actor, { permits: 'inviting' });
  const queries = [contactAccess(actor, actor.partner_id), portalSettings(actor)] as const;
  const [people, [settings]] = await read(db.pool, actor, ...queries);
  const colleague = people.find(({ id, guest }) => id === pathId(req, 'person') && !guest);
  if (!colleague || colleague.id === actor.person_id) throw new NotFound();
  const all = `/${membership.slug}/colleagues`;
  const url = `${all}/${colleague.id}`;
  const given = { partner: membership, shown: settings?.modules ?? null, own: membership.modules };
  const back = { href: all, label: `← ${translatorOf(ctx)('Colleagues')}` };
  return contactPage(ctx, colleague, given, { back, url, action: url }, errors);
}
