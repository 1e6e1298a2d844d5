import type { Knex } from 'knex';
import { type Actor, type Query, queryPrepared } from '../../db/scope.js';
import { gatewayMethods } from '../gateways/gateway_methods.js';

/** What a document may be paid with: as the organization, the document and its partner allow. */
export interface Offer {
  gateway: string | null;
  currency: string;
  methods: string[];
}

/** The offers of documents, one for each that its reader sees. */
const offersOf = (
  { organization_id }: Pick<Actor, 'organization_id'>,
  document_ids: readonly string[],
): Query<Offer> => ({
  name: 'offers_of_documents',
  text: `select o.gateway, d.currency,
      methods_offered(o.online_methods, d.card_allowed, d.bank_debit_allowed and p.bank_debit_allowed) as methods
    from documents d
      join organizations o on o.id = d.organization_id
      join partners p on p.organization_id = d.organization_id and p.id = d.partner_id
    where d.organization_id = $1 and d.id = any ($2::uuid[])`,
  values: [organization_id, document_ids],
});

/** What all of these documents may be paid with at once, as far as the gateway takes it. */
export const offeredMethods = ([first, ...others]: readonly Offer[]): string[] =>
  (first ? allowedBy(first) : []).filter((method) => others.every((offer) => allowedBy(offer).includes(method)));

const allowedBy = ({ gateway, currency, methods }: Offer): string[] => {
  const taken = gatewayMethods(gateway, currency);
  return methods.filter((method) => taken.includes(method));
};

/** The same of documents, in the caller's transaction. */
export async function findOffered(
  db: Knex.Transaction,
  organization_id: string,
  document_ids: readonly string[],
): Promise<string[]> {
  const { text, values = [] } = offersOf({ organization_id }, document_ids);
  return offeredMethods(await queryPrepared<Offer>(db, text, values));
}

/** What a partner may store, for documents in its currency. */
export const offerTo = (organization_id: string | null, partner_id: string | null): Query<Offer> => ({
  name: 'offer_to_partner',
  text: `select o.gateway, p.currency, methods_offered(o.online_methods, true, p.bank_debit_allowed) as methods
    from partners p join organizations o on o.id = p.organization_id
    where p.organization_id = $1 and p.id = $2`,
  values: [organization_id, partner_id],
});
