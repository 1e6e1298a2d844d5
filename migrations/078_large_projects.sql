-- What a large project needs. Its sums are changed once for each statement: changed for each row, the row of sums gets a
-- dead version each time, and every further change reads all of them.
drop trigger counted_new on tasks;
drop trigger counted on tasks;
drop function count_tasks();
drop function count_task(tasks, integer);

-- Progress. What has no estimate counts as an hour. `changed`: what came with 1, what went with -1, by project.
create type task_counts as (organization_id uuid, project_id uuid, tasks integer, done integer, weight bigint,
  done_weight bigint, shown integer, shown_done integer, shown_weight bigint, shown_done_weight bigint);
create function add_task_counts(c task_counts) returns void language sql as $$
  update projects set
      task_count = task_count + c.tasks, done_count = done_count + c.done,
      task_weight = task_weight + c.weight, done_weight = done_weight + c.done_weight,
      shown_count = shown_count + c.shown, shown_done_count = shown_done_count + c.shown_done,
      shown_weight = shown_weight + c.shown_weight, shown_done_weight = shown_done_weight + c.shown_done_weight
    where organization_id = c.organization_id and id = c.project_id $$;
create function count_new_tasks() returns trigger language plpgsql as $$
declare
  c task_counts;
begin
  for c in
      select t.organization_id, t.project_id, sum(t.sign)::integer, sum(t.sign * t.done)::integer,
        sum(t.sign * t.weight)::bigint, sum(t.sign * t.weight * t.done)::bigint, sum(t.sign * t.sees)::integer,
        sum(t.sign * t.sees * t.done)::integer, sum(t.sign * t.sees * t.weight)::bigint,
        sum(t.sign * t.sees * t.weight * t.done)::bigint
      from (select organization_id, project_id, sign, coalesce(estimate_minutes, 60) as weight,
          (state = 'done')::integer as done, (customer_id is not null)::integer as sees
        from (select 1 as sign, * from added) r
        where kind = 'task' and state <> 'dropped') t
      group by 1, 2
    loop
    if (c.tasks, c.done, c.weight, c.done_weight, c.shown, c.shown_done, c.shown_weight, c.shown_done_weight)
      is distinct from (0, 0, 0::bigint, 0::bigint, 0, 0, 0::bigint, 0::bigint) then perform add_task_counts(c); end if;
  end loop;
  return null;
end $$;
create trigger counted_new after insert on tasks referencing new table as added
  for each statement execute function count_new_tasks();
create function count_changed_tasks() returns trigger language plpgsql as $$
declare
  c task_counts;
begin
  for c in
      select t.organization_id, t.project_id, sum(t.sign)::integer, sum(t.sign * t.done)::integer,
        sum(t.sign * t.weight)::bigint, sum(t.sign * t.weight * t.done)::bigint, sum(t.sign * t.sees)::integer,
        sum(t.sign * t.sees * t.done)::integer, sum(t.sign * t.sees * t.weight)::bigint,
        sum(t.sign * t.sees * t.weight * t.done)::bigint
      from (select organization_id, project_id, sign, coalesce(estimate_minutes, 60) as weight,
          (state = 'done')::integer as done, (customer_id is not null)::integer as sees
        from (select 1 as sign, * from now union all select -1, * from before) r
        where kind = 'task' and state <> 'dropped') t
      group by 1, 2
    loop
    if (c.tasks, c.done, c.weight, c.done_weight, c.shown, c.shown_done, c.shown_weight, c.shown_done_weight)
      is distinct from (0, 0, 0::bigint, 0::bigint, 0, 0, 0::bigint, 0::bigint) then perform add_task_counts(c); end if;
  end loop;
  return null;
end $$;
create trigger counted after update on tasks referencing old table as before new table as now
  for each statement execute function count_changed_tasks();

-- Time, the same way: of its project, its tasks and its activities.
drop trigger counted_new on time_costs;
drop trigger counted on time_costs;
drop function count_time_costs();
drop function count_time_cost(time_costs, integer);

create type time_counts as (organization_id uuid, project_id uuid, task_id uuid, activity_id uuid, minutes bigint,
  approved bigint, cost bigint, unbilled bigint, accepted bigint);
create function add_time_counts(c time_counts) returns void language plpgsql as $$
begin
  if c.task_id is not null then
    insert into task_time as t (organization_id, task_id, project_id, minutes, approved_minutes, cost)
      values (c.organization_id, c.task_id, c.project_id, c.minutes, c.approved, c.cost)
      on conflict (organization_id, task_id) do update set
        minutes = t.minutes + excluded.minutes, approved_minutes = t.approved_minutes + excluded.approved_minutes,
        cost = t.cost + excluded.cost;
  elsif c.activity_id is not null then
    update project_activities a set minutes = a.minutes + c.minutes, approved_minutes = a.approved_minutes + c.approved,
        cost = a.cost + c.cost
      where a.organization_id = c.organization_id and a.id = c.activity_id;
  else
    insert into project_time as p (organization_id, project_id, minutes, approved_minutes, cost, unbilled_minutes,
        accepted_minutes)
      values (c.organization_id, c.project_id, c.minutes, c.approved, c.cost, c.unbilled, c.accepted)
      on conflict (organization_id, project_id) do update set
        minutes = p.minutes + excluded.minutes, approved_minutes = p.approved_minutes + excluded.approved_minutes,
        cost = p.cost + excluded.cost, unbilled_minutes = p.unbilled_minutes + excluded.unbilled_minutes,
        accepted_minutes = p.accepted_minutes + excluded.accepted_minutes;
  end if;
end $$;
create function count_new_time_costs() returns trigger language plpgsql as $$
declare
  c time_counts;
