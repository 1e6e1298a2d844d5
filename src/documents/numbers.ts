import type { Knex } from 'knex';

/**
 * The next number of its kind, 'INV-0043': without gaps, since a failed transaction gives its number back (it waits
 * for those before it).
 */
export async function nextNumber(db: Knex.Transaction, organization_id: string, prefix: string): Promise<string> {
  const { rows } = await db.raw<{ rows: { value: number }[] }>(
    `insert into counters (organization_id, name, value) values (?, ?, 1)
     on conflict (organization_id, name) do update set value = counters.value + 1 returning value`,
    [organization_id, prefix],
  );
  return `${prefix}-${String(rows[0]?.value).padStart(4, '0')}`;
}
