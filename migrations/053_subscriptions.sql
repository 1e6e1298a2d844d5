-- What a customer is invoiced for again and again: a plan, or any invoice that recurs.
create table subscriptions (
  organization_id uuid not null references organizations,
  id uuid not null,
  number text not null,
  state text not null check (state in ('draft', 'trial', 'active', 'paused', 'ended')),
  partner_id uuid not null,
  title text not null check (title <> ''),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  -- As those of a draft are given.
  lines json not null,
  -- Of a period, with tax, in minor units.
  total bigint not null,
  -- The customer's own number, for each invoice.
  reference text not null default '',
  note text not null default '',
  terms text not null default '',
  every smallint not null check (every between 1 and 366),
  unit text not null check (unit in ('day', 'week', 'month', 'year')),
  start_on date not null,
  trial_until date check (trial_until >= start_on),
  -- The first day of the period with this number. All others are counted from it, never from the one before: what
  -- begins on the 31st does so again after a February.
  anchor_on date not null,
  anchor_period integer not null default 0,
  -- The first period that is not invoiced yet.
  next_period integer not null default 0,
  -- Its last day.
  ends_on date check (ends_on >= start_on),
  paused_from date,
  paused_until date check (paused_until >= paused_from),
  terms_days smallint not null check (terms_days between 0 and 365),
  -- Whether its invoices are sent without anybody looking at them.
  sends boolean not null default true,
  -- What changes within a period add to the next invoice, or take from it.
  adjustments json not null default '[]',
  -- What the customer asked for and staff have not answered yet.
  asked text check (asked in ('change', 'cancel')),
  -- The period that staff were told can't be invoiced.
  failed_period integer,
  -- The last day of the trial, and of all, which were announced.
  told_trial_until date,
  told_ends_on date,
  created_at timestamptz not null default app_now(),
  primary key (organization_id, id),
  unique (organization_id, number),
  foreign key (organization_id, id) references subjects (organization_id, id),
  foreign key (organization_id, partner_id) references partners (organization_id, id)
);
create index on subscriptions (organization_id, partner_id, id desc);
-- See 013_sums.sql.
alter table subscriptions alter column organization_id set (n_distinct = 10);
alter table subscriptions alter column partner_id set (n_distinct = 50);

-- A period that was invoiced: never a second time.
create table subscription_periods (
  organization_id uuid not null references organizations,
  subscription_id uuid not null,
  period integer not null,
  from_on date not null,
  until_on date not null check (until_on >= from_on),
  -- What it is charged by now, after changes within it.
  lines json not null,
  document_id uuid not null,
  primary key (organization_id, subscription_id, period),
  unique (organization_id, document_id),
  foreign key (organization_id, subscription_id) references subscriptions (organization_id, id),
  foreign key (organization_id, document_id) references documents (organization_id, id)
);

-- Its row in `subjects` is written with it, so that the two never disagree.
create function subscription_visible_to(state text) returns text language sql immutable
  return case when state = 'draft' then 'staff' else 'both' end;

create function add_subscription_subject() returns trigger language plpgsql as $$
begin
  insert into subjects (organization_id, id, kind, number, title, state, partner_id, visible_to, created_at)
    values (new.organization_id, new.id, 'subscription', new.number, new.title, new.state, new.partner_id,
      subscription_visible_to(new.state), new.created_at);
  return new;
end $$;
create trigger subject_added before insert on subscriptions for each row execute function add_subscription_subject();

create function change_subscription_subject() returns trigger language plpgsql as $$
begin
  update subjects set title = new.title, state = new.state, visible_to = subscription_visible_to(new.state)
    where organization_id = new.organization_id and id = new.id;
  return null;
end $$;
create trigger subject_changed after update of title, state on subscriptions
  for each row when ((old.title, old.state) is distinct from (new.title, new.state))
  execute function change_subscription_subject();

create trigger words_added after insert on subscriptions for each row execute function index_changed();
create trigger words_changed after update of title on subscriptions
  for each row when (old.title <> new.title) execute function index_changed();

call secure('{subscriptions}',
  'may_see(id, partner_id, subscription_visible_to(state), ''subscription'')');
call secure('{subscription_periods}', 'sees(subscription_id)');

-- Whether a customer has any, for the menu of its contacts.
alter table partners add column has_subscriptions boolean not null default false;
create function note_subscriptions() returns trigger language plpgsql as $$
begin
  update partners set has_subscriptions = true
    where organization_id = new.organization_id and id = new.partner_id and not has_subscriptions;
  return null;
end $$;
create trigger subscriptions_noted after insert on subscriptions for each row execute function note_subscriptions();

-- When the clock looks at a subscription next. Found across organizations, as document_checks is.
create table subscription_checks (
  organization_id uuid not null references organizations,
  subscription_id uuid not null,
  check_at timestamptz not null,
  primary key (organization_id, subscription_id)
);
create index subscription_checks_due on subscription_checks (check_at, organization_id) where check_at < 'infinity';
call secure_table('subscription_checks', 'may_check(organization_id)', 'may_check(organization_id)');

create function check_subscription_soon() returns trigger language plpgsql as $$
begin
  insert into subscription_checks (organization_id, subscription_id, check_at)
    values (new.organization_id, new.id, '-infinity')
    on conflict (organization_id, subscription_id) do update set check_at = excluded.check_at;
  return null;
end $$;
create trigger check_added after insert on subscriptions for each row execute function check_subscription_soon();
create trigger check_changed after update on subscriptions for each row execute function check_subscription_soon();
