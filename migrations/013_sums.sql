-- Sums of the ledger, changed by triggers in the transaction that adds an entry, since adding up takes longer each year.
create table balances (
  organization_id uuid not null references organizations,
  partner_id uuid not null,
  currency text not null,
  amount bigint not null,
  primary key (organization_id, partner_id, currency),
  foreign key (organization_id, partner_id) references partners (organization_id, id)
);

-- What of a partner's balance belongs to no document: its credit, below zero.
create table credits (
  organization_id uuid not null references organizations,
  partner_id uuid not null,
  currency text not null,
  amount bigint not null,
  primary key (organization_id, partner_id, currency),
  foreign key (organization_id, partner_id) references partners (organization_id, id)
);

-- What a partner owes on a document: the sum of its entries, as long as it is above zero. `due_on` of those that are
-- never late is 'infinity'.
create table open_items (
  organization_id uuid not null references organizations,
  document_id uuid not null,
  partner_id uuid not null,
  currency text not null,
  issued_on date not null,
  due_on date not null,
  amount bigint not null check (amount > 0),
  primary key (organization_id, document_id),
  foreign key (organization_id, document_id) references documents (organization_id, id)
);

-- Sums of open items: all ('-infinity'), and those due or issued on a day. `account_id`: a partner's, or those of all,
-- which bear the organization's id. What is late is all but what will be due, so that a new day changes no row, and a
-- page reads the days to come and the last few months, however long the history.
create table receivables (
  organization_id uuid not null references organizations,
  account_id uuid not null,
  basis text not null check (basis in ('all', 'due', 'issued')),
  day date not null,
  currency text not null,
  amount bigint not null,
  primary key (organization_id, account_id, basis, day, currency)
);

-- The rows of `receivables` that an item is part of.
create function receivables_of(item open_items) returns setof receivables language sql immutable as $$
  select item.organization_id, account_id, basis, day, item.currency, item.amount
  from (values
    (item.partner_id, 'all', date '-infinity'), (item.partner_id, 'due', item.due_on),
    (item.organization_id, 'all', '-infinity'), (item.organization_id, 'due', item.due_on),
    (item.organization_id, 'issued', item.issued_on)) s (account_id, basis, day)
  where item.amount is not null $$;

-- What these tables must hold, added up. `security_invoker`: as row security lets whoever asks see it.
create view ledger_balances with (security_invoker) as
  select organization_id, partner_id, currency, sum(amount)::bigint as amount from ledger_entries group by 1, 2, 3;
create view ledger_credits with (security_invoker) as
  select organization_id, partner_id, currency, sum(amount)::bigint as amount from ledger_entries
  where document_id is null group by 1, 2, 3;
create view ledger_open_items with (security_invoker) as
  select d.organization_id, d.id as document_id, d.partner_id, d.currency, d.issued_on,
    case when d.due_on is null then 'infinity' else d.due_on end as due_on, sum(e.amount)::bigint as amount
  from documents d join ledger_entries e on e.organization_id = d.organization_id and e.document_id = d.id
  group by d.organization_id, d.id having sum(e.amount) > 0;
create view open_item_sums with (security_invoker) as
  select s.organization_id, account_id, basis, day, s.currency, sum(s.amount)::bigint as amount
  from open_items i cross join lateral receivables_of(i) s group by 1, 2, 3, 4, 5;

-- Adds up a document's entries and books the difference from before. The document is locked: of two at once, the second
-- adds up what both have written.
create function reckon_open_item(organization uuid, document uuid) returns void language plpgsql as $$
declare
  was open_items;
  becomes open_items;
begin
  perform from documents d where d.organization_id = organization and d.id = document for no key update;
  delete from open_items i where i.organization_id = organization and i.document_id = document returning * into was;
  insert into open_items
    select * from ledger_open_items i where i.organization_id = organization and i.document_id = document
    returning * into becomes;
  -- Everybody's rows are locked last, and so for the shortest time.
  insert into receivables as r
    select s.organization_id, account_id, basis, day, currency, sum(amount)
    from (
      select * from receivables_of(becomes)
      union all
      select organization_id, account_id, basis, day, currency, -amount from receivables_of(was)) s
    group by 1, 2, 3, 4, 5 having sum(amount) <> 0
    order by account_id = organization, basis, day, currency
    on conflict (organization_id, account_id, basis, day, currency) do update set amount = r.amount + excluded.amount;
end $$;

-- Deferred to the end of the transaction, since the rows are shared by all who act for an organization: each waits only
-- for another's commit. Whoever acts, the sums are the system's.
create function keep_sums() returns trigger language plpgsql as $$
declare
  organization text := current_setting('app.organization', true);
  side text := current_setting('app.side', true);
  subjects text := current_setting('app.subjects', true);
begin
  perform set_config('app.organization', new.organization_id::text, true), set_config('app.side', 'system', true),
    set_config('app.subjects', '', true);
  if tg_table_name = 'documents' then
    perform reckon_open_item(new.organization_id, new.id);
  else
    insert into balances as b (organization_id, partner_id, currency, amount)
      values (new.organization_id, new.partner_id, new.currency, new.amount)
      on conflict (organization_id, partner_id, currency) do update set amount = b.amount + excluded.amount;
    if new.document_id is not null then
      perform reckon_open_item(new.organization_id, new.document_id);
    end if;
  end if;
  perform set_config('app.organization', organization, true), set_config('app.side', side, true),
    set_config('app.subjects', subjects, true);
  return null;
end $$;
create constraint trigger sums_kept after insert on ledger_entries deferrable initially deferred
  for each row execute function keep_sums();
create constraint trigger sums_kept after update of issued_on, due_on on documents deferrable initially deferred
  for each row when ((old.issued_on, old.due_on) is distinct from (new.issued_on, new.due_on) and new.state <> 'draft')
  execute function keep_sums();

-- At once: what follows from an act may use the credit that it gave.
create function keep_credit() returns trigger language plpgsql as $$
begin
  insert into credits as c (organization_id, partner_id, currency, amount)
    values (new.organization_id, new.partner_id, new.currency, new.amount)
    on conflict (organization_id, partner_id, currency) do update set amount = c.amount + excluded.amount;
  return null;
end $$;
create trigger credit_kept after insert on ledger_entries for each row when (new.document_id is null)
  execute function keep_credit();

-- Who sees only some subjects sees no sums of all.
call secure('{credits}', 'every_subject() and (is_internal() or partner_id = app_partner())');
call secure('{balances}', 'every_subject() and (is_internal() or partner_id = app_partner())', 'is_system()');
call secure('{receivables}', 'every_subject() and (is_internal() or account_id = app_partner())', 'is_system()');
call secure('{open_items}', 'is_system()', 'is_system()');

-- By its count of organizations the planner takes each of them for tiny as soon as there are thousands: all indexes then
-- seem to cost the same, and a large one's page is read by the wrong one. It is to expect a large one.
do $$
declare
  name text;
begin
  foreach name in array array['partners', 'subjects', 'participants', 'projects', 'documents', 'activities', 'comments',
    'notifications', 'ledger_entries', 'payments', 'subject_words', 'partner_words'] loop
    execute format('alter table %I alter column organization_id set (n_distinct = 10)', name);
  end loop;
end $$;
