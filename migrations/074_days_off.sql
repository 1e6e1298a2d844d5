-- Days on which an organization doesn't work: public holidays, a closure. At most 300, each of 62 days at most. Whoever
-- sees anything of the organization may know them.
create table days_off (
  organization_id uuid not null references organizations,
  id uuid not null,
  starts_on date not null,
  ends_on date not null,
  name text not null check (name <> ''),
  created_at timestamptz not null default app_now(),
  primary key (organization_id, id),
  check (ends_on between starts_on and starts_on + 61)
);
create index on days_off (organization_id, starts_on);
alter table days_off alter column organization_id set (n_distinct = 10);
call secure('{days_off}', 'true');
