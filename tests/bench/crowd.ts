import type pg from 'pg';
import type { Harbor } from '../support/harbor.js';

/**
 * Sent invoices, one a minute up to now, with their charges in the ledger: each tenth for Maple Street Clinic, the
 * others for another customer. Without lines: only lists look at them. Triggers are off in bulk, so their subjects and
 * words are inserted here, too.
 */
export async function addCrowd(
  db: pg.Client,
  { organization_id, partner_id }: Harbor,
  other_id: string,
  count: number,
): Promise<void> {
  await db.query(
    `insert into documents (organization_id, id, type, number, state, started_by, partner_id, title, currency, issued_on, due_on, subtotal, total, version, sha256)
      select $1, uuidv7(make_interval(mins => n - $2)), 'invoice', 'INV-C' || n, case when n % 20 = 0 then 'sent' else 'paid' end, 'staff',
        case when n % 10 = 0 then $3::uuid else $4::uuid end, 'Fit-out, part ' || n, 'USD', '2026-11-01', '2026-12-01', 10000, 10000, 1, ''
      from generate_series(1, $2::int) n`,
    [organization_id, count, partner_id, other_id],
  );
  await db.query(
    `insert into subjects (organization_id, id, kind, number, title, state, partner_id, visible_to)
      select organization_id, id, type, number, title, state, partner_id, 'both' from documents
      where organization_id = $1 and number like 'INV-C%'`,
    [organization_id],
  );
  await db.query(
    `insert into subject_words (organization_id, partner_id, visible_to, word, subject_id)
      select organization_id, partner_id, visible_to, w, id from subjects
      cross join unnest(words_of(concat_ws(' ', number, title))) w
      where organization_id = $1 and number like 'INV-C%'`,
    [organization_id],
  );
  await db.query(
    `insert into ledger_entries (organization_id, id, partner_id, currency, kind, document_id, amount)
      select organization_id, uuidv7(), partner_id, currency, 'charge', id, total from documents where organization_id = $1 and number like 'INV-C%'`,
    [organization_id],
  );
}
