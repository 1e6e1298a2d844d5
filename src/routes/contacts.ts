import { type Request, Router } from 'express';
import type { Database } from '../db/database.js';
import { type Actor, read } from '../db/scope.js';
import type { ContactRow, PartnerRow } from '../documents/partner_page.js';
import { NotFound } from '../errors.js';
import { renderPage } from '../pages/render.js';
import { typedIn } from '../people/form.js';
import { parseContact } from '../people/partner_form.js';
import { changeContact, newContact, removeContact } from '../people/partners.js';
import type { Membership } from '../people/who.js';
import { localeChoices, timeZoneChoices } from './choices.js';
import { type Errors, submit } from './form.js';
import { frame, tongueOf } from './frame.js';
import { staff } from './guard.js';
import { findPartner, idIn, typeAskedFor } from './partner_asked.js';

const ALL = '/:organization/partners/:id/contacts';

/** A partner's contacts: the people who get its documents. */
export function contacts(db: Database): Router {
  const router = Router();

  router.get(`${ALL}/new`, staff(async (req, res, actor, membership) => {
    const { partner } = await findPartner(db, actor, idIn(req));
    const [rows = []] = await read(db.pool, actor, { name: 'organization_zone', text: 'select time_zone from organizations where id = $1', values: [actor.organization_id] });
    res.send(formPage(req, actor, membership, partner, null, { locale: partner.locale, ...typedIn(rows[0]) }, {}));
  }));

  router.post(`${ALL}/new`, staff((req, res, actor, membership) =>
    submit(res, tongueOf(actor).t, async () => {
      await newContact(db.knex, actor, idIn(req), parseContact(req.body));
      const type = typeAskedFor(req);
      return type ? `/${membership.slug}/${type}s/new?partner=${idIn(req)}` : `/${membership.slug}/partners/${idIn(req)}?done=saved`;
    }, async (errors) => formPage(req, actor, membership, (await findPartner(db, actor, idIn(req))).partner, null, typedIn(req.body), errors)),
  ));

  router.get(`${ALL}/:person`, staff(async (req, res, actor, membership) => {
    const { partner, contact } = await findContact(db, actor, req);
    const { name, email, title, locale, time_zone } = contact;
    res.send(formPage(req, actor, membership, partner, contact, { name, email, title, locale, time_zone }, {}));
  }));

  router.post(`${ALL}/:person`, staff((req, res, actor, membership) =>
    submit(res, tongueOf(actor).t, async () => {
      await changeContact(db.knex, actor, idIn(req), idIn(req, 'person'), parseContact(req.body));
      return `/${membership.slug}/partners/${idIn(req)}?done=saved`;
    }, async (errors) => {
      const { partner, contact } = await findContact(db, actor, req);
      return formPage(req, actor, membership, partner, contact, typedIn(req.body), errors);
    }),
  ));

  router.post(`${ALL}/:person/remove`, staff(async (req, res, actor, membership) => {
    await removeContact(db.knex, actor, idIn(req), idIn(req, 'person'));
    res.redirect(303, `/${membership.slug}/partners/${idIn(req)}?done=done`);
  }));

  return router;
}

async function findContact(db: Database, actor: Actor, req: Request): Promise<{ partner: PartnerRow; contact: ContactRow }> {
  const { partner, contacts } = await findPartner(db, actor, idIn(req));
  const contact = contacts.find(({ id }) => id === idIn(req, 'person'));
  if (!contact) throw new NotFound();
  return { partner, contact };
}

function formPage(req: Request, actor: Actor, membership: Membership, partner: PartnerRow, contact: ContactRow | null, values: Record<string, string>, errors: Errors) {
  const { t } = tongueOf(actor);
  const url = `/${membership.slug}/partners/${partner.id}`;
  const title = contact ? t('Edit contact') : t('New contact of {{name}}', { name: partner.name });
  const type = typeAskedFor(req);
  const explains = t('Their links and reply addresses stop working at once. What they wrote stays.');
  return renderPage('contacts/form', {
    ...frame(req, actor, membership, title),
    ...{ title, values, errors, action: contact ? `${url}/contacts/${contact.id}` : `${url}/contacts/new`, cancel: url, back: { href: url, label: `← ${partner.name}` } },
    ...{ locales: localeChoices(values['locale'] ?? ''), time_zones: timeZoneChoices(values['time_zone'] ?? ''), hidden: type ? { for: type } : {} },
    danger: contact ? { action: `${url}/contacts/${contact.id}/remove`, label: t('Remove this contact'), explains } : null,
  });
}
