-- Files that a partner and the organization share beside their documents. Each partner has one folder: a subject whose id
-- is the partner's, so that conversation, notifications, links and reply keys hang on it as on every other.
create function add_folder() returns trigger language plpgsql as $$
begin
  insert into subjects (organization_id, id, kind, number, title, state, partner_id, visible_to, created_at)
    values (new.organization_id, new.id, 'shared_folder', null, new.name, 'open', new.id, 'both', app_now());
  return null;
end $$;
create trigger folder_added after insert on partners for each row execute function add_folder();

create function rename_folder() returns trigger language plpgsql as $$
begin
  update subjects set title = new.name where organization_id = new.organization_id and id = new.id;
  return null;
end $$;
create trigger folder_renamed after update of name on partners
  for each row when (old.name is distinct from new.name) execute function rename_folder();

-- Partners that are there already. The owner of the tables is bound by their policies, too.
alter table partners no force row level security;
alter table subjects no force row level security;
insert into subjects (organization_id, id, kind, number, title, state, partner_id, visible_to)
  select organization_id, id, 'shared_folder', null, name, 'open', id, 'both' from partners;
alter table partners force row level security;
alter table subjects force row level security;

-- A folder is no single thing that was sent to somebody: guests don't see it, and of contacts who may not use all
-- modules only those who may use this one, whether or not they take part in it.
create or replace function may_see(subject uuid, partner uuid, visible_to text, kind text) returns boolean
language plpgsql stable cost 10 as $$
begin
  return may_see(subject, partner, visible_to)
    and (kind is distinct from 'shared_folder' or app_side() <> 'guest')
    and (app_kinds() is null or kind = any (app_kinds()) or (kind is null and sees(subject))
      or (kind is distinct from 'shared_folder' and subject = any (app_shared())));
end $$;

-- Whether a contact may use the folder of their partner; what they take part in doesn't count.
create function may_use_folder(organization uuid, person uuid) returns boolean language plpgsql stable cost 100 as $$
begin
  perform from people p join organizations o on o.id = p.organization_id
    where p.organization_id = organization and p.id = person and p.partner_id is not null and p.removed_at is null
      and not p.pending and not p.guest
      and coalesce('files' = any (usable_modules(o.modules, p.modules)), true);
  return found;
end $$;

-- Removed by the side that had shared it: nobody else can open it any more.
alter table files add column withdrawn_by text check (withdrawn_by in ('staff', 'partner'));
alter policy reading on files using (
  organization_id = app_organization()
    and (withdrawn_by is null or app_side() in (withdrawn_by, 'system'))
    and case when comment_id is null then sees(subject_id) else sees_comment(comment_id) end);

-- A version of a shared file. All stay; lists have the last ones.
create table shared_files (
  organization_id uuid not null references organizations,
  id uuid not null,
  -- Also the id of the folder.
  partner_id uuid not null,
  -- The id of its first version, which all versions have.
  series uuid not null,
  version integer not null check (version > 0),
  file_id uuid not null,
  name text not null check (name <> ''),
  size bigint not null,
  -- Whose it is: only they replace it or remove it.
  side text not null check (side in ('staff', 'partner')),
  person_id uuid not null,
  replaced_at timestamptz,
  removed_at timestamptz,
  created_at timestamptz not null default app_now(),
  primary key (organization_id, id),
  unique (organization_id, series, version),
  unique (organization_id, file_id),
  foreign key (organization_id, partner_id) references partners (organization_id, id),
  foreign key (organization_id, file_id) references files (organization_id, id),
  foreign key (organization_id, person_id) references people (organization_id, id)
);
create index shared_files_now on shared_files (organization_id, partner_id, id desc)
  where replaced_at is null and removed_at is null;
create index on shared_files (organization_id, person_id, id);
-- See 013_sums.sql.
alter table shared_files alter column organization_id set (n_distinct = 10);
alter table shared_files alter column partner_id set (n_distinct = 50);

call secure('{shared_files}', 'may_see(partner_id, partner_id, ''both'', ''shared_folder'')
  and (removed_at is null or app_side() in (side, ''system''))');
