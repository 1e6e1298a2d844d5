import { Router } from 'express';
import { z } from 'zod';
import type { Database } from '../../db/database.js';
import { typeNamed } from '../../document_types/index.js';
import { NotFound } from '../../errors.js';
import { removeAddress } from '../../inbound/mail_room/filing.js';
import { shownAddress } from '../../input/email_address.js';
import { plainLocale, readLocale, writeLocale } from '../../input/locale_tag.js';
import type { Translate } from '../../pages/i18n.js';
import type { ButtonLink, Choice, Danger, HiddenFields, Link } from '../../pages/views/components.js';
import { defineView } from '../../pages/views/render.js';
import { readForm, submittedText } from '../../people/form_values.js';
import { changeContact, newContact, removeContact } from '../../people/partner.js';
import { parseContact } from '../../people/partner_form.js';
import { isOffered } from '../../subjects/may.js';
import { once, submitOnce } from '../acts/once.js';
import { dataLinks } from '../data_rights/data_link.js';
import type { Errors } from '../shared/form.js';
import { keepsPartners } from '../shared/guard.js';
import { pathId } from '../shared/params.js';
import { contextPage, type RequestContext, translatorOf, withContext } from '../shared/request_context.js';
import { localeChoices, timeZoneChoices } from '../shared/select_options.js';
import type { ContactRow, PartnerRow } from './partner_queries.js';
import { findPartner, organizationDefaults, typeParam } from './partner_request.js';

/** The form of a new contact, or of one that exists. */
interface ContactFormInput {
  title: string;
  action: string;
  cancel: string;
  back: Link;
  links: ButtonLink[];
  /** As typed. */
  values: Readonly<Record<string, string>>;
  errors: Errors;
  locales: Choice[];
  time_zones: Choice[];
  hidden: HiddenFields;
  /** Further addresses that they write from, each with what takes it away. */
  addresses: { email: string; action: string }[];
  danger: Danger | null;
  /** Offers to invite a new contact in the next step. */
  invite: boolean;
}

export const contactForm = defineView<ContactFormInput>('partners/contact_form');

const ALL = '/:organization/partners/:partner/contacts';

/** A partner's contacts: the people who get its documents. */
export function contacts(db: Database): Router {
  const router = Router();
  const handle = withContext(db);
  router.get(`${ALL}/new`, handle(keepsPartners, startNew));
  router.post(ALL, handle(keepsPartners, create));
  router.get(`${ALL}/:contact/edit`, handle(keepsPartners, edit));
  router.post(`${ALL}/:contact`, handle(keepsPartners, save));
  router.post(`${ALL}/:contact/remove`, handle(keepsPartners, remove));
  router.post(`${ALL}/:contact/addresses/remove`, handle(keepsPartners, dropAddress));
  return router;
}

async function startNew(ctx: RequestContext) {
  const { partner } = await findPartner(ctx);
  const { time_zone } = await organizationDefaults(ctx);
  ctx.res.send(formPage(ctx, partner, null, { locale: partner.locale, time_zone }, {}));
}

async function create(ctx: RequestContext) {
  const { req, actor, membership } = ctx;
  const { partner } = await findPartner(ctx);
  const work = async ({ db }: RequestContext) => {
    const id = await newContact(db.knex, actor, partner.id, parseContact(req.body));
    const type = typeParam(req);
    if (submittedText(req.body)['invite'] === 'on')
      return `/${membership.slug}/partners/${partner.id}/invite?contact=${id}`;
    return type
      ? `/${membership.slug}/${typeNamed(type).path}/new?partner=${partner.id}`
      : `/${membership.slug}/partners/${partner.id}?done=saved`;
  };
  return submitOnce(ctx, work, (errors) => formPage(ctx, partner, null, submittedText(req.body), errors));
}

async function edit(ctx: RequestContext) {
  const { partner, contact } = await findContact(ctx);
  const { name, email, title, locale, time_zone, guest } = contact;
  const values = {
    name,
    email: shownAddress(email),
    title,
    locale: plainLocale(locale),
    time_zone,
    guest: guest ? 'on' : '',
  };
  ctx.res.send(formPage(ctx, partner, contact, values, {}));
}

async function save(ctx: RequestContext) {
  const { req, actor, membership } = ctx;
  const { partner, contact } = await findContact(ctx);
  const work = async ({ db }: RequestContext) => {
    const { locale, ...fields } = parseContact(req.body);
    // What they set for themselves stays.
    const kept = writeLocale({ ...readLocale(contact.locale), language: locale });
    await changeContact(db.knex, actor, partner.id, contact.id, { ...fields, locale: kept });
    return `/${membership.slug}/partners/${partner.id}?done=saved`;
  };
  return submitOnce(ctx, work, (errors) => formPage(ctx, partner, contact, submittedText(req.body), errors));
}

async function remove(ctx: RequestContext) {
  const { req, res, actor, membership } = ctx;
  const partner = pathId(req, 'partner');
  const work = async ({ db }: RequestContext) => {
    await removeContact(db.knex, actor, partner, pathId(req, 'contact'));
    return `/${membership.slug}/partners/${partner}?done=done`;
  };
  res.redirect(303, await once(ctx, work));
}

const Address = z.object({ email: z.string().default('') });

/** Mail from that address is held for staff again. */
async function dropAddress(ctx: RequestContext) {
  const { req, res, actor, membership } = ctx;
  const [partner, contact] = [pathId(req, 'partner'), pathId(req, 'contact')];
  const work = async ({ db }: RequestContext) => {
    await removeAddress(db.knex, actor, partner, contact, readForm(Address, req.body).email);
    return `/${membership.slug}/partners/${partner}/contacts/${contact}/edit?done=done`;
  };
  res.redirect(303, await once(ctx, work));
}

/** The contact of the address, with its partner. @throws NotFound */
async function findContact(ctx: RequestContext): Promise<{ partner: PartnerRow; contact: ContactRow }> {
  const { partner, contacts } = await findPartner(ctx);
  const contact = contacts.find(({ id }) => id === pathId(ctx.req, 'contact'));
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
  const action = contact ? `${url}/contacts/${contact.id}` : `${url}/contacts`;
  return contextPage(ctx, contactForm, title, {
    title,
    values,
    errors,
    action,
    cancel: url,
    back: { href: url, label: `← ${partner.name}` },
    links: contact ? dataLinks(ctx.actor, ctx.membership, contact.id) : [],
    locales: localeChoices(values['locale'] ?? ''),
    time_zones: timeZoneChoices(values['time_zone'] ?? ''),
    hidden: type ? { for: type } : {},
    addresses: (contact?.addresses ?? []).map((email) => ({ email, action: `${action}/addresses/remove` })),
    danger: contact && isOffered(ctx.actor, { permits: 'inviting' }) ? removal(action, t) : null,
    invite: !contact && isOffered(ctx.actor, { permits: 'inviting' }),
  });
}

const removal = (action: string, t: Translate): Danger => ({
  action: `${action}/remove`,
  label: t('Remove this contact'),
  explains: t('Their links and reply addresses stop working at once. What they wrote stays.'),
});
