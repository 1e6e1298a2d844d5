import type { Request } from 'express';
import { isId } from '../../db/ids.js';
import { type Query, read } from '../../db/scope.js';
import { types } from '../../document_types/index.js';
import { today } from '../../documents/act.js';
import { PAGE_SIZE, searchWords } from '../../documents/queries/list.js';
import {
  type ContactRow,
  partnerAndContacts,
  partnerList,
  type PartnerFilter,
  type PartnerRow,
} from './partner_queries.js';
import { NotFound } from '../../errors.js';
import { submittedText } from '../../people/form_values.js';
import type { RequestContext } from '../shared/request_context.js';

/** The id in the address. @throws NotFound if it can't be one. */
export function idIn(req: Request, name: string): string {
  const id = String(req.params[name]);
  if (!isId(id)) throw new NotFound();
  return id;
}

/** The type of document for which a partner is being made, if it is: its form comes next. */
export function typeParam(req: Request): string | null {
  const asked: unknown = req.query['for'] ?? submittedText(req.body)['for'];
  return types.find(({ name }) => name === asked)?.name ?? null;
}

/** The partner of the address, with its contacts. @throws NotFound */
export async function findPartner({
  db,
  req,
  actor,
}: RequestContext): Promise<{ partner: PartnerRow; contacts: ContactRow[] }> {
  const [[partner], contacts] = await read(db.pool, actor, ...partnerAndContacts(actor, idIn(req, 'partner')));
  if (!partner) throw new NotFound();
  return { partner, contacts };
}

type Defaults = Record<'currency' | 'locale' | 'time_zone', string>;

/** What a new partner or contact is offered: the organization's own. */
export async function organizationDefaults({ db, actor }: RequestContext): Promise<Defaults> {
  const text = 'select currency, locale, time_zone from organizations where id = $1';
  const query: Query<Defaults> = { name: 'organization_defaults', text, values: [actor.organization_id] };
  const [[found]] = await read(db.pool, actor, query);
  return found ?? { currency: 'USD', locale: 'en-US', time_zone: 'UTC' };
}

/**
 * One page of partners as the address asks for it, and the query of the next page. `kind`: only these, whatever is
 * asked.
 */
export async function readPartners({ db, req, actor }: RequestContext, kind: 'customer' | 'vendor' | null) {
  const asked = (name: string) => (typeof req.query[name] === 'string' ? req.query[name] : '');
  const kindAsked = kind ?? (['customer', 'vendor'] as const).find((name) => name === asked('kind')) ?? null;
  const narrowing: PartnerFilter = {
    kind: kindAsked,
    words: searchWords(asked('q')),
    after: isId(asked('after')) ? asked('after') : null,
  };
  const [rows] = await read(db.pool, actor, partnerList(actor, narrowing, today(actor)));
  const found = rows.slice(0, PAGE_SIZE);
  const here = {
    q: narrowing.words?.join(' ') ?? '',
    kind: kind ? '' : (narrowing.kind ?? ''),
    after: found.at(-1)?.id ?? '',
  };
  const next = new URLSearchParams(Object.entries(here).filter(([, value]) => value)).toString();
  return { found, narrowing, next: rows.length > PAGE_SIZE ? next : null };
}
