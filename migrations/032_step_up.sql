-- Above this amount, in minor units of the organization's currency, partners who came by a link prove their mailbox
-- before they accept, decline or answer. Null: they need not.
alter table organizations add column code_above bigint check (code_above >= 0);
-- Whether mail of partners that nothing proves waits for staff, instead of being posted as unverified.
alter table organizations add column hold_unproven boolean not null default false;
