-- A discarded draft stays for the record, and nobody sees it any more.
create or replace function document_visible_to(state text, started_by text) returns text language sql immutable
  return case state when 'draft' then started_by when 'discarded' then 'nobody' else 'both' end;

alter table subjects drop constraint subjects_visible_to_check,
  add check (visible_to in ('both', 'staff', 'partner', 'nobody'));

-- The number of a bill that was never sent is free.
drop index bill_numbers_once;
create unique index bill_numbers_once on documents (organization_id, partner_id, reference_key)
  where type = 'bill' and reference <> '' and state not in ('draft', 'discarded', 'void');

-- A text as it is searched: small letters without accents. `foldedText` in list_clauses.ts does the same to what is
-- typed; a test compares them.
create function folded(content text) returns text language sql immutable as $$
  select normalize(replace(replace(replace(replace(translate(
    regexp_replace(normalize(lower(coalesce(content, '')), nfkd), U&'[\0300-\036F]+', '', 'g'),
    'ςøđłıðħŧ', 'σodlidht'), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th'), nfc) $$;

-- The words of a text: the parts between punctuation, what stands between spaces ('INV-0042'), the domain of an address,
-- and a phone number as a whole, however it is written.
create or replace function words_of(content text) returns text[] language sql immutable as $$
  with given as (select folded(content) as small)
  select array(
    select distinct left(w, 60) from given, regexp_split_to_table(small, '[^[:alnum:]]+') w where w <> ''
    union
    select left(trimmed, 60) from given, regexp_split_to_table(small, '\s+') w,
      btrim(w, '.,;:!()[]{}<>"''`´„“”‚‘’«»…–—/\&*+#|' || chr(63)) trimmed where trimmed <> ''
    union
    select left(found[1], 60) from given, regexp_matches(small, '@([[:alnum:].-]+[[:alnum:]])', 'g') found
    union
    select left(digits, 60) from given, regexp_matches(small, '\d[\d ()/.-]{5,}\d', 'g') found,
      regexp_replace(found[1], '\D', '', 'g') digits) $$;

-- A number that is written with spaces or without: 'DE 123 456 789'.
create function compact(number text) returns text language sql immutable as $$
  select regexp_replace(number, '[^[:alnum:]]+', '', 'g') $$;

-- What a subject is found by: what it says, its partner, and the contacts who take part.
create function words_of_subject(organization uuid, subject uuid) returns text[] language plpgsql stable as $$
begin
  return (select words_of(concat_ws(' ', s.number, s.title, d.reference, p.name, p.tax_number, compact(p.tax_number),
      left(d.note, 5000),
      (select left(string_agg(concat_ws(' ', l.group_name, l.description), ' ' order by l.position), 20000)
        from lines l where l.organization_id = organization and l.document_id = subject),
      (select left(string_agg(concat_ws(' ', c.name, c.email), ' '), 5000) from participants x
        cross join lateral (select * from people p
          where p.organization_id = organization and p.id = x.person_id and p.partner_id is not null limit 1) c
        where x.organization_id = organization and x.subject_id = subject)))
    from subjects s
      left join documents d on d.organization_id = s.organization_id and d.id = s.id
      left join partners p on p.organization_id = s.organization_id and p.id = s.partner_id
    where s.organization_id = organization and s.id = subject);
end $$;

-- Only what differs is written: a draft saves itself while it is typed.
create or replace function index_subject(organization uuid, subject uuid) returns void language plpgsql as $$
declare
  wanted text[] := words_of_subject(organization, subject);
begin
  delete from subject_words w
    where w.organization_id = organization and w.subject_id = subject and w.word <> all (wanted);
  insert into subject_words as known (organization_id, kind, partner_id, visible_to, word, subject_id, block_id)
    select s.organization_id, s.kind, s.partner_id, s.visible_to, w, s.id, b
    from subjects s cross join block_of(organization, subject) b cross join unnest(wanted) w
    where s.organization_id = organization and s.id = subject
    on conflict (organization_id, subject_id, word) do update
      set partner_id = excluded.partner_id, visible_to = excluded.visible_to
      where (known.partner_id, known.visible_to) is distinct from (excluded.partner_id, excluded.visible_to);
end $$;

-- Further words for some subjects, in one statement. The old ones go when a subject changes next: who was renamed is
-- found by the old name until then, too.
create function add_words(organization uuid, subjects_found uuid[], further text[]) returns void language sql as $$
  insert into subject_words (organization_id, kind, partner_id, visible_to, word, subject_id, block_id)
    select s.organization_id, s.kind, s.partner_id, s.visible_to, w, s.id, b
    from unnest(subjects_found) f (id)
      cross join lateral (select * from subjects s where s.organization_id = organization and s.id = f.id limit 1) s
      cross join lateral block_of(organization, s.id) b
      cross join unnest(further) w
    on conflict do nothing $$;

create or replace function index_renamed_partner() returns trigger language plpgsql as $$
begin
  perform add_words(new.organization_id,
    array(select s.id from subjects s where s.organization_id = new.organization_id and s.partner_id = new.id),
    words_of(concat_ws(' ', new.name, new.tax_number, compact(new.tax_number))));
  return null;
end $$;
drop trigger words_changed on partners;
create trigger words_changed after update of name, tax_number on partners
  for each row when ((old.name, old.tax_number) is distinct from (new.name, new.tax_number))
  execute function index_renamed_partner();

-- Who takes part later; who no longer does goes with the next change.
create function index_participant() returns trigger language plpgsql as $$
begin
  perform add_words(new.organization_id, array[new.subject_id], words_of(concat_ws(' ', c.name, c.email)))
    from people c where c.organization_id = new.organization_id and c.id = new.person_id and c.partner_id is not null;
  return null;
end $$;
create trigger words_added after insert on participants for each row execute function index_participant();

-- A partner is found by its names, numbers and contacts.
create function index_words_of_partner(organization uuid, partner uuid) returns void language plpgsql as $$
declare
  wanted text[] := (select words_of(concat_ws(' ', p.name, p.email, p.address, p.tax_number, compact(p.tax_number),
      (select left(string_agg(concat_ws(' ', c.name, c.email, c.title), ' '), 20000) from people c
        where c.organization_id = organization and c.partner_id = partner and c.removed_at is null)))
    from partners p where p.organization_id = organization and p.id = partner);
begin
  delete from partner_words w
    where w.organization_id = organization and w.partner_id = partner and w.word <> all (wanted);
  insert into partner_words (organization_id, word, partner_id)
    select organization, w, partner from unnest(wanted) w on conflict do nothing;
end $$;

create or replace function index_partner() returns trigger language plpgsql as $$
begin
  perform index_words_of_partner(new.organization_id, new.id);
  return null;
end $$;
drop trigger own_words_changed on partners;
create trigger own_words_changed after update of name, email, address, tax_number on partners
  for each row when ((old.name, old.email, old.address, old.tax_number)
    is distinct from (new.name, new.email, new.address, new.tax_number)) execute function index_partner();

create function index_contact() returns trigger language plpgsql as $$
begin
  perform index_words_of_partner(new.organization_id, new.partner_id);
  if tg_op = 'UPDATE' and (old.name, old.email) is distinct from (new.name, new.email) then
    perform add_words(new.organization_id,
      array(select x.subject_id from participants x
        where x.organization_id = new.organization_id and x.person_id = new.id),
      words_of(concat_ws(' ', new.name, new.email)));
  end if;
  return null;
end $$;
create trigger words_added after insert on people
  for each row when (new.partner_id is not null) execute function index_contact();
create trigger words_changed after update of name, email, title, removed_at on people
  for each row when (new.partner_id is not null and (old.name, old.email, old.title, old.removed_at)
    is distinct from (new.name, new.email, new.title, new.removed_at)) execute function index_contact();
