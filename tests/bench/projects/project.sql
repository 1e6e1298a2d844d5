-- What is in a project, by the number of its tasks; written as sets, without triggers. `home`, one row, says whose it is.
create temp table crew as
  select h.organization_id, uuidv7() as id, k, case when k % 4 = 0 then h.vendor_id end as partner_id
  from home h, generate_series(1, 39) k;
insert into users (id, email) select id, 'crew' || k || '@crew.example' from crew;
insert into people (organization_id, id, user_id, partner_id, name, email, role, locale, time_zone)
  select organization_id, id, id, partner_id, 'Crew ' || k, 'crew' || k || '@crew.example', 'member', 'en-US', 'UTC'
  from crew;
insert into crew select organization_id, staff_id, 0, null from home;
insert into participants (organization_id, subject_id, person_id)
  select c.organization_id, h.project_id, c.id from crew c, home h where c.partner_id is null on conflict do nothing;

-- In phases of a hundred; each fifth is a step of the one before. Some 300 of 5,000 are done, the first ones.
create temp table work as
  select n, uuidv7(make_interval(secs => n - h.tasks)) as id, 'WORK-' || n as number,
    case when n % 100 = 1 then 'phase' when n % 5 = 0 then 'step' else 'task' end as kind,
    current_date - 45 + n * 700 / h.tasks as starts_on, n * 6 <= h.tasks and n % 100 <> 1 as early
  from home h, generate_series(1, h.tasks) n;
create index on work (n);
analyze work;
insert into tasks (organization_id, id, project_id, number, kind, parent_id, position, title, state, assignee_id,
    vendor_id, trade, customer_id, shown, starts_on, due_on, planned_starts_on, planned_due_on, estimate_minutes, done_at)
  select h.organization_id, w.id, h.project_id, w.number, w.kind,
    case w.kind when 'step' then p.id when 'task' then f.id end, w.n,
    (array['Level the floor', 'Hang the doors', 'Run the cables', 'Paint the walls', 'Fit the counter'])[1 + w.n % 5]
      || ' in room ' || w.n,
    case when w.early and w.n % 3 > 0 then 'done' when w.early then 'started' else 'open' end,
    case when w.n % 11 = 0 then h.customer_person when w.n % 3 = 0 then c.id end,
    case when w.n % 10 = 7 then h.vendor_id end, case when w.n % 10 = 7 then 'Joiner' else '' end,
    case when w.n % 9 > 0 then h.customer_id end, w.n % 9 > 0,
    case when w.kind <> 'phase' then w.starts_on end, case when w.kind <> 'phase' then w.starts_on + 4 end,
    w.starts_on, w.starts_on + case when w.n % 20 = 4 then 2 else 4 end,
    case when w.n % 4 > 0 then 60 + w.n % 7 * 60 end, case when w.early and w.n % 3 > 0 then now() end
  from work w cross join home h left join work p on p.n = w.n - 1 left join work f on f.n = w.n - (w.n - 1) % 100
    left join crew c on c.k = w.n % 40 and c.partner_id is null;
insert into subjects (organization_id, id, kind, number, title, state, partner_id, visible_to)
  select organization_id, id, 'task', number, title, state, coalesce(vendor_id, customer_id),
    case when coalesce(vendor_id, customer_id) is null then 'staff' else 'both' end
  from tasks where number like 'WORK-%';
insert into task_dependencies (organization_id, task_id, after_id)
  select h.organization_id, w.id, b.id from home h cross join work w join work b on b.n = w.n - 3
  where w.kind = 'task' and b.kind = 'task' and w.n % 100 > 4;
insert into participants (organization_id, subject_id, person_id)
  select organization_id, id, assignee_id from tasks where assignee_id is not null on conflict do nothing;
