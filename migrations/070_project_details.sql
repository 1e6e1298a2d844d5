-- A file may be read by whoever reads what holds it; null: its comment, or else its subject. Pictures have a smaller
-- copy (WebP) and its size in pixels, which a job makes.
alter table files
  add column held_by text check (held_by in ('project_file', 'log_file')),
  add column small_sha256 text,
  add column width integer,
  add column height integer;

-- Whether new days of its log are shown to its customer, unless it is said otherwise.
alter table projects add column log_shown boolean not null default true;

-- Whether a part of a project is for the reader: for staff all are, for its customer those that are shown to them.
-- Guests have none, and vendors see of it only what is theirs.
create function sees_project_part(project uuid, part text) returns boolean language plpgsql stable cost 100 as $$
begin
  if app_side() = 'system' or (app_side() = 'staff' and app_subjects() is null) then return true; end if;
  if app_side() not in ('staff', 'partner') or not sees(project) then return false; end if;
  if app_side() = 'staff' then return true; end if;
  perform from projects p where p.organization_id = app_organization() and p.id = project
    and p.partner_id = app_partner() and part = any (p.shown);
  return found;
end $$;

-- A version of a file of a project. All stay; lists have the last ones. Each has its audience: what is shared now
-- doesn't open what came before it.
create table project_files (
  organization_id uuid not null references organizations,
  id uuid not null,
  project_id uuid not null,
  -- The id of its first version, which all versions have.
  series uuid not null,
  version integer not null check (version > 0),
  file_id uuid not null,
  name text not null check (name <> ''),
  size bigint not null,
  -- '': in none.
  folder text not null default '',
  audience text not null check (audience in ('staff', 'partner', 'both')),
  -- Whose it is: only they replace it, share it or remove it.
  side text not null check (side in ('staff', 'partner')),
  person_id uuid not null,
  replaced_at timestamptz,
  removed_at timestamptz,
  created_at timestamptz not null default app_now(),
  primary key (organization_id, id),
  unique (organization_id, series, version),
  unique (organization_id, file_id),
  check (audience in (side, 'both')),
  foreign key (organization_id, project_id) references projects (organization_id, id),
  foreign key (organization_id, file_id) references files (organization_id, id),
  foreign key (organization_id, person_id) references people (organization_id, id)
);
create index project_files_now on project_files (organization_id, project_id, folder, id desc)
  where replaced_at is null and removed_at is null;
create index project_files_all on project_files (organization_id, project_id, id desc)
  where replaced_at is null and removed_at is null;
create index on project_files (organization_id, person_id, id);
alter table project_files alter column organization_id set (n_distinct = 10);
alter table project_files alter column project_id set (n_distinct = 200);

