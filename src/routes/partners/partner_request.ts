import type { Request } from 'express';
import { z } from 'zod';
import { type Query, read } from '../../db/scope.js';
import { types } from '../../document_types/index.js';
import { today } from '../../pages/days.js';
import { PAGE_SIZE, searchWords } from '../../documents/queries/list.js';
import { NotFound } from '../../errors.js';
import { submittedText } from '../../people/form_values.js';
import { idParam, pathId, textParam } from '../shared/params.js';
import type { RequestContext } from '../shared/request_context.js';
import {
  type ContactRow,
  type ListedPartner,
  partnerAndContacts,
  type PartnerFilter,
  partnerList,
  type PartnerRow,
} from './partner_queries.js';

/** The type of document that a new partner or contact is for: its form comes next. */
export function typeParam(req: Request): string | null {
  const name: unknown = req.query['for'] ?? submittedText(req.body)['for'];
  return types.find((type) => type.name === name)?.name ?? null;
}

/** The partner of the address, with its contacts. @throws NotFound */
export async function findPartner(ctx: RequestContext): Promise<{ partner: PartnerRow; contacts: ContactRow[] }> {
  const { db, req, actor } = ctx;
  const [[partner], contacts] = await read(db.pool, actor, ...partnerAndContacts(actor, pathId(req, 'partner')));
  if (!partner) throw new NotFound();
  return { partner, contacts };
}

type Defaults = Record<'currency' | 'locale' | 'time_zone', string>;

/** The organization's own settings, which a new partner or contact starts with. */
export async function organizationDefaults({ db, actor }: RequestContext): Promise<Defaults> {
  const text = 'select currency, locale, time_zone from organizations where id = $1';
  const query: Query<Defaults> = { name: 'organization_defaults', text, values: [actor.organization_id] };
  const [[found]] = await read(db.pool, actor, query);
  return found ?? { currency: 'USD', locale: 'en-US', time_zone: 'UTC' };
}

const Params = z.object({
  q: textParam,
  kind: z.enum(['customer', 'vendor']).nullable().catch(null),
  after: idParam,
});

interface FoundPartners {
  found: ListedPartner[];
  filter: PartnerFilter;
  /** The query of the next page's address. */
  next: string | null;
}

/** One page of partners as the address asks for it. `kind`: only these, whatever the address says. */
export async function readPartners(
  { db, req, actor }: RequestContext,
  kind: 'customer' | 'vendor' | null,
): Promise<FoundPartners> {
  const params = Params.parse(req.query);
  const filter: PartnerFilter = {
    kind: kind ?? params.kind,
    words: searchWords(params.q),
    after: params.after,
  };
  const [rows] = await read(db.pool, actor, partnerList(actor, filter, today(actor)));
  const found = rows.slice(0, PAGE_SIZE);
  const query = {
    q: filter.words?.join(' ') ?? '',
    kind: kind ? '' : (filter.kind ?? ''),
    after: found.at(-1)?.id ?? '',
  };
  const next = new URLSearchParams(Object.entries(query).filter(([, value]) => value)).toString();
  return { found, filter, next: rows.length > PAGE_SIZE ? next : null };
}
