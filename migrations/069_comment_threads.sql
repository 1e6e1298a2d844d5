-- Comments of a project stand in threads: the first one begins it, the others answer in it, one step deep.
alter table comments
  -- The first one of its thread; null: it is that itself.
  add column thread_id uuid,
  -- Of a first one: what the thread is called, and the task that it is about.
  add column title text not null default '' check (length(title) <= 200),
  add column about_id uuid,
  -- Of a first one, kept by triggers: the newest of its thread, how many answer it, whether any of them has files.
  add column last_id uuid,
  add column replies integer not null default 0,
  add column has_files boolean not null default false,
  add foreign key (organization_id, thread_id) references comments (organization_id, id),
  add foreign key (organization_id, about_id) references tasks (organization_id, id);

alter table comments no force row level security;
alter table files no force row level security;
update comments c set last_id = c.id, has_files = coalesce((select true from files f
  where f.organization_id = c.organization_id and f.comment_id = c.id limit 1), false);
alter table comments force row level security;
alter table files force row level security;

create index comment_threads on comments (organization_id, subject_id, last_id desc) where thread_id is null;
create index comment_threads_with_files on comments (organization_id, subject_id, last_id desc)
  where thread_id is null and has_files;
create index comments_in_thread on comments (organization_id, thread_id, id) where thread_id is not null;
create index on comments (organization_id, about_id) where about_id is not null;
alter table comments alter column thread_id set (n_distinct = -0.2);

-- An answer is read by those who read what it answers.
create function place_comment() returns trigger language plpgsql as $$
declare
  first comments;
begin
  if new.thread_id is null then
    new.last_id := new.id;
    return new;
  end if;
  select * into first from comments c where c.organization_id = new.organization_id and c.id = new.thread_id;
  if first.subject_id is distinct from new.subject_id or first.audience is distinct from new.audience
    or first.thread_id is not null then raise exception 'comment % answers in no such thread', new.id; end if;
  return new;
end $$;
create trigger placed before insert on comments for each row execute function place_comment();

create function extend_thread() returns trigger language plpgsql as $$
begin
  update comments set last_id = new.id, replies = replies + 1, has_files = has_files or new.has_files
    where organization_id = new.organization_id and id = new.thread_id;
  return null;
end $$;
create trigger thread_extended after insert on comments
  for each row when (new.thread_id is not null) execute function extend_thread();

-- Whom a comment was meant for: those who were mentioned or answered, and those who were notified of it afterwards.
create table comment_tags (
  organization_id uuid not null references organizations,
  comment_id uuid not null,
  person_id uuid not null,
  -- Who notified them; null: its author, by writing it.
  notified_by uuid,
  created_at timestamptz not null default app_now(),
  primary key (organization_id, comment_id, person_id),
  foreign key (organization_id, comment_id) references comments (organization_id, id),
  foreign key (organization_id, person_id) references people (organization_id, id),
  foreign key (organization_id, notified_by) references people (organization_id, id)
);
create index on comment_tags (organization_id, person_id, comment_id);
create index on comment_tags (organization_id, notified_by) where notified_by is not null;
alter table comment_tags alter column organization_id set (n_distinct = 10);
call secure('{comment_tags}', 'sees_comment(comment_id)');

-- Whom Reply all reaches: who wrote in a thread, or was tagged in it.
create table thread_people (
  organization_id uuid not null references organizations,
  thread_id uuid not null,
  person_id uuid not null,
  subject_id uuid not null,
  tagged boolean not null,
  primary key (organization_id, thread_id, person_id),
  foreign key (organization_id, thread_id) references comments (organization_id, id),
  foreign key (organization_id, person_id) references people (organization_id, id),
  foreign key (organization_id, subject_id) references subjects (organization_id, id)
);
create index threads_of_person on thread_people (organization_id, person_id, subject_id, thread_id desc) where tagged;
create index on thread_people (organization_id, subject_id);
alter table thread_people alter column organization_id set (n_distinct = 10);
alter table comments no force row level security;
alter table subjects no force row level security;
insert into thread_people (organization_id, thread_id, person_id, subject_id, tagged)
  select c.organization_id, c.id, c.person_id, c.subject_id, false
  from comments c join subjects s on s.organization_id = c.organization_id and s.id = c.subject_id
  where s.kind = 'project';
