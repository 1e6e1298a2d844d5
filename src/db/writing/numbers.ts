import type { Knex } from 'knex';

/**
 * Takes so many numbers of an organization's counter; returns the first. Gapless: a transaction that fails gives its
 * numbers back, and later ones wait for it.
 */
export async function takeNumbers(db: Knex.Transaction, organization_id: string, name: string, count = 1) {
  const { rows } = await db.raw<{ rows: { value: number }[] }>(
    `insert into counters (organization_id, name, value) values (?, ?, ?)
     on conflict (organization_id, name) do update set value = counters.value + excluded.value returning value`,
    [organization_id, name, count],
  );
  return (rows[0]?.value ?? count) - count + 1;
}

/** 'INV-0043' */
export const numbered = (prefix: string, value: number): string => `${prefix}-${String(value).padStart(4, '0')}`;

/** The next number, 'INV-0043': see `takeNumbers`. */
export const nextNumber = async (db: Knex.Transaction, organization_id: string, prefix: string): Promise<string> =>
  numbered(prefix, await takeNumbers(db, organization_id, prefix));
