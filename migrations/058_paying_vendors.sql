-- When a run's file was last asked for: whoever did may download it for some minutes. `exported_at` is the first time.
alter table payment_runs add column file_at timestamptz;
alter table payment_runs no force row level security;
update payment_runs set file_at = exported_at;
alter table payment_runs force row level security;

-- The series that lines of orders from a vendor begin with, as `tax_series` are for what a customer pays: one that is
-- both may charge another tax than it pays.
alter table partners add column vendor_tax_series uuid[] check (cardinality(vendor_tax_series) <= 3);

-- Whose it is: banks in the US are told by another kind of batch of what goes to a private person (PPD, not CCD).
alter table bank_accounts add column holder_type text not null default 'company'
  check (holder_type in ('company', 'person'));
