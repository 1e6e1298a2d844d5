-- The line of an invoice that time was last billed with. It stays when the time is billable again, so that a line that
-- counts again takes its time back, unless another line has it by then (documents/budget/settle_time.ts).
alter table time_costs add column line_id uuid;
-- Who of the customer approved it.
alter table time_costs add column accepted_by uuid,
  add foreign key (organization_id, accepted_by) references people (organization_id, id);
create index time_of_line on time_costs (organization_id, line_id) where line_id is not null;
-- Whether lines of a document bill time: then its acts settle it.
alter table documents add column bills_time boolean not null default false;
update documents d set bills_time = true
  from (select distinct organization_id, invoice_id from time_costs where invoice_id is not null) c
  where d.organization_id = c.organization_id and d.id = c.invoice_id;
drop trigger time_freed on documents;
drop function free_time();

-- The customer approves a week as a whole or by task, or has a question about it.
alter table time_shares add column accepted boolean not null default false;
alter table shared_weeks add column accepted_minutes bigint, add column questioned_at timestamptz,
  add column questioned_by uuid,
  add foreign key (organization_id, questioned_by) references people (organization_id, id);

-- What the customer sees of a project's week, written anew. It is approved once all of it is.
create or replace function share_week(organization uuid, project uuid, of_week date) returns void language plpgsql as $$
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
      coalesce((array_agg(e.note order by e.day desc) filter (where e.note <> ''))[1], ''),
      bool_and(c.accepted)
    from time_entries e
    cross join lateral (select c.accepted from time_costs c
      where c.organization_id = e.organization_id and c.entry_id = e.id limit 1) c
    left join tasks t on t.organization_id = e.organization_id and t.id = e.task_id
    left join project_activities a on a.organization_id = e.organization_id and a.id = e.activity_id
    where e.organization_id = organization and e.project_id = project and e.week = of_week and e.approved
    group by e.organization_id, e.project_id, e.week, e.work_id, e.person_id, e.partner_id;
  if not found then
    delete from shared_weeks w where w.organization_id = organization and w.project_id = project and w.week = of_week;
    return;
  end if;
  insert into shared_weeks (organization_id, project_id, week, customer_id, minutes, accepted_minutes)
    select organization, project, of_week, customer, case when hours then sum(s.minutes) end,
      case when hours then coalesce(sum(s.minutes) filter (where s.accepted), 0) end
      from time_shares s
      where s.organization_id = organization and s.project_id = project and s.week = of_week
    on conflict (organization_id, project_id, week) do update set customer_id = excluded.customer_id,
      minutes = excluded.minutes, accepted_minutes = excluded.accepted_minutes;
end $$;

-- Who leaves can't submit any more what they have logged: it waits for approval as it is. Nothing runs for them.
create function submit_weeks_of_removed() returns trigger language plpgsql as $$
begin
  delete from timers t where t.organization_id = new.organization_id and t.person_id = new.id;
  update time_weeks w set state = 'submitted', minutes = s.minutes
    from (select w.project_id, w.week, (select coalesce(sum(s.minutes), 0) from time_sums s
        where s.organization_id = w.organization_id and s.project_id = w.project_id and s.week = w.week
          and s.person_id = w.person_id) as minutes
      from time_weeks w where w.organization_id = new.organization_id and w.person_id = new.id
        and w.state in ('open', 'sent_back')) s
    where w.organization_id = new.organization_id and w.person_id = new.id and w.week = s.week
      and w.project_id = s.project_id and s.minutes > 0;
  return null;
end $$;
create trigger weeks_submitted after update of removed_at on people
  for each row when (old.removed_at is null and new.removed_at is not null)
  execute function submit_weeks_of_removed();
