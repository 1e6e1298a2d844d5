import { Router } from 'express';
import { z } from 'zod';
import type { Database } from '../../db/database.js';
import { read } from '../../db/scope.js';
import { NotFound } from '../../errors.js';
import { shownAddress } from '../../input/email_address.js';
import { email, readForm, required, submittedText, text } from '../../people/form_values.js';
import { inviteColleague } from '../../people/invitations/contact_invitations.js';
import { portalSettings } from '../../people/invitations/portal_modules.js';
import { requireMay } from '../../subjects/may.js';
import { submitOnce } from '../acts/once.js';
import type { Errors } from '../shared/form.js';
import { verified } from '../shared/guard.js';
import { i18nOf } from '../shared/layout.js';
import { pathId, textParam } from '../shared/params.js';
import { contextPage, type RequestContext, translatorOf, withContext } from '../shared/request_context.js';
import { accessView, chosenIn, moduleBoxes, readAccess, roleChoices } from './access_view.js';
import { contactAccess, contactState, isInvited } from './contact_queries.js';

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
  const chosen = chosenIn(req.body, 'member', () => true);
  const url = `/${membership.slug}/colleagues`;
  const title = t('Invite a colleague');
  return contextPage(ctx, accessView, title, {
    title,
    back: { href: url, label: `← ${t('Colleagues')}` },
    text: t('They get an email with a link to set up their account. {{name}} is told, too.', {
      name: membership.organization,
    }),
    badge: null,
    action: url,
    cancel: url,
    errors,
    person: { name: typed['name'] ?? '', email: typed['email'] ?? '' },
    contacts: [],
    role: chosen.role,
    roles: roleChoices(t),
    modules: moduleBoxes(
      { partner: membership, shown: settings?.modules ?? null, own: membership.modules },
      chosen.has,
      t,
    ),
    message: typed['message'] ?? '',
    button: t('Send invitation'),
    acts: [],
    danger: null,
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
  const t = translatorOf(ctx);
  const asked = textParam.parse(req.query['allow']);
  const has = (name: string) => !colleague.modules || colleague.modules.includes(name) || name === asked;
  const chosen = chosenIn(req.body, colleague.role, has);
  const { state_label, tone } = contactState(colleague, i18nOf(actor));
  const all = `/${membership.slug}/colleagues`;
  const url = `${all}/${colleague.id}`;
  return contextPage(ctx, accessView, colleague.name, {
    title: colleague.name,
    back: { href: all, label: `← ${t('Colleagues')}` },
    text: shownAddress(colleague.email),
    badge: { label: state_label, tone, boxed: false },
    action: url,
    cancel: all,
    errors,
    person: null,
    contacts: [],
    role: chosen.role,
    roles: roleChoices(t),
    modules: moduleBoxes(
      { partner: membership, shown: settings?.modules ?? null, own: membership.modules },
      chosen.has,
      t,
    ),
    message: null,
    button: t('Save'),
    acts: colleague.activated_at
      ? []
      : isInvited(colleague)
        ? [
            { action: `${url}/invite`, label: t('Resend invitation') },
            { action: `${url}/withdraw`, label: t('Withdraw invitation') },
          ]
        : [{ action: `${url}/invite`, label: t('Invite') }],
    danger: {
      action: `${url}/remove`,
      label: t('Take access away'),
      explains: t('Their links and reply addresses stop working at once. What they wrote stays.'),
    },
  });
}
