-- The job runners that are alive, by the names under which they hold jobs. One that is not heard from loses its jobs to
-- the others.
create table workers (
  id text primary key,
  seen_at timestamptz not null default now()
);