update projects j set (task_count, done_count, task_weight, done_weight, shown_count, shown_done_count, shown_weight,
    shown_done_weight) = (
  select count(*), count(*) filter (where done), sum(weight), sum(weight) filter (where done),
    count(*) filter (where sees), count(*) filter (where sees and done), sum(weight) filter (where sees),
    sum(weight) filter (where sees and done)
  from (select coalesce(estimate_minutes, 60) as weight, state = 'done' as done, customer_id is not null as sees
    from tasks t where t.organization_id = j.organization_id and t.project_id = j.id and kind = 'task') t)
  from home h where j.organization_id = h.organization_id and j.id = h.project_id;
update partners set has_work = true where id = (select vendor_id from home);

-- Twenty times as many entries of time as tasks, over two years, by forty people, each on eight tasks a week; what is
-- older than two weeks is approved.
insert into time_entries (organization_id, id, project_id, task_id, person_id, partner_id, day, minutes, note, approved)
  select organization_id, uuidv7(make_interval(secs => n - tasks * 20)), project_id, task_id, person_id, partner_id, day,
    15 + n % 20 * 6, case when n % 3 = 0 then 'Went on in room ' || n % 90 else '' end, day < current_date - 14
  from (
    select distinct on (c.id, day, w.id) h.organization_id, h.project_id, h.tasks, g.n, w.id as task_id,
      c.id as person_id, c.partner_id, day
    from home h cross join generate_series(1, h.tasks * 20) g (n)
      cross join lateral (select current_date - (g.n::bigint * 729 / (h.tasks * 20))::int as day) d
      join crew c on c.k = g.n % 40
      join work w on w.n = 2 + (c.k * 131 + g.n::bigint * 729 / (h.tasks * 20) / 7 * 17 + g.n / 40 % 8 * 997) % (h.tasks - 1)
    where w.kind <> 'phase') e;
insert into time_costs (organization_id, entry_id, project_id, task_id, minutes, approved, cost_rate, bill_rate)
  select organization_id, id, project_id, task_id, minutes, approved, 4000, 9000 from time_entries;
insert into time_sums select organization_id, project_id, week, person_id, work_id, sum(minutes),
    coalesce(sum(minutes) filter (where approved), 0) from time_entries group by 1, 2, 3, 4, 5;
insert into task_time select organization_id, task_id, project_id, sum(minutes),
    coalesce(sum(minutes) filter (where approved), 0),
    coalesce(sum(round(minutes * 4000 / 60.0)) filter (where approved), 0), max(day)
  from time_entries group by 1, 2, 3;
insert into project_time (organization_id, project_id, minutes, approved_minutes, cost, unbilled_minutes)
  select organization_id, project_id, sum(minutes), coalesce(sum(minutes) filter (where approved), 0),
    coalesce(sum(round(minutes * 4000 / 60.0)) filter (where approved), 0),
    coalesce(sum(minutes) filter (where approved), 0) from time_entries group by 1, 2;
insert into time_days select organization_id, person_id, day, least(1440, sum(minutes)) from time_entries group by 1, 2, 3;
insert into time_weeks (organization_id, person_id, week, project_id, partner_id, state, minutes)
  select organization_id, person_id, week, project_id, partner_id,
    case when bool_and(approved) then 'approved' when week < current_date - 7 then 'submitted' else 'open' end,
    sum(minutes)
  from time_entries group by 1, 2, 3, 4, 5;
insert into time_shares (organization_id, project_id, week, work_id, person_id, customer_id, named, trade, minutes, note)
  select e.organization_id, e.project_id, e.week, e.work_id, e.person_id, h.customer_id, e.partner_id is null,
    case when e.partner_id is null then '' else 'Joiner' end, sum(e.minutes), max(e.note)
  from time_entries e, home h where e.approved group by 1, 2, 3, 4, 5, 6, 7, 8;
insert into shared_weeks (organization_id, project_id, week, customer_id, minutes)
  select organization_id, project_id, week, customer_id, sum(minutes) from time_shares group by 1, 2, 3, 4;

