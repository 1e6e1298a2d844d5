-- Which version of each text counts, and which one somebody accepted last (null: none), where each request finds them:
-- whoever accepted an earlier one is asked again.
alter table organizations
  add column terms_version integer not null default 0,
  add column privacy_version integer not null default 0;
alter table people
  add column terms_version integer,
  add column privacy_version integer;

-- By how many contacts each version is the last that they accepted.
create table terms_standing (
  organization_id uuid not null references organizations,
  kind text not null check (kind in ('terms', 'privacy')),
  version integer not null,
  contacts integer not null default 0,
  primary key (organization_id, kind, version)
);
call secure('{terms_standing}', 'is_internal()');

create function note_published() returns trigger language plpgsql as $$
begin
  update organizations set
    terms_version = case new.kind when 'terms' then new.version else terms_version end,
    privacy_version = case new.kind when 'privacy' then new.version else privacy_version end
  where id = new.organization_id;
  return null;
end $$;
create trigger published after insert on terms_versions for each row execute function note_published();

create function note_accepted() returns trigger language plpgsql as $$
begin
  update people set
    terms_version = case new.kind when 'terms' then greatest(terms_version, new.version) else terms_version end,
    privacy_version = case new.kind when 'privacy' then greatest(privacy_version, new.version) else privacy_version end
  where organization_id = new.organization_id and id = new.person_id;
  return null;
end $$;
create trigger accepted after insert on terms_acceptances for each row execute function note_accepted();

-- Who is removed counts no more, until they are back.
create function count_terms() returns trigger language plpgsql as $$
begin
  insert into terms_standing as s (organization_id, kind, version, contacts)
  select new.organization_id, v.kind, v.version, sum(v.by) from (values
    ('terms', case when old.removed_at is null then old.terms_version end, -1),
    ('terms', case when new.removed_at is null then new.terms_version end, 1),
    ('privacy', case when old.removed_at is null then old.privacy_version end, -1),
    ('privacy', case when new.removed_at is null then new.privacy_version end, 1)) v (kind, version, by)
  where v.version is not null
  group by v.kind, v.version having sum(v.by) <> 0
  order by v.kind, v.version
  on conflict (organization_id, kind, version) do update set contacts = s.contacts + excluded.contacts;
  return null;
end $$;

alter table organizations no force row level security;
alter table people no force row level security;
alter table terms_versions no force row level security;
alter table terms_acceptances no force row level security;
alter table terms_standing no force row level security;
update organizations o set
  terms_version = v.terms, privacy_version = v.privacy
from (
  select organization_id, coalesce(max(version) filter (where kind = 'terms'), 0) as terms,
    coalesce(max(version) filter (where kind = 'privacy'), 0) as privacy
  from terms_versions group by organization_id) v
where v.organization_id = o.id;
update people p set
  terms_version = v.terms, privacy_version = v.privacy
from (
  select organization_id, person_id, max(version) filter (where kind = 'terms') as terms,
    max(version) filter (where kind = 'privacy') as privacy
  from terms_acceptances group by organization_id, person_id) v
where v.organization_id = p.organization_id and v.person_id = p.id;
insert into terms_standing (organization_id, kind, version, contacts)
select p.organization_id, v.kind, v.version, count(*)
from people p cross join lateral (values ('terms', p.terms_version), ('privacy', p.privacy_version)) v (kind, version)
where v.version is not null and p.partner_id is not null and p.removed_at is null
group by p.organization_id, v.kind, v.version;
alter table organizations force row level security;
alter table people force row level security;
alter table terms_versions force row level security;
alter table terms_acceptances force row level security;
alter table terms_standing force row level security;

create trigger terms_counted after update of removed_at, terms_version, privacy_version on people
  for each row when (new.partner_id is not null) execute function count_terms();

-- What somebody did to their own sign-in, beside the rest.
call allow_value('security_events', 'action', 'passkey_renamed');
call allow_value('security_events', 'action', 'signed_out');
