import { type Request, type Response, Router } from 'express';
import type { Database } from '../db/database.js';
import { type Actor, read } from '../db/scope.js';
import { partnerPage, type PartnerRow } from '../documents/partner_page.js';
import { NotFound } from '../errors.js';
import { renderPage } from '../pages/render.js';
import { typedIn } from '../people/form.js';
import { parsePartner, partnerValues } from '../people/partner_form.js';
import { addPartner, changePartner } from '../people/partners.js';
import type { Membership } from '../people/who.js';
import { contacts } from './contacts.js';
import { submit } from './form.js';
import { frame, tongueOf } from './frame.js';
import { staff } from './guard.js';
import { findPartner, idIn, readPartners, typeAskedFor } from './partner_asked.js';
import { partnerFormView, partnerRow, partnerView } from './partner_view.js';

/** Customers and vendors, and their contacts. */
export function partners(db: Database): Router {
  const router = Router();
  router.get('/:organization/partners', staff((req, res, actor, membership) => list(db, req, res, actor, membership)));

  router.get('/:organization/partners/new', staff(async (req, res, actor, membership) => {
    const [rows = []] = await read(db.pool, actor, { name: 'organization_money', text: 'select currency, locale from organizations where id = $1', values: [actor.organization_id] });
    const values = { kind: 'customer', terms_days: '30', ...typedIn(rows[0]) };
    res.send(formPage(req, actor, membership, null, values, {}));
  }));

  router.post('/:organization/partners/new', staff((req, res, actor, membership) =>
    submit(res, tongueOf(actor).t, async () => {
      const id = await addPartner(db.knex, actor, parsePartner(req.body));
      const type = typeAskedFor(req);
      return type ? `/${membership.slug}/partners/${id}/contacts/new?for=${type}` : `/${membership.slug}/partners/${id}?done=saved`;
    }, (errors) => formPage(req, actor, membership, null, typedIn(req.body), errors)),
  ));

  router.get('/:organization/partners/:id', staff(async (req, res, actor, membership) => {
    const results = await read(db.pool, actor, ...partnerPage(actor, idIn(req)));
    const [partner] = results[0] as unknown as PartnerRow[];
    if (!partner) throw new NotFound();
    res.send(renderPage('partners/show', { ...frame(req, actor, membership, partner.name), ...partnerView(partner, results, actor, membership.slug) }));
  }));

  router.get('/:organization/partners/:id/edit', staff(async (req, res, actor, membership) => {
    const { partner } = await findPartner(db, actor, idIn(req));
    res.send(formPage(req, actor, membership, partner.id, partnerValues(partner), {}));
  }));

  router.post('/:organization/partners/:id/edit', staff((req, res, actor, membership) =>
    submit(res, tongueOf(actor).t, async () => {
      await changePartner(db.knex, actor, idIn(req), parsePartner(req.body));
      return `/${membership.slug}/partners/${idIn(req)}?done=saved`;
    }, (errors) => formPage(req, actor, membership, idIn(req), typedIn(req.body), errors)),
  ));

  return router.use(contacts(db));
}

function formPage(req: Request, actor: Actor, membership: Membership, id: string | null, values: Record<string, string>, errors: Readonly<Record<string, string>>) {
  const type = typeAskedFor(req);
  const view = partnerFormView(membership.slug, id, values, tongueOf(actor).t, actor.locale);
  return renderPage('partners/form', { ...frame(req, actor, membership, view.title), ...view, errors, hidden: type ? { for: type } : {} });
}

async function list(db: Database, req: Request, res: Response, actor: Actor, membership: Membership) {
  const { t } = tongueOf(actor);
  const { found, next, narrowing } = await readPartners(db, req, actor, null);
  const url = `/${membership.slug}/partners`;
  const kinds = [['', t('Any')], ['customer', t('Customers')], ['vendor', t('Vendors')]].map(([value, label]) => ({ value, label }));
  res.send(
    renderPage('partners/list', {
      ...frame(req, actor, membership, t('Partners')),
      filters: {
        ...{ action: url, search: { name: 'q', value: narrowing.words?.join(' ') ?? '', label: t('Search') } },
        choices: [{ name: 'kind', label: t('Kind'), value: narrowing.kind ?? '', choices: kinds }],
        ...{ hidden: {}, clear: narrowing.words || narrowing.kind ? url : null },
      },
      filtered: Boolean(narrowing.words ?? narrowing.kind),
      partners: found.map((row) => partnerRow(row, `${url}/${row.id}`, t)),
      next: next ? `${url}?${next}` : null,
      create: { href: `${url}/new`, label: t('New partner') },
    }),
  );
}
