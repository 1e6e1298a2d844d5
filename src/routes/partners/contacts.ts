import { Router } from 'express';
import type { Database } from '../../db/database.js';
import type { ContactRow, PartnerRow } from './partner_queries.js';
import { NotFound } from '../../errors.js';
import { removeAddress } from '../../inbound/mail_room/filing.js';
import { typedIn } from '../../people/form_values.js';
import { parseContact } from '../../people/partner_form.js';
import { changeContact, newContact, removeContact } from '../../people/partner.js';
import { localeChoices, timeZoneChoices } from '../shared/select_options.js';
import { type Errors, submit } from '../shared/form.js';
import { staff } from '../shared/guard.js';
import { findPartner, idIn, organizationDefaults, typeAskedFor } from './partner_request.js';
import { pageOf, type Visit, visits, wordsOf } from '../shared/request_context.js';

const ALL = '/:organization/partners/:partner/contacts';

/** A partner's contacts: the people who get its documents. */
export function contacts(db: Database): Router {
  const router = Router();
  const visit = visits(db);
  router.get(`${ALL}/new`, visit(staff, begin));
  router.post(ALL, visit(staff, create));
  router.get(`${ALL}/:contact/edit`, visit(staff, edit));
  router.post(`${ALL}/:contact`, visit(staff, save));
  router.post(`${ALL}/:contact/remove`, visit(staff, remove));
  router.post(`${ALL}/:contact/addresses/remove`, visit(staff, dropAddress));
  return router;
}

async function begin(visit: Visit) {
  const { partner } = await findPartner(visit);
  const { time_zone } = await organizationDefaults(visit);
  visit.res.send(formPage(visit, partner, null, { locale: partner.locale, time_zone }, {}));
}

async function create(visit: Visit) {
  const { db, req, res, actor, membership } = visit;
  const { partner } = await findPartner(visit);
  const work = async () => {
    await newContact(db.knex, actor, partner.id, parseContact(req.body));
    const type = typeAskedFor(req);
    return type
      ? `/${membership.slug}/${type}s/new?partner=${partner.id}`
      : `/${membership.slug}/partners/${partner.id}?done=saved`;
  };
  return submit(res, wordsOf(visit), work, (errors) => formPage(visit, partner, null, typedIn(req.body), errors));
}

async function edit(visit: Visit) {
  const { partner, contact } = await findContact(visit);
  const { name, email, title, locale, time_zone, guest } = contact;
  visit.res.send(
    formPage(visit, partner, contact, { name, email, title, locale, time_zone, guest: guest ? 'on' : '' }, {}),
  );
}

async function save(visit: Visit) {
  const { db, req, res, actor, membership } = visit;
  const { partner, contact } = await findContact(visit);
  const work = async () => {
    await changeContact(db.knex, actor, partner.id, contact.id, parseContact(req.body));
    return `/${membership.slug}/partners/${partner.id}?done=saved`;
  };
  return submit(res, wordsOf(visit), work, (errors) => formPage(visit, partner, contact, typedIn(req.body), errors));
}

async function remove({ db, req, res, actor, membership }: Visit) {
  await removeContact(db.knex, actor, idIn(req, 'partner'), idIn(req, 'contact'));
  res.redirect(303, `/${membership.slug}/partners/${idIn(req, 'partner')}?done=done`);
}

/** What comes from that address is held for staff again. */
async function dropAddress({ db, req, res, actor, membership }: Visit) {
  const [partner, contact] = [idIn(req, 'partner'), idIn(req, 'contact')];
  await removeAddress(db.knex, actor, partner, contact, String(req.body?.email ?? ''));
  res.redirect(303, `/${membership.slug}/partners/${partner}/contacts/${contact}/edit?done=done`);
}

async function findContact(visit: Visit): Promise<{ partner: PartnerRow; contact: ContactRow }> {
  const { partner, contacts } = await findPartner(visit);
  const contact = contacts.find(({ id }) => id === idIn(visit.req, 'contact'));
  if (!contact) throw new NotFound();
  return { partner, contact };
}

function formPage(
  visit: Visit,
  partner: PartnerRow,
  contact: ContactRow | null,
  values: Record<string, string>,
  errors: Errors,
): string {
  const t = wordsOf(visit);
  const url = `/${visit.membership.slug}/partners/${partner.id}`;
  const title = contact ? t('Edit contact') : t('New contact of {{name}}', { name: partner.name });
  const type = typeAskedFor(visit.req);
  const explains = t('Their links and reply addresses stop working at once. What they wrote stays.');
  return pageOf(visit, 'partners/contact_form', title, {
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
