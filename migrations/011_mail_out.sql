-- What came back of a person's mail: points that count for 60 days, unless mail from them or staff say before that the address is well.
create table bounces (
  organization_id uuid not null references organizations,
  id uuid not null,
  person_id uuid not null,
  email_id uuid not null,
  kind text not null check (kind in ('hard', 'soft')),
  points integer not null,
  created_at timestamptz not null default app_now(),
  primary key (organization_id, id),
  unique (organization_id, email_id),
  foreign key (organization_id, person_id) references people (organization_id, id),
  foreign key (organization_id, email_id) references emails (organization_id, id)
);
create index on bounces (organization_id, person_id, created_at);

-- Their mail program told ours that they take our mail for spam: what they need not have, they don't get any more.
alter table people add column complained_at timestamptz;

alter table bounces enable row level security;
alter table bounces force row level security;
create policy internal on bounces using (organization_id = app_organization() and is_internal() and every_document());
