-- Time that people spend on projects. 'hours' and notes, 'notes' alone or 'none': what the customer sees of it, if
-- 'time' is among what is `shown` to them.
alter table projects
  add column time_shown text not null default 'hours' check (time_shown in ('hours', 'notes', 'none'));

-- Rates are per hour, in minor units of the organization's currency.
create table time_settings (
  organization_id uuid primary key references organizations,
  -- Nothing is logged or changed on or before this day.
  closed_on date,
  -- Of staff who have none of their own.
  cost_rate bigint check (cost_rate between 0 and 100000000),
  bill_rate bigint check (bill_rate between 0 and 100000000)
);
create table time_rates (
  organization_id uuid not null references organizations,
  person_id uuid not null,
  cost_rate bigint check (cost_rate between 0 and 100000000),
  bill_rate bigint check (bill_rate between 0 and 100000000),
  primary key (organization_id, person_id),
  foreign key (organization_id, person_id) references people (organization_id, id)
);
alter table time_rates alter column organization_id set (n_distinct = 10);

-- What is agreed on a project's time, and its sums, which triggers keep. Its rate is in the customer's currency, and
-- goes before those of people.
create table project_time (
  organization_id uuid not null references organizations,
  project_id uuid not null,
  bill_rate bigint check (bill_rate between 0 and 100000000),
  -- The customer approves time before it is billed.
  asks_approval boolean not null default false,
  minutes bigint not null default 0,
  approved_minutes bigint not null default 0,
  -- Of approved time, in the organization's currency.
  cost bigint not null default 0,
  -- Approved, and on no invoice; of it, what the customer has approved.
  unbilled_minutes bigint not null default 0,
  accepted_minutes bigint not null default 0,
  primary key (organization_id, project_id),
  foreign key (organization_id, project_id) references projects (organization_id, id)
);
alter table project_time alter column organization_id set (n_distinct = 10);

-- Work on a project that is no task, such as its management.
create table project_activities (
  organization_id uuid not null references organizations,
  id uuid not null,
  project_id uuid not null,
  name text not null check (name <> ''),
  planned_minutes integer check (planned_minutes between 0 and 6000000),
  minutes bigint not null default 0,
  approved_minutes bigint not null default 0,
  cost bigint not null default 0,
  primary key (organization_id, id),
  unique (organization_id, project_id, name),
  foreign key (organization_id, project_id) references projects (organization_id, id)
);
alter table project_activities alter column organization_id set (n_distinct = 10);
alter table project_activities alter column project_id set (n_distinct = 200);

-- What somebody did on a day: one row for each task or activity. `partner_id`: of a vendor's contact.
create table time_entries (
  organization_id uuid not null references organizations,
  id uuid not null,
  project_id uuid not null,
  task_id uuid,
  activity_id uuid,
  work_id uuid not null generated always as (coalesce(task_id, activity_id)) stored,
  person_id uuid not null,
  partner_id uuid,
  day date not null,
  -- Its Monday.
  week date not null generated always as (day - (extract(isodow from day)::int - 1)) stored,
  minutes integer not null check (minutes between 1 and 1440),
  -- For the customer, once it is approved.
  note text not null default '',
  approved boolean not null default false,
  created_at timestamptz not null default app_now(),
  primary key (organization_id, id),
  unique (organization_id, project_id, person_id, day, work_id),
  check (num_nonnulls(task_id, activity_id) = 1),
  foreign key (organization_id, project_id) references projects (organization_id, id),
  foreign key (organization_id, task_id) references tasks (organization_id, id),
  foreign key (organization_id, activity_id) references project_activities (organization_id, id),
  foreign key (organization_id, person_id) references people (organization_id, id)
);
create index on time_entries (organization_id, project_id, day desc, id desc);
create index on time_entries (organization_id, project_id, week, person_id);
alter table time_entries alter column organization_id set (n_distinct = 10);
alter table time_entries alter column project_id set (n_distinct = 200);

-- What an entry costs and is billed with, as its rates were then; for staff alone.
create table time_costs (
  organization_id uuid not null references organizations,
  entry_id uuid not null,
  project_id uuid not null,
  task_id uuid,
  activity_id uuid,
  minutes integer not null,
  approved boolean not null,
  -- By the customer.
  accepted boolean not null default false,
  cost_rate bigint,
  bill_rate bigint,
  internal_note text not null default '',
  invoice_id uuid,
  primary key (organization_id, entry_id),
  foreign key (organization_id, entry_id) references time_entries (organization_id, id) on delete cascade,
  foreign key (organization_id, invoice_id) references documents (organization_id, id)
);
create index time_to_bill on time_costs (organization_id, project_id) where approved and invoice_id is null;
create index time_billed on time_costs (organization_id, invoice_id) where invoice_id is not null;
alter table time_costs alter column organization_id set (n_distinct = 10);
alter table time_costs alter column project_id set (n_distinct = 200);

