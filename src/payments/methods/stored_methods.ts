import type { Actor, Query } from '../../db/scope.js';
import type { Format } from '../../pages/format.js';
import type { Translate } from '../../pages/i18n.js';

/** A stored method as it is shown. */
export interface StoredMethodRow {
  id: string;
  gateway: string;
  method: string;
  brand: string;
  last_four: string;
  expires: string | null;
  is_default: boolean;
  /** Its last month is over, in the organization's time zone. */
  expired: boolean;
  /** Who stored it. */
  stored_by: string;
  created_at: Date;
}

/** So many are shown. */
const MOST = 50;

/** SQL: whether the last month of a method `m` is over. */
export const EXPIRED = `coalesce(m.expires < to_char(app_now() at time zone (
  select time_zone from organizations where id = m.organization_id), 'YYYY-MM'), false)`;

/**
 * What a partner has stored at the organization's gateway, the default first: for their contacts who may pay, and for
 * staff.
 */
export const storedMethods = (
  { organization_id }: Pick<Actor, 'organization_id'>,
  partner_id: string | null,
): Query<StoredMethodRow> => ({
  name: 'stored_methods',
  text: `select m.id, m.gateway, m.method, m.brand, m.last_four, m.expires, m.is_default, m.created_at,
      ${EXPIRED} as expired, (select p.name from people p
        where p.organization_id = m.organization_id and p.id = m.person_id) as stored_by
    from payment_methods m
    where m.organization_id = $1 and m.partner_id = $2 and m.removed_at is null
      and m.gateway = (select o.gateway from organizations o where o.id = $1)
    order by m.is_default desc, m.id desc limit ${MOST}`,
  values: [organization_id, partner_id],
});

/** A stored method among those to pay with, or in a list. */
export interface StoredMethodItem {
  id: string;
  method: string;
  /** "Visa ending in 4242" */
  title: string;
  /** "Expires August 2028"; "Maple Savings, takes 3–5 business days" */
  text: string;
  is_default: boolean;
  expired: boolean;
}

export function storedMethodItem(row: StoredMethodRow, t: Translate, format: Format): StoredMethodItem {
  const { id, method, is_default, expired } = row;
  return { id, method, is_default, expired, title: methodTitle(row, t), text: textOf(row, t, format) };
}

/** "Visa ending in 4242", "Bank account ending in 6019" */
export const methodTitle = (
  { method, brand, last_four }: Pick<StoredMethodRow, 'method' | 'brand' | 'last_four'>,
  t: Translate,
): string =>
  method === 'card'
    ? t('{{brand}} ending in {{ending}}', { brand, ending: last_four })
    : t('Bank account ending in {{ending}}', { ending: last_four });

function textOf({ brand, expires, expired }: StoredMethodRow, t: Translate, format: Format): string {
  if (!expires) return t('{{bank}} · takes 3–5 business days', { bank: brand });
  const month = format.month(expires);
  return expired ? t('Expired {{month}}', { month }) : t('Expires {{month}}', { month });
}

/** The ones of a partner that can be paid with now: not expired, and of a method that is offered. */
export const usableMethods = (rows: readonly StoredMethodRow[], offered: readonly string[]): StoredMethodRow[] =>
  rows.filter(({ method, expired }) => !expired && offered.includes(method));
