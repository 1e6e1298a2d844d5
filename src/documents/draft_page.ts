import type { Actor, Query } from '../db/scope.js';
import { isId } from '../db/ids.js';
import type { DocumentType } from '../document_types/index.js';
import { type DocumentPage, documentPage } from './page.js';

/** A person who may get the document. */
export interface Recipient {
  id: string;
  name: string;
  email: string;
  locale: string;
  time_zone: string;
}

/** A draft's (or, to revise it, a document's) page, and the contacts of its partner. */
export interface DraftPage extends DocumentPage {
  contacts: Recipient[];
}

const CONTACTS = `select id, name, email, locale, time_zone from people where organization_id = $1 and removed_at is null and partner_id =`;

/** The page of the document and its partner's contacts. `key` is the number or the id. */
export function draftPage(actor: Actor, key: string): [Query<DocumentPage>, Query<Recipient>] {
  const column = isId(key) ? 'id' : 'number';
  const text = `${CONTACTS} (select partner_id from documents where organization_id = $1 and ${column} = $2) order by id limit 200`;
  return [documentPage(actor, key), { name: `draft_contacts_by_${column}`, text, values: [actor.organization_id, key] }];
}

/** A partner for whom a document is begun, with what its last one of the type suggests. Rates are decimal strings in percent. */
export interface NewPage {
  partner: { id: string; name: string; currency: string; terms_days: number };
  contacts: Recipient[];
  last: { terms: string; partial_payments: boolean; tax_rate: string | null; people: string[] } | null;
}

/** What a new document for a partner starts from: three results, in the order of `NewPage`. */
export function newPage(
  { organization_id }: Actor,
  { name: type, partner: kind }: DocumentType,
  partner_id: string,
): [Query<NewPage['partner']>, Query<Recipient>, Query<NonNullable<NewPage['last']>>] {
  const values = [organization_id, partner_id];
  return [
    {
      name: `new_${kind}`,
      text: `select id, name, currency, terms_days from partners where organization_id = $1 and id = $2 and is_${kind}`,
      values,
    },
    { name: 'new_contacts', text: `${CONTACTS} $2 order by id limit 200`, values },
    { name: 'new_last', text: LAST, values: [...values, type] },
  ];
}

const LAST = `select d.terms, d.partial_payments,
    (select l.tax_rate::text from lines l where l.organization_id = d.organization_id and l.document_id = d.id order by l.position desc limit 1) as tax_rate,
    array(select x.person_id from participants x where x.organization_id = d.organization_id and x.document_id = d.id) as people
  from documents d where d.organization_id = $1 and d.partner_id = $2 and d.type = $3 order by d.id desc limit 1`;
