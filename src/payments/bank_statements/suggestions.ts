import type { Actor, Query } from '../../db/scope.js';
import type { StoredEntry } from './bank_entries.js';

/** An open entry with the invoice that it probably pays. */
export interface OpenEntry extends StoredEntry {
  number: string | null;
  title: string | null;
  partner: string | null;
  /** What is open on it. */
  open: number | null;
  /** Why it is proposed: its number is in the reference, its amount is the same, its customer's name is the payer's. */
  by_number: boolean | null;
  by_amount: boolean | null;
  by_name: boolean | null;
}

export const ENTRIES_SHOWN = 50;

// Whose number is in the reference comes first, then the same amount from the same name, then the only one with it.
const PROPOSED = `select d.number, d.title, n.name as partner, i.amount as open, c.by_number,
    i.amount = e.amount as by_amount,
    e.payer <> '' and (position(lower(n.name) in lower(e.payer)) > 0 or position(lower(e.payer) in lower(n.name)) > 0)
      as by_name
  from (
    select x.id as document_id, true as by_number
    from (
      select found from regexp_matches(upper(e.reference), '[A-Z]{1,6}-?(?:[0-9]{4}-)?[0-9]{3,9}', 'g') as m (found)
      union all
      -- A creditor reference as it is printed, in groups.
      select found from regexp_matches(replace(upper(e.reference), ' ', ''), 'RF[0-9]{2}([A-Z]{1,6}[0-9]{3,12})', 'g')
        as m (found)) m
      cross join lateral (select id from documents
        where organization_id = $1 and number in (regexp_replace(m.found[1], '([A-Z])-?([0-9])', '\\1-\\2'),
          -- With its year, in a creditor reference.
          regexp_replace(m.found[1], '([A-Z])(20[0-9]{2})([0-9]{4,})', '\\1-\\2-\\3')) limit 1) x
    union all
    (select o.document_id, false from open_items o
      where o.organization_id = $1 and o.currency = e.currency and o.amount = e.amount limit 5)) c
    cross join lateral (select * from open_items
      where organization_id = $1 and document_id = c.document_id and currency = e.currency limit 1) i
    cross join lateral (select number, title, partner_id from documents
      where organization_id = $1 and id = c.document_id limit 1) d
    cross join lateral (select name from partners where organization_id = $1 and id = d.partner_id limit 1) n
  order by c.by_number desc, by_amount desc, by_name desc, i.due_on limit 1`;

/** The newest entries that nobody has dealt with, each with a proposal; read as the system. */
export const openEntries = ({ organization_id }: Actor): Query<OpenEntry> => ({
  name: 'open_bank_entries',
  text: `select e.id, e.booked_on, e.amount, e.currency, e.reference, e.payer, e.state, e.payment_id, p.*
    from (select * from bank_entries where organization_id = $1 and state = 'open'
      order by booked_on desc, id desc limit ${ENTRIES_SHOWN}) e
      left join lateral (${PROPOSED}) p on true
    order by e.booked_on desc, e.id desc`,
  values: [organization_id],
});

/** An entry that was dealt with, and the document that it paid. */
export type DecidedEntry = StoredEntry & { number: string | null; by: string | null };

/** The last entries that were dealt with. */
export const decidedEntries = ({ organization_id }: Actor): Query<DecidedEntry> => ({
  name: 'decided_bank_entries',
  text: `select e.id, e.booked_on, e.amount, e.currency, e.reference, e.payer, e.state, e.payment_id, d.number,
      w.name as by
    from (select * from bank_entries where organization_id = $1 and state <> 'open' order by id desc limit 10) e
      left join lateral (select document_id from payment_parts
        where organization_id = $1 and payment_id = e.payment_id limit 1) y on true
      left join lateral (select number from documents where organization_id = $1 and id = y.document_id limit 1) d on true
      left join lateral (select name from people where organization_id = $1 and id = e.decided_by limit 1) w on true
    order by e.id desc`,
  values: [organization_id],
});
