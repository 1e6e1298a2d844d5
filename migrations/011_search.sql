-- The words of a text. Punctuation separates words; 'INV-0042' is found as a whole, too, and by its number alone.
create function words_of(content text) returns text[] language sql immutable as $$
  select array(
    select distinct left(w, 60) from regexp_split_to_table(lower(coalesce(content, '')), '[^[:alnum:]]+') w
    where w <> ''
    union
    select distinct left(w, 60) from regexp_split_to_table(lower(coalesce(content, '')), '\s+') w where w <> '') $$;

-- Runs of a few hundred subjects, in the order of their ids: each begins with this id. A search for a frequent word goes
-- back from run to run until it has a page, and reads of each only what it finds of the kinds that are listed.
create table word_blocks (
  organization_id uuid not null references organizations,
  id uuid not null,
  primary key (organization_id, id)
);

-- The words that a subject is found by, from their beginning. Comparing text reveals nothing, so row security lets the
-- index be used; a search with ilike or @@ would look at every row. The kind, and the columns that row security compares,
-- are copied from the subject.
create table subject_words (
  organization_id uuid not null,
  kind text not null collate "C",
  partner_id uuid,
  visible_to text not null,
  word text not null collate "C",
  subject_id uuid not null,
  block_id uuid not null,
  primary key (organization_id, subject_id, word),
  foreign key (organization_id, subject_id) references subjects (organization_id, id) on delete cascade,
  foreign key (organization_id, block_id) references word_blocks (organization_id, id)
);
-- A word that is frequent in another kind than those of the list costs nothing. Each index holds what row security
-- compares: frequent words are counted without their rows.
create index subject_words_by_kind on subject_words (organization_id, kind, word, subject_id)
  include (partner_id, visible_to);
create index subject_words_by_block on subject_words (organization_id, block_id, word, subject_id)
  include (kind, partner_id, visible_to);
create index subject_words_of_partner on subject_words (organization_id, partner_id, kind, word, subject_id)
  include (visible_to) where partner_id is not null;
create index subject_words_of_partner_by_block on subject_words
  (organization_id, partner_id, block_id, word, subject_id) include (kind, visible_to) where partner_id is not null;
-- The planner is to expect a partner with many.
alter table subject_words alter column partner_id set (n_distinct = 50);

-- The block that a subject belongs to. One subject in 256, by its last byte, begins another: ten seconds after itself,
-- so that all whose ids come after the beginning see it, however many are made at once.
create function block_of(organization uuid, subject uuid) returns uuid language plpgsql as $$
declare
  milliseconds bigint := ('x' || left(replace(subject::text, '-', ''), 12))::bit(48)::bigint;
  block uuid;
begin
  if get_byte(uuid_send(subject), 15) = 0 then
    insert into word_blocks (organization_id, id)
      values (organization, rpad(lpad(to_hex(milliseconds + 10000), 12, '0'), 32, '0')::uuid) on conflict do nothing;
  end if;
  select b.id into block from word_blocks b
    where b.organization_id = organization and b.id <= subject order by b.id desc limit 1;
  if block is null then
    block := '00000000-0000-0000-0000-000000000000';
    insert into word_blocks (organization_id, id) values (organization, block) on conflict do nothing;
  end if;
  return block;
end $$;

create function index_subject(organization uuid, subject uuid) returns void language plpgsql as $$
begin
  delete from subject_words w where w.organization_id = organization and w.subject_id = subject;
  insert into subject_words (organization_id, kind, partner_id, visible_to, word, subject_id, block_id)
    select s.organization_id, s.kind, s.partner_id, s.visible_to, w, s.id, b
    from subjects s
    left join documents d on d.organization_id = s.organization_id and d.id = s.id
    left join partners p on p.organization_id = s.organization_id and p.id = s.partner_id
    cross join block_of(organization, subject) b
    cross join unnest(words_of(concat_ws(' ', s.number, s.title, d.reference, p.name))) w
    where s.organization_id = organization and s.id = subject;
end $$;

-- Triggers run in the order of their names: `subject_changed` comes before `words_changed`.
create function index_changed() returns trigger language plpgsql as $$
begin
  perform index_subject(new.organization_id, new.id);
  return null;
end $$;
create trigger words_added after insert on documents for each row execute function index_changed();
create trigger words_changed after update of number, title, reference, partner_id on documents
  for each row
  when ((old.number, old.title, old.reference, old.partner_id)
    is distinct from (new.number, new.title, new.reference, new.partner_id))
  execute function index_changed();
create trigger words_added after insert on projects for each row execute function index_changed();
create trigger words_changed after update of key, name, partner_id on projects
  for each row execute function index_changed();

create function show_words() returns trigger language plpgsql as $$
begin
  update subject_words w set visible_to = new.visible_to
    where w.organization_id = new.organization_id and w.subject_id = new.id;
  return null;
end $$;
create trigger words_shown after update of visible_to on subjects
  for each row when (old.visible_to <> new.visible_to) execute function show_words();

create function index_renamed_partner() returns trigger language plpgsql as $$
begin
  perform index_subject(s.organization_id, s.id) from subjects s
    where s.organization_id = new.organization_id and s.partner_id = new.id;
  return null;
end $$;
create trigger words_changed after update of name on partners
  for each row when (old.name <> new.name) execute function index_renamed_partner();

-- The words that a partner is found by.
create table partner_words (
  organization_id uuid not null,
  word text not null collate "C",
  partner_id uuid not null,
  primary key (organization_id, word, partner_id),
  foreign key (organization_id, partner_id) references partners (organization_id, id) on delete cascade
);
create index on partner_words (organization_id, partner_id);

create function index_partner() returns trigger language plpgsql as $$
begin
  delete from partner_words w where w.organization_id = new.organization_id and w.partner_id = new.id;
  insert into partner_words (organization_id, word, partner_id)
    select new.organization_id, w, new.id from unnest(words_of(concat_ws(' ', new.name, new.email))) w;
  return null;
end $$;
create trigger own_words_added after insert on partners for each row execute function index_partner();
create trigger own_words_changed after update of name, email on partners
  for each row when ((old.name, old.email) is distinct from (new.name, new.email)) execute function index_partner();

-- The words that an incoming message is found by.
create table inbound_words (
  organization_id uuid not null,
  word text not null collate "C",
  delivery_id uuid not null,
  primary key (organization_id, word, delivery_id),
  foreign key (organization_id, delivery_id) references inbound_deliveries (organization_id, id)
);
create index on inbound_words (delivery_id);

create function index_delivery() returns trigger language plpgsql as $$
begin
  delete from inbound_words where delivery_id = new.id;
  if new.organization_id is not null then
    insert into inbound_words (organization_id, word, delivery_id)
      select new.organization_id, w, new.id from unnest(words_of(concat_ws(' ', new.from_name, new.from_address,
        new.subject, new.recipient, left(new.preview, 300)))) w;
  end if;
  return null;
end $$;
create trigger words_changed after update of organization_id, from_name, from_address, subject, preview
  on inbound_deliveries for each row execute function index_delivery();

call secure('{word_blocks}', 'true', 'is_internal()');
call secure('{partner_words}', 'is_internal()');
call secure('{subject_words}', 'may_see(subject_id, partner_id, visible_to)');
call secure_table(
  'inbound_words',
  'is_system() or (is_staff() and organization_id = app_organization())',
  'is_system() or (is_staff() and organization_id = app_organization())'
);
