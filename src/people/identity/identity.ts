import type { Knex } from 'knex';
import { z } from 'zod';
import { record } from '../../activity/record.js';
import { type Actor, type Query, withActor } from '../../db/scope.js';
import { hashOf } from '../../db/secrets.js';
import { ChangedMeanwhile, Invalid } from '../../errors.js';
import { currency, email, line, locale, readForm, required, text, timeZone } from '../form_values.js';

const FIELDS = ['name', 'address', 'email', 'footer', 'accent', 'currency', 'locale', 'time_zone'] as const;

const Typed = z.object({
  name: required(200),
  address: text(500),
  email,
  footer: text(500),
  accent: line(7)
    .transform((typed) => typed.toLowerCase())
    .refine((typed) => /^#[0-9a-f]{6}$/.test(typed), 'Choose a color.'),
  currency,
  locale,
  time_zone: timeZone,
});

/** Who an organization is and how it looks, as its documents, pages and emails show it. */
export type Identity = z.infer<typeof Typed>;

/** Parses the form. @throws Invalid by field */
export const parseIdentity = (body: unknown): Identity => readForm(Typed, body);

/** An organization's identity, with what is kept elsewhere. */
export const identityQuery = ({
  organization_id,
}: Pick<Actor, 'organization_id'>): Query<Identity & { slug: string; legal_name: string; tax_number: string }> => ({
  name: 'identity',
  text: `select ${FIELDS.join(', ')}, slug, legal_name, tax_number from organizations where id = $1`,
  values: [organization_id],
});

/**
 * Changes it, and records what was there before. What was sent keeps what it said. `seen`: as the form found it.
 * @throws ChangedMeanwhile; Invalid if amounts are kept in the currency that is to go
 */
export function changeIdentity(db: Knex, actor: Actor, identity: Identity, seen: string): Promise<void> {
  const { organization_id: id } = actor;
  return withActor(db, actor, async (db) => {
    const before: Identity = await db('organizations')
      .where({ id })
      .forNoKeyUpdate()
      .first(...FIELDS);
    if (markOf(before) !== seen) throw new ChangedMeanwhile();
    if (before.currency !== identity.currency) await requireNoAmounts(db, id);
    const changes = FIELDS.filter((field) => before[field] !== identity[field]).map((field) => ({
      field: `organization_${field}`,
      before: before[field] || null,
      after: identity[field] || null,
    }));
    if (changes.length === 0) return;
    await db('organizations').where({ id }).update(identity);
    await record(db, actor, { action: 'change_identity', details: { changes }, visible_to: 'staff' });
  });
}

/** What tells two states of it apart. */
export const markOf = (identity: Identity): string => hashOf(JSON.stringify(FIELDS.map((field) => identity[field])));

/** What is kept in the organization's currency, whatever that is: limits, rates, costs. */
const AMOUNTS = `select (select true from organizations where id = :id
    and (code_above is not null or two_approvals_above is not null)) as security,
  (select true from people where organization_id = :id and partner_id is null
    and (send_limit is not null or approve_limit is not null) limit 1) as limits,
  (select true from time_settings where organization_id = :id
    and (cost_rate is not null or bill_rate is not null) limit 1) as rates,
  (select true from time_rates where organization_id = :id limit 1) as own_rates,
  (select true from project_time where organization_id = :id and cost <> 0 limit 1) as time,
  (select true from items where organization_id = :id and cost is not null limit 1) as costs`;

/** @throws Invalid if there are any: $5,000 would become ¥500,000 */
async function requireNoAmounts(db: Knex.Transaction, id: string | null): Promise<void> {
  const { rows } = await db.raw<{ rows: Record<string, boolean | null>[] }>(AMOUNTS, { id });
  if (Object.values(rows[0] ?? {}).some(Boolean))
    throw new Invalid({
      currency: 'Your limits, hourly rates or item costs are in the current currency. Remove them first.',
    });
}