-- Sums: of a person's day over all projects; of a project's week; of a task.
create table time_days (
  organization_id uuid not null references organizations,
  person_id uuid not null,
  day date not null,
  minutes integer not null check (minutes between 0 and 1440),
  primary key (organization_id, person_id, day)
);
alter table time_days alter column organization_id set (n_distinct = 10);
create table time_sums (
  organization_id uuid not null references organizations,
  project_id uuid not null,
  week date not null,
  person_id uuid not null,
  work_id uuid not null,
  minutes bigint not null,
  approved_minutes bigint not null,
  primary key (organization_id, project_id, week, person_id, work_id)
);
alter table time_sums alter column organization_id set (n_distinct = 10);
alter table time_sums alter column project_id set (n_distinct = 200);
create table task_time (
  organization_id uuid not null references organizations,
  task_id uuid not null,
  project_id uuid not null,
  minutes bigint not null default 0,
  approved_minutes bigint not null default 0,
  -- Of approved time, in minor units of the organization's currency.
  cost bigint not null default 0,
  last_on date,
  primary key (organization_id, task_id),
  foreign key (organization_id, task_id) references tasks (organization_id, id)
);
create index on task_time (organization_id, project_id, last_on desc);
alter table task_time alter column organization_id set (n_distinct = 10);
alter table task_time alter column project_id set (n_distinct = 200);

-- A person's week on a project. Without a row it is open.
create table time_weeks (
  organization_id uuid not null references organizations,
  person_id uuid not null,
  week date not null,
  project_id uuid not null,
  partner_id uuid,
  state text not null check (state in ('open', 'submitted', 'approved', 'sent_back')),
  minutes bigint not null default 0,
  reason text not null default '',
  -- Who approved it, or sent it back.
  decided_by uuid,
  decided_at timestamptz,
  primary key (organization_id, person_id, week, project_id),
  foreign key (organization_id, decided_by) references people (organization_id, id),
  foreign key (organization_id, person_id) references people (organization_id, id),
  foreign key (organization_id, project_id) references projects (organization_id, id)
);
create index time_to_approve on time_weeks (organization_id, project_id, week) where state = 'submitted';
create index on time_weeks (organization_id, project_id, week);
alter table time_weeks alter column organization_id set (n_distinct = 10);
alter table time_weeks alter column project_id set (n_distinct = 200);

-- One runs at a time.
create table timers (
  organization_id uuid not null references organizations,
  person_id uuid not null,
  project_id uuid not null,
  task_id uuid,
  activity_id uuid,
  note text not null default '',
  started_at timestamptz not null default app_now(),
  primary key (organization_id, person_id),
  check (num_nonnulls(task_id, activity_id) = 1),
  foreign key (organization_id, person_id) references people (organization_id, id),
  foreign key (organization_id, project_id) references projects (organization_id, id),
  foreign key (organization_id, task_id) references tasks (organization_id, id),
  foreign key (organization_id, activity_id) references project_activities (organization_id, id)
);
alter table timers alter column organization_id set (n_distinct = 10);

-- What the customer sees: approved time by week, task and person. `customer_id` null: nobody does; `minutes` null: they
-- see notes alone.
create table time_shares (
  organization_id uuid not null references organizations,
  project_id uuid not null,
  week date not null,
  work_id uuid not null,
  person_id uuid not null,
  customer_id uuid,
  -- Of an activity.
  name text not null default '',
  -- Whether they see who it was; `trade`: what a vendor's people are called.
  named boolean not null,
  trade text not null,
  minutes bigint,
  note text not null,
  primary key (organization_id, project_id, week, work_id, person_id),
  foreign key (organization_id, project_id) references projects (organization_id, id)
);
alter table time_shares alter column organization_id set (n_distinct = 10);
alter table time_shares alter column project_id set (n_distinct = 200);
create table shared_weeks (
  organization_id uuid not null references organizations,
  project_id uuid not null,
  week date not null,
  customer_id uuid,
  minutes bigint,
  -- When the customer was asked to approve it, and did.
  asked_at timestamptz,
  accepted_at timestamptz,
  accepted_by uuid,
  primary key (organization_id, project_id, week),
  foreign key (organization_id, accepted_by) references people (organization_id, id),
  foreign key (organization_id, project_id) references projects (organization_id, id)
);
alter table shared_weeks alter column organization_id set (n_distinct = 10);
alter table shared_weeks alter column project_id set (n_distinct = 200);

