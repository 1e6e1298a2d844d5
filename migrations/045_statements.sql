-- A statement reads a partner's entries from a day on, in the order in which they were booked.
create index ledger_entries_by_day on ledger_entries (organization_id, partner_id, currency, created_at, id);
drop index ledger_entries_organization_id_partner_id_currency_idx;

-- Credit belongs to no document: whoever may see a partner's sums (as `credits` has it) sees the entries of its credit.
alter policy reading on ledger_entries using (
  organization_id = app_organization()
    and (may_see(document_id, partner_id, 'both', null) or (document_id is null and sees_sums(partner_id))));