-- Documents with ten lines, one for each 25 tasks, and a budget: two items for each five tasks, in groups of fifty.
create temp table papers as
  select n, uuidv7(make_interval(secs => n - h.tasks)) as id,
    (array['estimate', 'invoice', 'purchase_order', 'bill', 'invoice'])[1 + n % 5] as type
  from home h, generate_series(1, h.tasks / 25) n;
insert into documents (organization_id, id, type, number, state, started_by, partner_id, project_id, title, currency,
    issued_on, due_on, subtotal, total, version, sha256, budgeted)
  select h.organization_id, p.id, p.type, 'PAPER-' || p.n,
    case p.type when 'estimate' then 'accepted' when 'bill' then 'approved' else 'sent' end,
    case p.type when 'bill' then 'partner' else 'staff' end,
    case when p.type in ('bill', 'purchase_order') then h.vendor_id else h.customer_id end, h.project_id, 'Part ' || p.n,
    'USD', current_date - p.n % 300, current_date + 30 - p.n % 300, 100000, 100000, 1, '', true
  from papers p, home h;
insert into subjects (organization_id, id, kind, number, title, state, partner_id, visible_to)
  select d.organization_id, d.id, d.type, d.number, d.title, d.state, d.partner_id, 'both'
  from documents d join papers p on p.id = d.id;
insert into lines (organization_id, document_id, id, position, description, quantity, unit, unit_price, amount)
  select h.organization_id, p.id, uuidv7(), k, 'Line ' || k, 1, 'pc', 100, 10000
  from papers p, home h, generate_series(1, 10) k;
insert into budget_groups (organization_id, id, project_id, position, name)
  select organization_id, uuidv7(), project_id, g, 'Group ' || g from home, generate_series(1, greatest(1, tasks / 125)) g;
insert into budget_items (organization_id, id, project_id, group_id, position, name, quantity, unit, unit_cost, markup,
    unit_price, cost, price, vendor_id, task_id, added_by)
  select h.organization_id, uuidv7(), h.project_id, g.id, n.n, 'Item ' || n.n, 10, 'pc', 50, 20, 60, 50000, 60000,
    case when n.n % 3 = 0 then h.vendor_id end, case when n.n % 3 = 1 then w.id end, g.id
  from home h cross join generate_series(1, h.tasks * 2 / 5) n (n)
    join budget_groups g on g.position = 1 + (n.n - 1) / 50 join work w on w.n = n.n * 2;
insert into budget_lines (organization_id, document_id, line_id, item_id)
  select l.organization_id, l.document_id, l.id, i.id
  from (select *, row_number() over (order by id) as n from lines where description like 'Line %') l
    join (select *, row_number() over (order by position) as n from budget_items) i on i.n = l.n;
insert into budget_item_sums (organization_id, item_id, offered, accepted, changed, changed_cost, invoiced,
    invoiced_quantity, ordered, ordered_quantity, billed, billed_quantity, actual, foreign_lines)
  select organization_id, id, 0, 0, 0, 0, case when position % 2 = 0 then 30000 else 0 end,
    case when position % 2 = 0 then 5 else 0 end, 0, 0, 0, 0, 0, 0 from budget_items;

-- A comment for each five tasks: a quarter of them begin threads.
create temp table said as
  select n.n, uuidv7(make_interval(secs => n.n - h.tasks)) as id, c.id as person_id
  from home h cross join generate_series(1, greatest(8, h.tasks / 5)) n (n) join crew c on c.k = n.n % 4 * 2 + 1;
insert into activities (organization_id, id, subject_id, partner_id, person_id, side, action, details, visible_to)
  select h.organization_id, s.id, h.project_id, h.customer_id, s.person_id, 'staff', 'comment',
    jsonb_build_object('comment', s.id), 'both' from said s, home h;