call secure('{time_settings,time_rates,project_time,project_activities,time_costs,time_days,time_sums,task_time,timers}',
  'is_internal() and every_subject()');
-- A vendor's contacts see their own.
call secure('{time_entries,time_weeks}', $$is_internal() or may_see(project_id, partner_id, 'both', 'project')$$);
call secure('{time_shares,shared_weeks}', $$is_internal() or may_see(project_id, customer_id, 'both', 'project')$$);

-- The rates of somebody's time on a project. A vendor's people have only their own; another currency's don't count.
create function time_rate(organization uuid, project uuid, person uuid, out cost bigint, out bill bigint)
language plpgsql stable as $$
declare
  at_home boolean;
  of_staff boolean;
  agreed bigint;
begin
  select o.currency = n.currency, t.bill_rate into at_home, agreed
    from organizations o
    cross join lateral (select * from projects where organization_id = organization and id = project limit 1) p
    cross join lateral (select * from partners where organization_id = organization and id = p.partner_id limit 1) n
    left join project_time t on t.organization_id = organization and t.project_id = p.id
    where o.id = organization;
  select p.partner_id is null into of_staff from people p where p.organization_id = organization and p.id = person;
  select r.cost_rate, r.bill_rate into cost, bill
    from time_rates r where r.organization_id = organization and r.person_id = person;
  if of_staff then
    select coalesce(cost, s.cost_rate), coalesce(bill, s.bill_rate) into cost, bill
      from time_settings s where s.organization_id = organization;
    if not found then
      select r.cost_rate, r.bill_rate into cost, bill
        from time_rates r where r.organization_id = organization and r.person_id = person;
    end if;
  end if;
  bill := coalesce(agreed, case when at_home then bill end);
end $$;

create function count_time(entry time_entries, sign integer) returns void language plpgsql as $$
declare
  approved integer := case when entry.approved then sign * entry.minutes else 0 end;
begin
  insert into time_days values (entry.organization_id, entry.person_id, entry.day, greatest(0, sign * entry.minutes))
    on conflict (organization_id, person_id, day) do update set minutes = time_days.minutes + sign * entry.minutes;
  insert into time_sums values (entry.organization_id, entry.project_id, entry.week, entry.person_id, entry.work_id,
      sign * entry.minutes, approved)
    on conflict (organization_id, project_id, week, person_id, work_id) do update set
      minutes = time_sums.minutes + excluded.minutes,
      approved_minutes = time_sums.approved_minutes + excluded.approved_minutes;
end $$;
create function count_times() returns trigger language plpgsql as $$
begin
  if tg_op <> 'INSERT' then perform count_time(old, -1); end if;
  if tg_op <> 'DELETE' then perform count_time(new, 1); end if;
  if tg_op = 'INSERT' then
    insert into time_costs (organization_id, entry_id, project_id, task_id, activity_id, minutes, approved, cost_rate,
        bill_rate)
      select new.organization_id, new.id, new.project_id, new.task_id, new.activity_id, new.minutes, new.approved,
        r.cost, r.bill
      from time_rate(new.organization_id, new.project_id, new.person_id) r;
    if new.task_id is not null then
      update task_time set last_on = greatest(last_on, new.day)
        where organization_id = new.organization_id and task_id = new.task_id;
    end if;
  elsif tg_op = 'UPDATE' then
    update time_costs set minutes = new.minutes, approved = new.approved
      where organization_id = new.organization_id and entry_id = new.id;
  end if;
  return null;
end $$;
create trigger counted_new after insert or delete on time_entries for each row execute function count_times();
create trigger counted after update of minutes, approved on time_entries
  for each row when ((old.minutes, old.approved) is distinct from (new.minutes, new.approved))
  execute function count_times();

create function count_time_cost(logged time_costs, sign integer) returns void language plpgsql as $$
declare
  spent integer := sign * logged.minutes;
  approved integer := case when logged.approved then spent else 0 end;
  price bigint := case when logged.approved
    then sign * round(logged.minutes * coalesce(logged.cost_rate, 0) / 60.0) else 0 end;
  unbilled integer := case when logged.approved and logged.invoice_id is null then spent else 0 end;
  accepted integer := case when logged.accepted then unbilled else 0 end;
