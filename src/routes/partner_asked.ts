import type { Request } from 'express';
import type { Database } from '../db/database.js';
import { isId } from '../db/ids.js';
import { type Actor, read } from '../db/scope.js';
import { types } from '../document_types/index.js';
import { today } from '../documents/act.js';
import { PAGE_SIZE, wordsIn } from '../documents/list.js';
import { type ContactRow, type ListedPartner, partnerAndContacts, partnerList, type PartnerNarrowing, type PartnerRow } from '../documents/partner_page.js';
import { NotFound } from '../errors.js';
import { typedIn } from '../people/form.js';

/** The id in the address. @throws NotFound if it can't be one. */
export function idIn(req: Request, name = 'id'): string {
  const id = String(req.params[name]);
  if (!isId(id)) throw new NotFound();
  return id;
}

/** The document for which a partner is being made, if it is: then its form comes next. */
export function typeAskedFor(req: Request): string | null {
  const asked: unknown = req.query['for'] ?? typedIn(req.body)['for'];
  return types.find(({ name }) => name === asked)?.name ?? null;
}

/** A partner with its contacts. @throws NotFound */
export async function findPartner(db: Database, actor: Actor, id: string): Promise<{ partner: PartnerRow; contacts: ContactRow[] }> {
  const [found = [], contacts = []] = await read(db.pool, actor, ...partnerAndContacts(actor, id));
  const [partner] = found as unknown as PartnerRow[];
  if (!partner) throw new NotFound();
  return { partner, contacts: contacts as unknown as ContactRow[] };
}

/** One page of partners as the address asks for it, and the query of the next page. */
export async function readPartners(db: Database, req: Request, actor: Actor, kind: 'customer' | 'vendor' | null) {
  const asked = (name: string) => (typeof req.query[name] === 'string' ? req.query[name] : '');
  const kindAsked = kind ?? (['customer', 'vendor'] as const).find((name) => name === asked('kind')) ?? null;
  const narrowing: PartnerNarrowing = { kind: kindAsked, words: wordsIn(asked('q')), after: isId(asked('after')) ? asked('after') : null };
  const [rows = []] = await read(db.pool, actor, partnerList(actor, narrowing, today(actor)));
  const found = (rows as unknown as ListedPartner[]).slice(0, PAGE_SIZE);
  const here = { q: narrowing.words?.join(' ') ?? '', kind: kind ? '' : (narrowing.kind ?? ''), after: found.at(-1)?.id ?? '' };
  const next = new URLSearchParams(Object.entries(here).filter(([, value]) => value)).toString();
  return { found, narrowing, next: rows.length > PAGE_SIZE ? next : null };
}