insert into comments (organization_id, id, last_id, subject_id, partner_id, activity_id, person_id, audience, title, body,
    thread_id, replies)
  select h.organization_id, s.id, case when s.n % 4 = 1 then l.id end, h.project_id, h.customer_id, s.id, s.person_id,
    'shared', case when s.n % 4 = 1 then 'Room ' || s.n else '' end,
    'Could the desk be delivered in the second week? The painters need the first one for the ceiling.',
    case when s.n % 4 <> 1 then f.id end, case when s.n % 4 = 1 then 3 else 0 end
  from home h cross join said s join said f on f.n = s.n - (s.n - 1) % 4
    left join said l on l.n = f.n + 3;
update comments set last_id = id where thread_id is null and last_id is null;
insert into thread_people (organization_id, thread_id, person_id, subject_id, tagged)
  select distinct organization_id, coalesce(thread_id, id), person_id, subject_id, false from comments
    where body like 'Could the desk%';

-- Events, one for each 12 tasks; each tenth is a series of fifty weeks.
create temp table meetings as
  select n, uuidv7(make_interval(secs => n - h.tasks)) as id, current_date - 200 + n * 400 / greatest(1, h.tasks / 12) as day
  from home h, generate_series(1, h.tasks / 12) n;
insert into events (organization_id, id, project_id, number, title, state, organizer_id, customer_id, starts_at, ends_at,
    time_zone, repeats, times, last_on)
  select h.organization_id, m.id, h.project_id, 'MEET-' || m.n, 'Walk through room ' || m.n, 'planned', h.staff_id,
    h.customer_id, m.day + time '09:00', m.day + time '10:00', 'UTC', case when m.n % 10 = 1 then 'weekly' end,
    case when m.n % 10 = 1 then 50 end, m.day + case when m.n % 10 = 1 then 343 else 0 end
  from meetings m, home h;
insert into event_occurrences (organization_id, event_id, project_id, customer_id, starts_on, ends_on, begins_at)
  select h.organization_id, m.id, h.project_id, h.customer_id, m.day + 7 * k, m.day + 7 * k, m.day + 7 * k + time '09:00'
  from home h, meetings m, generate_series(0, 49) k where k = 0 or m.n % 10 = 1;
insert into subjects (organization_id, id, kind, number, title, state, partner_id, visible_to)
  select organization_id, id, 'event', number, title, state, customer_id, 'both' from events;
insert into participants (organization_id, subject_id, person_id)
  select h.organization_id, m.id, p from meetings m, home h, unnest(array[h.staff_id, h.customer_person]) p;

-- Files, three for each five tasks, in folders of 150; a third are pictures.
create temp table kept as
  select n, uuidv7(make_interval(secs => n - h.tasks)) as id from home h, generate_series(1, h.tasks * 3 / 5) n;
insert into files (organization_id, id, subject_id, sha256, name, content_type, size, held_by, small_sha256, width, height)
  select h.organization_id, k.id, h.project_id, md5(k.n::text), 'room-' || k.n, 'text/plain', 20000, 'project_file',
    case when k.n % 3 = 0 then md5(k.n::text) end, 400, 300 from kept k, home h;
insert into project_files (organization_id, id, project_id, series, version, file_id, name, size, folder, audience, side,
    person_id)
  select h.organization_id, k.id, h.project_id, k.id, 1, k.id,
    'room-' || k.n || case when k.n % 3 = 0 then '.png' else '.txt' end, 20000, 'Folder ' || k.n / 150,
    case when k.n % 4 = 0 then 'staff' else 'both' end, 'staff', h.staff_id from kept k, home h;
insert into project_logs (organization_id, id, project_id, day, text, shown, person_id)
  select h.organization_id, k.id, h.project_id, current_date - k.n / 10, 'Went on in room ' || k.n, true, h.staff_id
  from kept k, home h where k.n % 10 = 0;

select index_subject(organization_id, id) from subjects where kind in ('task', 'event') or number like 'PAPER-%';
