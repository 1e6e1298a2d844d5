-- The words of what belongs to a subject, each found by itself: a line of what was sent, a comment, a file's name; and of
-- a person, whose id is its subject's, too. As `subject_words`, for the search of everything.
create table part_words (
  organization_id uuid not null references organizations,
  part text not null collate "C" check (part in ('line', 'comment', 'file', 'person')),
  word text not null collate "C",
  subject_id uuid not null,
  id uuid not null,
  partner_id uuid,
  audience text not null,
  primary key (organization_id, subject_id, id, word)
);
-- Each side's index is without what the other says among itself: there may be far more of it than of what they read.
create index part_words_found on part_words (organization_id, part, word, id) include (subject_id, partner_id, audience)
  where audience <> 'partner';
create index part_words_of_partner on part_words (organization_id, partner_id, part, word, id)
  include (subject_id, audience) where partner_id is not null and audience <> 'staff';
alter table part_words
  alter column organization_id set (n_distinct = 10),
  alter column partner_id set (n_distinct = 50),
  alter column subject_id set (n_distinct = -0.2);

-- Whether a reader may find a part by its words: as its own policy decides whether they may read it. Staff are spared
-- what would be looked up for nothing.
create function sees_part(part text, subject uuid, own uuid, partner uuid, audience text) returns boolean
language plpgsql stable cost 100 as $$
declare
  side text := app_side();
begin
  if side = 'system' then return true;
  elsif audience not in (side, 'both', 'shared') then return false;
  elsif side = 'staff' and part <> 'file' then return app_subjects() is null or subject = any (app_subjects());
  elsif side <> 'staff' and partner is distinct from app_partner() then return false;
  end if;
  case part
    when 'person' then return side = 'partner' and app_subjects() is null;
    when 'comment' then return sees_said(subject, audience);
    when 'file' then
      perform from files f where f.organization_id = app_organization() and f.id = own;
      return found;
    else return sees(subject);
  end case;
end $$;
call secure('{part_words}', 'sees_part(part, subject_id, id, partner_id, audience)');

-- Writes the words of one part; only what differs.
create function set_part_words(
  organization uuid, kind text, subject uuid, own uuid, partner uuid, readers text, wanted text[]
) returns void language plpgsql as $$
begin
  delete from part_words w where w.organization_id = organization and w.subject_id = subject and w.id = own
    and w.word <> all (wanted);
  insert into part_words as known (organization_id, part, word, subject_id, id, partner_id, audience)
    select organization, kind, w, subject, own, partner, readers from unnest(wanted) w
    on conflict (organization_id, subject_id, id, word) do update
      set partner_id = excluded.partner_id, audience = excluded.audience
      where (known.partner_id, known.audience) is distinct from (excluded.partner_id, excluded.audience);
end $$;

-- The lines of a document as it was sent last: a draft, which saves itself while it is typed, is found as a whole.
create function index_lines(organization uuid, document uuid) returns void language plpgsql as $$
begin
  delete from part_words w where w.organization_id = organization and w.subject_id = document and w.part = 'line'
    and w.id <> all (array(
      select l.id from lines l where l.organization_id = organization and l.document_id = document));
  perform set_part_words(organization, 'line', document, l.id, d.partner_id, 'both',
      words_of(left(l.description, 2000)))
    from lines l join documents d on d.organization_id = l.organization_id and d.id = l.document_id
    where l.organization_id = organization and l.document_id = document;
end $$;
create function index_sent_lines() returns trigger language plpgsql as $$
begin
  perform index_lines(new.organization_id, new.document_id);
  return null;
end $$;
create trigger line_words_made after insert on versions for each row execute function index_sent_lines();

create function index_comment(organization uuid, comment uuid) returns void language plpgsql as $$
begin
  perform set_part_words(organization, 'comment', c.subject_id, c.id, c.partner_id, c.audience,
      words_of(left(concat_ws(' ', c.title, c.body), 4000)))
    from comments c where c.organization_id = organization and c.id = comment;
end $$;
create function index_said() returns trigger language plpgsql as $$
begin
  perform index_comment(new.organization_id, new.id);
  return null;
