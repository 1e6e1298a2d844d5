import { Router } from 'express';
import type { Database } from '../../db/database.js';
import type { ContactRow, PartnerRow } from './partner_queries.js';
import { NotFound } from '../../errors.js';
import { removeAddress } from '../../inbound/mail_room/filing.js';
import { submittedText } from '../../people/form_values.js';
import { parseContact } from '../../people/partner_form.js';
import { changeContact, newContact, removeContact } from '../../people/partner.js';
import { localeChoices, timeZoneChoices } from '../shared/select_options.js';
import { type Errors, submit } from '../shared/form.js';
import { staff } from '../shared/guard.js';
import { findPartner, idIn, organizationDefaults, typeParam } from './partner_request.js';
import { contextPage, type RequestContext, withContext, translatorOf } from '../shared/request_context.js';

const ALL = '/:organization/partners/:partner/contacts';

/** A partner's contacts: the people who get its documents. */
export function contacts(db: Database): Router {
  const router = Router();
  const ctx = withContext(db);
  router.get(`${ALL}/new`, ctx(staff, begin));
  router.post(ALL, ctx(staff, create));
  router.get(`${ALL}/:contact/edit`, ctx(staff, edit));
  router.post(`${ALL}/:contact`, ctx(staff, save));
  router.post(`${ALL}/:contact/remove`, ctx(staff, remove));
  router.post(`${ALL}/:contact/addresses/remove`, ctx(staff, dropAddress));
  return router;
}

async function begin(ctx: RequestContext) {
  const { partner } = await findPartner(ctx);
  const { time_zone } = await organizationDefaults(ctx);
  ctx.res.send(formPage(ctx, partner, null, { locale: partner.locale, time_zone }, {}));
}

async function create(ctx: RequestContext) {
  const { db, req, res, actor, membership } = ctx;
  const { partner } = await findPartner(ctx);
  const work = async () => {
    await newContact(db.knex, actor, partner.id, parseContact(req.body));
    const type = typeParam(req);
    return type
      ? `/${membership.slug}/${type}s/new?partner=${partner.id}`
      : `/${membership.slug}/partners/${partner.id}?done=saved`;
  };
  return submit(res, translatorOf(ctx), work, (errors) =>
    formPage(ctx, partner, null, submittedText(req.body), errors),
  );
}

async function edit(ctx: RequestContext) {
  const { partner, contact } = await findContact(ctx);
  const { name, email, title, locale, time_zone, guest } = contact;
  ctx.res.send(
    formPage(ctx, partner, contact, { name, email, title, locale, time_zone, guest: guest ? 'on' : '' }, {}),
  );
}

async function save(ctx: RequestContext) {
  const { db, req, res, actor, membership } = ctx;
  const { partner, contact } = await findContact(ctx);
  const work = async () => {
    await changeContact(db.knex, actor, partner.id, contact.id, parseContact(req.body));
    return `/${membership.slug}/partners/${partner.id}?done=saved`;
  };
  return submit(res, translatorOf(ctx), work, (errors) =>
    formPage(ctx, partner, contact, submittedText(req.body), errors),
  );
}

async function remove({ db, req, res, actor, membership }: RequestContext) {
  await removeContact(db.knex, actor, idIn(req, 'partner'), idIn(req, 'contact'));
  res.redirect(303, `/${membership.slug}/partners/${idIn(req, 'partner')}?done=done`);
}

/** What comes from that address is held for staff again. */
async function dropAddress({ db, req, res, actor, membership }: RequestContext) {
  const [partner, contact] = [idIn(req, 'partner'), idIn(req, 'contact')];
  await removeAddress(db.knex, actor, partner, contact, String(req.body?.email ?? ''));
  res.redirect(303, `/${membership.slug}/partners/${partner}/contacts/${contact}/edit?done=done`);
}

async function findContact(ctx: RequestContext): Promise<{ partner: PartnerRow; contact: ContactRow }> {
  const { partner, contacts } = await findPartner(ctx);
  const contact = contacts.find(({ id }) => id === idIn(ctx.req, 'contact'));
  if (!contact) throw new NotFound();
  return { partner, contact };
}

function formPage(
  ctx: RequestContext,
  partner: PartnerRow,
  contact: ContactRow | null,
  values: Record<string, string>,
  errors: Errors,
): string {
  const t = translatorOf(ctx);
  const url = `/${ctx.membership.slug}/partners/${partner.id}`;
  const title = contact ? t('Edit contact') : t('New contact of {{name}}', { name: partner.name });
  const type = typeParam(ctx.req);
  const explains = t('Their links and reply addresses stop working at once. What they wrote stays.');
  return contextPage(ctx, 'partners/contact_form', title, {
    title,
    values,
    errors,
    action: contact ? `${url}/contacts/${contact.id}` : `${url}/contacts`,
    cancel: url,
    back: { href: url, label: `← ${partner.name}` },
    locales: localeChoices(values['locale'] ?? ''),
    time_zones: timeZoneChoices(values['time_zone'] ?? ''),
    hidden: type ? { for: type } : {},
    addresses: (contact?.addresses ?? []).map((email) => ({
      email,
      action: `${url}/contacts/${contact?.id}/addresses/remove`,
    })),
    danger: contact
      ? { action: `${url}/contacts/${contact.id}/remove`, label: t('Remove this contact'), explains }
      : null,
  });
}