begin
  for c in
      select organization_id, project_id, task_id, activity_id, sum(sign * minutes)::bigint,
        coalesce(sum(sign * minutes) filter (where approved), 0)::bigint,
        coalesce(sum(sign * round(minutes * coalesce(cost_rate, 0) / 60.0)) filter (where approved), 0)::bigint,
        coalesce(sum(sign * minutes) filter (where approved and invoice_id is null), 0)::bigint,
        coalesce(sum(sign * minutes) filter (where approved and invoice_id is null and accepted), 0)::bigint
      from (select 1 as sign, * from added) r
      group by grouping sets ((1, 2), (1, 2, 3, 4))
      order by 3 nulls first, 4
    loop
    if (c.minutes, c.approved, c.cost, c.unbilled, c.accepted)
      is distinct from (0::bigint, 0::bigint, 0::bigint, 0::bigint, 0::bigint) then perform add_time_counts(c); end if;
  end loop;
  return null;
end $$;
create trigger counted_new after insert on time_costs referencing new table as added
  for each statement execute function count_new_time_costs();
create function count_changed_time_costs() returns trigger language plpgsql as $$
declare
  c time_counts;
begin
  for c in
      select organization_id, project_id, task_id, activity_id, sum(sign * minutes)::bigint,
        coalesce(sum(sign * minutes) filter (where approved), 0)::bigint,
        coalesce(sum(sign * round(minutes * coalesce(cost_rate, 0) / 60.0)) filter (where approved), 0)::bigint,
        coalesce(sum(sign * minutes) filter (where approved and invoice_id is null), 0)::bigint,
        coalesce(sum(sign * minutes) filter (where approved and invoice_id is null and accepted), 0)::bigint
      from (select 1 as sign, * from now union all select -1, * from before) r
      group by grouping sets ((1, 2), (1, 2, 3, 4))
      order by 3 nulls first, 4
    loop
    if (c.minutes, c.approved, c.cost, c.unbilled, c.accepted)
      is distinct from (0::bigint, 0::bigint, 0::bigint, 0::bigint, 0::bigint) then perform add_time_counts(c); end if;
  end loop;
  return null;
end $$;
create trigger counted after update on time_costs referencing old table as before new table as now
  for each statement execute function count_changed_time_costs();
create function count_gone_time_costs() returns trigger language plpgsql as $$
declare
  c time_counts;
begin
  for c in
      select organization_id, project_id, task_id, activity_id, sum(sign * minutes)::bigint,
        coalesce(sum(sign * minutes) filter (where approved), 0)::bigint,
        coalesce(sum(sign * round(minutes * coalesce(cost_rate, 0) / 60.0)) filter (where approved), 0)::bigint,
        coalesce(sum(sign * minutes) filter (where approved and invoice_id is null), 0)::bigint,
        coalesce(sum(sign * minutes) filter (where approved and invoice_id is null and accepted), 0)::bigint
      from (select -1 as sign, * from gone) r
      group by grouping sets ((1, 2), (1, 2, 3, 4))
      order by 3 nulls first, 4
    loop
    if (c.minutes, c.approved, c.cost, c.unbilled, c.accepted)
      is distinct from (0::bigint, 0::bigint, 0::bigint, 0::bigint, 0::bigint) then perform add_time_counts(c); end if;
  end loop;
  return null;
end $$;
create trigger counted_gone after delete on time_costs referencing old table as gone
  for each statement execute function count_gone_time_costs();

-- What the customer sees of time changes with these parts of a project alone.
drop trigger time_shared on projects;
create trigger time_shared after update of partner_id, shown, time_shown on projects for each row
  when ((old.partner_id, old.time_shown, 'time' = any (old.shown), 'people' = any (old.shown))
    is distinct from (new.partner_id, new.time_shown, 'time' = any (new.shown), 'people' = any (new.shown)))
  execute function share_weeks();

-- A subject has few files, also where nearly all are of one project.
alter table files alter column subject_id set (n_distinct = -0.2);

-- Shown to its customer or hidden from them, a project's tasks keep their words: only who finds them changes. A task
-- that is hidden is still found by its customer's name by staff, until it changes next.
drop trigger words_changed on tasks;
create trigger words_changed after update of title, vendor_id, customer_id, shown on tasks
  for each row when ((old.title, old.vendor_id, old.customer_id) is distinct from (new.title, new.vendor_id, new.customer_id)
    and coalesce(current_setting('app.words', true), '') <> 'kept')
  execute function index_changed();

create or replace function set_customer_of_tasks() returns trigger language plpgsql as $$
declare
  customer uuid := case when 'tasks' = any (new.shown) then new.partner_id end;
  changed uuid[];
  task uuid;
begin
  update tasks set people_shown = 'people' = any (new.shown)
    where organization_id = new.organization_id and project_id = new.id
      and people_shown <> ('people' = any (new.shown));
  -- Another customer's name is another word.
  perform set_config('app.words', case when old.partner_id = new.partner_id then 'kept' else '' end, true);
  with them as (
    update tasks set customer_id = case when shown then customer end
      where organization_id = new.organization_id and project_id = new.id
        and customer_id is distinct from case when shown then customer end
      returning id, vendor_id)
  select array_agg(id) filter (where vendor_id is null) into changed from them;
  perform set_config('app.words', '', true);
  if old.partner_id <> new.partner_id then return null; end if;
  foreach task in array coalesce(changed, '{}') loop
    update subject_words set partner_id = customer, visible_to = case when customer is null then 'staff' else 'both' end
      where organization_id = new.organization_id and subject_id = task;
  end loop;
  if customer is not null then
    perform add_words(new.organization_id, changed, words_of(concat_ws(' ', p.name, p.tax_number, compact(p.tax_number))))
      from partners p where p.organization_id = new.organization_id and p.id = customer;
  end if;
  return null;
end $$;