call secure('{project_files}', '(audience = ''both'' or app_side() in (audience, ''system''))
  and (removed_at is null or app_side() in (side, ''system'')) and sees_project_part(project_id, ''details'')');

-- A day of a project's log: what staff did, or a vendor, who has sent it by email.
create table project_logs (
  organization_id uuid not null references organizations,
  id uuid not null,
  project_id uuid not null,
  day date not null,
  -- Why nobody worked; '' if somebody did.
  no_work text not null default '',
  -- "2 people, 13 hours"
  people text not null default '',
  weather text not null default '',
  text text not null default '',
  -- Who sent it, if it isn't staff.
  vendor_id uuid,
  -- The customer sees it.
  shown boolean not null,
  person_id uuid not null,
  removed_at timestamptz,
  created_at timestamptz not null default app_now(),
  primary key (organization_id, id),
  foreign key (organization_id, project_id) references projects (organization_id, id),
  foreign key (organization_id, vendor_id) references partners (organization_id, id),
  foreign key (organization_id, person_id) references people (organization_id, id)
);
create index project_logs_now on project_logs (organization_id, project_id, day desc, id desc)
  where removed_at is null;
create index on project_logs (organization_id, vendor_id) where vendor_id is not null;
create index on project_logs (organization_id, person_id, id);
alter table project_logs alter column organization_id set (n_distinct = 10);
alter table project_logs alter column project_id set (n_distinct = 200);

create function sees_log(project uuid, vendor uuid, shown boolean, removed timestamptz) returns boolean
language plpgsql stable cost 100 as $$
begin
  if is_internal() then return sees_project_part(project, 'comments'); end if;
  if removed is not null or app_side() <> 'partner' then return false; end if;
  if vendor = app_partner() and every_subject() then
    return app_kinds() is null or 'project' = any (app_kinds());
  end if;
  return shown and sees_project_part(project, 'comments');
end $$;
call secure('{project_logs}', 'sees_log(project_id, vendor_id, shown, removed_at)');

-- Its photos, in their order, and whatever else a vendor's email had.
create table project_log_files (
  organization_id uuid not null references organizations,
  id uuid not null,
  log_id uuid not null,
  file_id uuid not null,
  name text not null check (name <> ''),
  size bigint not null,
  description text not null default '',
  removed_at timestamptz,
  primary key (organization_id, id),
  unique (organization_id, file_id),
  foreign key (organization_id, log_id) references project_logs (organization_id, id),
  foreign key (organization_id, file_id) references files (organization_id, id)
);
create index on project_log_files (organization_id, log_id, id);
alter table project_log_files alter column organization_id set (n_distinct = 10);
alter table project_log_files alter column log_id set (n_distinct = 1000);

create function sees_log_row(log uuid) returns boolean language plpgsql stable cost 100 as $$
begin
  if app_side() = 'system' then return true; end if;
  perform from project_logs l where l.organization_id = app_organization() and l.id = log;
  return found;
end $$;
call secure('{project_log_files}', '(removed_at is null or is_internal()) and sees_log_row(log_id)');

-- Each project has an address of its own, to which whoever is on it can forward mail. The name before the key is for
-- people; renewed, the address has another key. What comes to an earlier one waits for staff.
create table project_addresses (
  organization_id uuid not null references organizations,
  project_id uuid not null,
  key text not null check (key ~ '^[0-9a-f]{20}$'),
  ended_at timestamptz,
  created_at timestamptz not null default app_now(),
  primary key (organization_id, project_id, key),
  unique (key),
  foreign key (organization_id, project_id) references projects (organization_id, id)
);
create unique index project_address_now on project_addresses (organization_id, project_id) where ended_at is null;
alter table project_addresses alter column organization_id set (n_distinct = 10);
call secure('{project_addresses}', 'sees_project_part(project_id, ''details'')', 'is_internal()', 'was_shown(key)');

create function new_project_address() returns text language sql volatile
  return left(replace(gen_random_uuid()::text, '-', ''), 20);
create function add_project_address() returns trigger language plpgsql as $$
begin
  insert into project_addresses (organization_id, project_id, key) values (new.organization_id, new.id, new_project_address());
  return null;
end $$;
create trigger address_added after insert on projects for each row execute function add_project_address();
alter table projects no force row level security;
insert into project_addresses (organization_id, project_id, key) select organization_id, id, new_project_address() from projects;
alter table projects force row level security;

-- What came to it: a comment for the sender's own side, until that shares it.
create table project_mails (
  organization_id uuid not null references organizations,
  id uuid not null,
  project_id uuid not null,
  comment_id uuid not null,
  side text not null check (side in ('staff', 'partner')),
  person_id uuid not null,
  title text not null default '',
  shared_at timestamptz,
  created_at timestamptz not null default app_now(),
  primary key (organization_id, id),
  foreign key (organization_id, project_id) references projects (organization_id, id),
  foreign key (organization_id, comment_id) references comments (organization_id, id),
  foreign key (organization_id, person_id) references people (organization_id, id)
);
create index project_mails_kept on project_mails (organization_id, project_id, side, id desc) where shared_at is null;
create index on project_mails (organization_id, comment_id);
create index on project_mails (organization_id, person_id, id);
alter table project_mails alter column organization_id set (n_distinct = 10);
alter table project_mails alter column project_id set (n_distinct = 200);
call secure('{project_mails}', 'app_side() in (side, ''system'') and sees_project_part(project_id, ''details'')');

create function sees_held_file(file uuid, holder text) returns boolean language plpgsql stable cost 100 as $$
begin
  if app_side() = 'system' then return true; end if;
  if holder = 'project_file' then
    perform from project_files x where x.organization_id = app_organization() and x.file_id = file;
  else
    perform from project_log_files x where x.organization_id = app_organization() and x.file_id = file;
  end if;
  return found;
end $$;
alter policy reading on files using (
  organization_id = app_organization()
    and (withdrawn_by is null or app_side() in (withdrawn_by, 'system'))
    and case when held_by is not null then sees_held_file(id, held_by)
      when comment_id is null then sees(subject_id) else sees_comment(comment_id) end);
