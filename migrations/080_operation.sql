-- The request that an email was queued by, or the message that came in: names it in the log.
alter table emails add column request_id text;

-- Jobs of an organization that failed and are tried again, or have no tries left. A row goes with its job: what is tried
-- next, and when, is in the job itself.
create table failing_jobs (
  organization_id uuid not null references organizations,
  job_id bigint not null,
  task text not null,
  -- Why it failed last, as the log has it.
  detail text not null,
  failed_at timestamptz not null default now(),
  since timestamptz not null default now(),
  primary key (organization_id, job_id)
);
create index on failing_jobs (organization_id, failed_at desc);
create index on failing_jobs (job_id);
call secure('{failing_jobs}', 'is_internal()');

-- The processes that are alive. They belong to the installation, not to an organization.
create table processes (
  id uuid primary key,
  roles text[] not null,
  version text not null,
  started_at timestamptz not null default now(),
  seen_at timestamptz not null default now()
);
create index on processes (seen_at);