alter table comments force row level security;
alter table subjects force row level security;
call secure('{thread_people}', 'sees_comment(thread_id)');
create function add_author_to_thread() returns trigger language plpgsql as $$
begin
  insert into thread_people (organization_id, thread_id, person_id, subject_id, tagged)
    select new.organization_id, coalesce(new.thread_id, new.id), new.person_id, new.subject_id, false
    from projects p where p.organization_id = new.organization_id and p.id = new.subject_id
    on conflict do nothing;
  return null;
end $$;
create trigger author_added after insert on comments for each row execute function add_author_to_thread();

-- Whether the partner of a subject has its conversation: of a project only as it is chosen.
alter table subjects add column talks boolean not null default true;
create function set_project_talks() returns trigger language plpgsql as $$
begin
  update subjects set talks = 'comments' = any (new.shown)
    where organization_id = new.organization_id and id = new.id;
  return null;
end $$;
create trigger talks_set after insert on projects
  for each row when (not 'comments' = any (new.shown)) execute function set_project_talks();
create trigger talks_changed after update of shown on projects
  for each row when (old.shown is distinct from new.shown) execute function set_project_talks();
alter table subjects no force row level security;
alter table projects no force row level security;
update subjects s set talks = false from projects p
  where s.organization_id = p.organization_id and s.id = p.id and not 'comments' = any (p.shown);
alter table subjects force row level security;
alter table projects force row level security;

-- As `sees`, for what is said about a subject.
create function sees_said(subject uuid, audience text) returns boolean language plpgsql stable cost 100 as $$
declare
  side text := app_side();
begin
  if side = 'system' then return true;
  elsif audience not in (side, 'both', 'shared') then return false;
  end if;
  perform from subjects s
    where s.organization_id = app_organization() and s.id = subject and (s.talks or side = 'staff');
  return found;
end $$;
alter policy reading on comments using (
  organization_id = app_organization() and is_for_reader(partner_id) and sees_said(subject_id, audience));
alter policy reading on activities using (
  organization_id = app_organization() and (partner_id is null or is_for_reader(partner_id))
    and case when action in ('comment', 'notify') then sees_said(subject_id, visible_to)
      else sees(subject_id, visible_to) end);

-- Who may be told of a subject at all; `said`: of what is written about it. Staff may. Of a project and a task, its
-- partner's contacts who may use projects, or were added; of shared files, those who may use them. Of a document, whom
-- it was sent to: they take part.
create function may_be_told(organization uuid, subject uuid, person uuid, said boolean) returns boolean
language plpgsql stable cost 100 as $$
declare
  it record;
begin
  select p.partner_id, s.kind, p.partner_id is not distinct from s.partner_id and not p.guest as theirs,
      p.removed_at is null and not p.pending as here, s.talks, usable_modules(o.modules, p.modules) as modules
    into it
    from subjects s
      join people p on p.organization_id = s.organization_id and p.id = person
      join organizations o on o.id = s.organization_id
    where s.organization_id = organization and s.id = subject;
  if not found then return false; end if;
  if it.partner_id is null or it.kind not in ('shared_folder', 'project', 'task') then return true; end if;
  if not it.theirs or not it.here or (said and not it.talks) then return false; end if;
  if it.kind = 'shared_folder' then return coalesce('files' = any (it.modules), true); end if;
  if coalesce('projects' = any (it.modules), true) then return true; end if;
  perform from participants x
    where x.organization_id = organization and x.subject_id = subject and x.person_id = person;
  return found;
end $$;
