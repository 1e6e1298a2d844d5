import type { Knex } from 'knex';
import { type Query, queryPrepared } from '../../db/scope.js';

/** Somebody who can give a contact access. */
export interface Granter {
  person_id: string;
  name: string;
  email: string;
  /** Null for the organization's own people. */
  partner_id: string | null;
}

/** SQL: who may be asked. Whoever invited them comes before the owner. */
const CANDIDATE = 'p.id as person_id, p.name, p.email, p.partner_id';
const OURS = `(select ${CANDIDATE} from people p where p.organization_id = $1 and p.partner_id is null
    and p.removed_at is null and p.id <> $2 and (p.role = 'owner' or p.role in ('admin', 'manager') and p.id = (
      select i.invited_by from invitations i where i.organization_id = $1 and i.person_id = $2 order by i.id desc limit 1))
  order by p.role = 'owner', p.id limit 1)`;
const MANAGERS = `(select ${CANDIDATE} from people p where p.organization_id = $1 and p.partner_id = $3
    and p.removed_at is null and p.id <> $2 and not p.guest and p.role = 'manager'
  order by p.id limit 3)`;

/** Who can give a contact access to more: the managers among their colleagues, and one of the organization. */
export const granterQuery = (
  organization_id: string | null,
  person_id: string | null,
  partner_id: string | null,
): Query<Granter> => ({
  name: 'who_grants',
  text: `${MANAGERS} union all ${OURS}`,
  values: [organization_id, person_id, partner_id],
});

/** Of those the ones who are asked: the organization only if nobody manages the partner's contacts. */
export function granters(found: readonly Granter[]): Granter[] {
  const managers = found.filter(({ partner_id }) => partner_id);
  return managers.length ? managers : [...found];
}

/** Who can give a contact access to more, in the caller's transaction. */
export async function findGranters(
  db: Knex.Transaction,
  organization_id: string,
  person_id: string,
  partner_id: string | null,
): Promise<Granter[]> {
  const { text, values = [] } = granterQuery(organization_id, person_id, partner_id);
  return granters(await queryPrepared<Granter>(db, text, values));
}

/** Who of the organization invited a contact, or else its owner, in the caller's transaction. */
export const findOurs = (db: Knex.Transaction, organization_id: string, person_id: string): Promise<Granter[]> =>
  queryPrepared<Granter>(db, OURS, [organization_id, person_id]);
