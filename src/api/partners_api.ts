import { z } from 'zod';
import { read } from '../db/scope.js';
import { searchWords } from '../documents/queries/list.js';
import { NotFound } from '../errors.js';
import { currency, email, parseBy } from '../input/fields.js';
import { multiLine, oneLine } from '../input/valid_input.js';
import { today } from '../pages/days.js';
import { isLocale } from '../people/form_values.js';
import { addPartner, newContact } from '../people/partner.js';
import { partnerAndContacts, partnerList } from '../routes/partners/partner_queries.js';
import { organizationDefaults } from '../routes/partners/partner_request.js';
import { pathId } from '../routes/shared/params.js';
import type { RequestContext } from '../routes/shared/request_context.js';
import { may } from '../subjects/may.js';
import { bodyOf } from './api_acts.js';
import { requireScope } from './requests/api_guard.js';
import { madeOnce } from './requests/idempotency.js';
import { pageOf, pageParams, readQuery, sendPage } from './requests/paging.js';
import { contactShape, listedPartnerShape, partnerShape } from './shapes.js';

const text = (most: number, clean: (typed: string) => string) =>
  z.string().overwrite(clean).max(most, `Use at most ${most} characters.`);
const line = (most: number) => text(most, oneLine);

/** A new partner. Language and currency are the organization's, if they are left out. */
export const newPartnerInput = z.strictObject({
  name: line(200).min(1, 'Fill this in.'),
  is_customer: z.boolean(),
  is_vendor: z.boolean(),
  email: z.union([z.literal(''), email]).default(''),
  address: text(500, multiLine).default(''),
  tax_number: line(60).default(''),
  currency: currency.optional(),
  locale: z.string().refine(isLocale, 'Choose a language.').optional(),
  terms_days: z.int().min(0).max(365).default(30),
});

export const newContactInput = z.strictObject({
  name: line(200).min(1, 'Fill this in.'),
  email,
  title: line(120).default(''),
});

export const partnerFilters = pageParams.extend({
  kind: z.enum(['customer', 'vendor']).optional(),
  q: z.string().max(200).optional(),
});

/** Partners are for staff alone: for everybody else there are none. @throws NotFound, NotAllowed */
function requirePartners(ctx: RequestContext, access: 'read' | 'write'): void {
  if (may(ctx.actor, 'desk').answer !== 'yes') throw new NotFound();
  requireScope(ctx, 'partners', access);
}

/** GET /api/v1/partners, by name. */
export async function listPartners(ctx: RequestContext): Promise<void> {
  requirePartners(ctx, 'read');
  const { kind = null, q = '', ...page } = readQuery(ctx, partnerFilters);
  const { limit, after } = pageOf(page);
  const { db, actor } = ctx;
  const filter = { kind, words: searchWords(q), after, archived: null };
  const [found] = await read(db.pool, actor, partnerList(actor, filter, today(actor)));
  sendPage(ctx, listedPartnerShape, found, limit);
}

/** GET /api/v1/partners/{partner} */
export async function showPartner(ctx: RequestContext): Promise<void> {
  requirePartners(ctx, 'read');
  await sendPartner(ctx, pathId(ctx.req, 'partner'));
}

async function sendPartner({ db, actor, res }: RequestContext, id: string): Promise<void> {
  const [[partner]] = await read(db.pool, actor, partnerAndContacts(actor, id)[0]);
  if (!partner) throw new NotFound();
  res.json(partnerShape.parse(partner));
}

/** GET /api/v1/partners/{partner}/contacts */
export async function listContacts(ctx: RequestContext): Promise<void> {
  requirePartners(ctx, 'read');
  const { db, actor, req } = ctx;
  const [[partner], contacts] = await read(db.pool, actor, ...partnerAndContacts(actor, pathId(req, 'partner')));
  if (!partner) throw new NotFound();
  sendPage(ctx, contactShape, contacts, contacts.length);
}

/** POST /api/v1/partners */
export async function createPartner(ctx: RequestContext): Promise<void> {
  requirePartners(ctx, 'write');
  const defaults = await organizationDefaults(ctx);
  const { currency = defaults.currency, locale = defaults.locale, ...fields } = parseBy(newPartnerInput, bodyOf(ctx));
  const given = { ...fields, currency, locale };
  const id = await madeOnce(ctx, (knex) => addPartner(knex, ctx.actor, given));
  ctx.res.status(201).set('location', `/api/v1/partners/${id}`);
  await sendPartner(ctx, id);
}

/** POST /api/v1/partners/{partner}/contacts */
export async function createContact(ctx: RequestContext): Promise<void> {
  requirePartners(ctx, 'write');
  const { db, actor, req, res } = ctx;
  const partner = pathId(req, 'partner');
  const person = parseBy(newContactInput, bodyOf(ctx));
  const id = await madeOnce(ctx, (knex) => newContact(knex, actor, partner, person));
  const [contacts] = await read(db.pool, actor, partnerAndContacts(actor, partner)[1]);
  res.status(201).json(contactShape.parse(contacts.find((contact) => contact.id === id)));
}
