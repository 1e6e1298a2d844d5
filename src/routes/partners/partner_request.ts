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
  kind: z.enum(['customer', 'vendor', 'archived']).nullable().catch(null),
  after: idParam,
});

interface FoundPartners {
  found: ListedPartner[];
  filter: PartnerFilter;
  /** The query of the next page's address. */
  next: string | null;
}

/** Which partners the address asks for. `kind`: only these, whatever it says. */
export function partnerFilter({ req }: Pick<RequestContext, 'req'>, kind: 'customer' | 'vendor' | null): PartnerFilter {
  const params = Params.parse(req.query);
  return {
    kind: kind ?? (params.kind === 'archived' ? null : params.kind),
    archived: kind === null && params.kind === 'archived',
    words: searchWords(params.q),
    after: params.after,
  };
}

/** The same as the parameters of an address. */
export const partnerParams = ({ kind, archived, words }: PartnerFilter): Record<string, string> =>
  Object.fromEntries(
    Object.entries({ q: words?.join(' ') ?? '', kind: archived ? 'archived' : (kind ?? '') }).filter(
      ([, value]) => value,
    ),
  );

/** One page of partners as the address asks for it. `kind`: only these, whatever the address says. */
export async function readPartners(ctx: RequestContext, kind: 'customer' | 'vendor' | null): Promise<FoundPartners> {
  const { db, actor } = ctx;
  const filter = partnerFilter(ctx, kind);
  const [rows] = await read(db.pool, actor, partnerList(actor, filter, today(actor)));
  const found = rows.slice(0, PAGE_SIZE);
  // Where only these are listed, the address says nothing of it.
  const params = kind ? partnerParams({ ...filter, kind: null }) : partnerParams(filter);
  const next = new URLSearchParams({ ...params, after: found.at(-1)?.id ?? '' }).toString();
  return { found, filter, next: rows.length > PAGE_SIZE ? next : null };
}