end $$;
create trigger words_made after insert on comments for each row execute function index_said();
create trigger words_changed after update of title, body, audience on comments
  for each row when ((old.title, old.body, old.audience) is distinct from (new.title, new.body, new.audience))
  execute function index_said();

-- A document's own PDF isn't looked for: the document is.
create function index_file(organization uuid, file uuid) returns void language plpgsql as $$
begin
  perform set_part_words(organization, 'file', f.subject_id, f.id, s.partner_id, 'both', words_of(left(f.name, 500)))
    from files f join subjects s on s.organization_id = f.organization_id and s.id = f.subject_id
    where f.organization_id = organization and f.id = file and f.version is null;
end $$;
create function index_kept() returns trigger language plpgsql as $$
begin
  perform index_file(new.organization_id, new.id);
  return null;
end $$;
create trigger words_made after insert on files
  for each row when (new.version is null) execute function index_kept();
create trigger words_changed after update of name on files
  for each row when (old.name <> new.name and new.version is null) execute function index_kept();

create function index_person(organization uuid, person uuid) returns void language plpgsql as $$
begin
  perform set_part_words(organization, 'person', p.id, p.id, p.partner_id, 'both',
      case when p.removed_at is null then words_of(concat_ws(' ', p.name, p.email, p.title)) else '{}' end)
    from people p where p.organization_id = organization and p.id = person;
end $$;
create function index_known() returns trigger language plpgsql as $$
begin
  perform index_person(new.organization_id, new.id);
  return null;
end $$;
create trigger person_words_made after insert on people for each row execute function index_known();
create trigger person_words_changed after update of name, email, title, removed_at on people
  for each row when ((old.name, old.email, old.title, old.removed_at)
    is distinct from (new.name, new.email, new.title, new.removed_at))
  execute function index_known();

-- A comment stays with the partner that it was written for; lines and files go with their subject.
create function move_parts() returns trigger language plpgsql as $$
begin
  update part_words w set partner_id = new.partner_id
    where w.organization_id = new.organization_id and w.subject_id = new.id and w.part in ('line', 'file');
  return null;
end $$;
create trigger parts_moved after update of partner_id on subjects
  for each row when (old.partner_id is distinct from new.partner_id) execute function move_parts();

-- What was there before: a job makes its words, some at a time, in the order of the ids.
create table words_to_make (
  organization_id uuid not null references organizations,
  part text not null,
  after_id uuid not null default '00000000-0000-0000-0000-000000000000',
  primary key (organization_id, part)
);
alter table organizations no force row level security;
insert into words_to_make (organization_id, part)
  select o.id, p from organizations o, unnest('{person, line, file, comment}'::text[]) p;
alter table organizations force row level security;
call secure('{words_to_make}', 'is_internal()');

-- The next few of a part. Returns whether there may be more.
create function make_words(organization uuid, kind text, most integer) returns boolean language plpgsql as $$
declare
  last uuid;
  ids uuid[];
begin
  select m.after_id into last from words_to_make m
    where m.organization_id = organization and m.part = kind for update;
  if last is null then return false; end if;
  case kind
    when 'person' then
      ids := array(select p.id from people p
        where p.organization_id = organization and p.id > last order by p.id limit most);
      perform index_person(organization, i) from unnest(ids) i;
    when 'line' then
      ids := array(select d.id from documents d
        where d.organization_id = organization and d.id > last order by d.id limit most);
      perform index_lines(organization, i) from unnest(ids) i
        cross join lateral (
          select from documents d where d.organization_id = organization and d.id = i and d.version > 0 limit 1) d;
    when 'file' then
      ids := array(select f.id from files f
        where f.organization_id = organization and f.id > last order by f.id limit most);
      perform index_file(organization, i) from unnest(ids) i;
    else
      ids := array(select c.id from comments c
        where c.organization_id = organization and c.id > last order by c.id limit most);
      perform index_comment(organization, i) from unnest(ids) i;
  end case;
  if cardinality(ids) < most then
    delete from words_to_make m where m.organization_id = organization and m.part = kind;
    return false;
  end if;
  update words_to_make m set after_id = ids[most] where m.organization_id = organization and m.part = kind;
  return true;
end $$;