begin
  insert into project_time as p (organization_id, project_id, minutes, approved_minutes, cost, unbilled_minutes,
      accepted_minutes)
    values (logged.organization_id, logged.project_id, spent, approved, price, unbilled, accepted)
    on conflict (organization_id, project_id) do update set
      minutes = p.minutes + excluded.minutes, approved_minutes = p.approved_minutes + excluded.approved_minutes,
      cost = p.cost + excluded.cost, unbilled_minutes = p.unbilled_minutes + excluded.unbilled_minutes,
      accepted_minutes = p.accepted_minutes + excluded.accepted_minutes;
  if logged.activity_id is not null then
    update project_activities a set minutes = a.minutes + spent, approved_minutes = a.approved_minutes + approved,
        cost = a.cost + price
      where a.organization_id = logged.organization_id and a.id = logged.activity_id;
  else
    insert into task_time as t (organization_id, task_id, project_id, minutes, approved_minutes, cost)
      values (logged.organization_id, logged.task_id, logged.project_id, spent, approved, price)
      on conflict (organization_id, task_id) do update set
        minutes = t.minutes + excluded.minutes, approved_minutes = t.approved_minutes + excluded.approved_minutes,
        cost = t.cost + excluded.cost;
  end if;
end $$;
create function count_time_costs() returns trigger language plpgsql as $$
begin
  if tg_op <> 'INSERT' then perform count_time_cost(old, -1); end if;
  if tg_op <> 'DELETE' then perform count_time_cost(new, 1); end if;
  return null;
end $$;
create trigger counted_new after insert or delete on time_costs for each row execute function count_time_costs();
create trigger counted after update of minutes, approved, accepted, cost_rate, invoice_id on time_costs
  for each row when ((old.minutes, old.approved, old.accepted, old.cost_rate, old.invoice_id)
    is distinct from (new.minutes, new.approved, new.accepted, new.cost_rate, new.invoice_id))
  execute function count_time_costs();

-- What the customer sees of a project's week, written anew.
create function share_week(organization uuid, project uuid, of_week date) returns void language plpgsql as $$
declare
  p projects;
  customer uuid;
  hours boolean;
begin
  select * into p from projects where organization_id = organization and id = project;
  customer := case when 'time' = any (p.shown) and p.time_shown <> 'none' then p.partner_id end;
  hours := p.time_shown = 'hours';
  delete from time_shares s where s.organization_id = organization and s.project_id = project and s.week = of_week;
  insert into time_shares
    select e.organization_id, e.project_id, e.week, e.work_id, e.person_id, customer, coalesce(max(a.name), ''),
      e.partner_id is null and 'people' = any (p.shown),
      case when e.partner_id is null then '' else coalesce(max(t.trade), '') end,
      case when hours then sum(e.minutes) end,
      coalesce((array_agg(e.note order by e.day desc) filter (where e.note <> ''))[1], '')
    from time_entries e
    left join tasks t on t.organization_id = e.organization_id and t.id = e.task_id
    left join project_activities a on a.organization_id = e.organization_id and a.id = e.activity_id
    where e.organization_id = organization and e.project_id = project and e.week = of_week and e.approved
    group by e.organization_id, e.project_id, e.week, e.work_id, e.person_id, e.partner_id;
  if not found then
    delete from shared_weeks w where w.organization_id = organization and w.project_id = project and w.week = of_week;
    return;
  end if;
  insert into shared_weeks (organization_id, project_id, week, customer_id, minutes)
    select organization, project, of_week, customer, case when hours then sum(s.minutes) end from time_shares s
      where s.organization_id = organization and s.project_id = project and s.week = of_week
    on conflict (organization_id, project_id, week)
      do update set customer_id = excluded.customer_id, minutes = excluded.minutes;
end $$;

create function share_weeks() returns trigger language plpgsql as $$
begin
  perform share_week(new.organization_id, new.id, w.week) from shared_weeks w
    where w.organization_id = new.organization_id and w.project_id = new.id;
  return null;
end $$;
create trigger time_shared after update of partner_id, shown, time_shown on projects
  for each row when ((old.partner_id, old.shown, old.time_shown) is distinct from (new.partner_id, new.shown, new.time_shown))
  execute function share_weeks();

-- An invoice that is discarded or voided frees its time for another.
create function free_time() returns trigger language plpgsql as $$
begin
  update time_costs set invoice_id = null where organization_id = new.organization_id and invoice_id = new.id;
  return null;
end $$;
create trigger time_freed after update of state on documents
  for each row when (old.state <> new.state and new.state in ('discarded', 'void'))
  execute function free_time();
