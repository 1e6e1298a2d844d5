-- Lists are sorted by any column and go on from the last row of the page before: each order has its index.
create index documents_newest on documents (organization_id, id desc);
create index documents_by_number on documents (organization_id, type, coalesce(number, ''), id);
create index documents_by_date on documents (organization_id, type, issued_on, id);
create index documents_by_due on documents (organization_id, type, coalesce(due_on, 'infinity'), id);
create index documents_by_total on documents (organization_id, type, total, id);

-- The words that a document is found by, from their beginning. Comparing text leaks nothing, so that row security lets the index be used (a search
-- with ilike or @@ would look at every row).
create table document_words (
  organization_id uuid not null,
  word text not null collate "C",
  document_id uuid not null,
  primary key (organization_id, word, document_id),
  foreign key (organization_id, document_id) references documents (organization_id, id) on delete cascade
);
create index on document_words (organization_id, document_id);

-- What stands between letters and digits parts words; 'INV-0042' is found as a whole, too, and by its number alone.
create function words_of(said text) returns text[] language sql immutable as $$
  select array(select distinct left(w, 60) from regexp_split_to_table(lower(coalesce(said, '')), '[^[:alnum:]]+') w where w <> ''
    union select distinct left(w, 60) from regexp_split_to_table(lower(coalesce(said, '')), '\s+') w where w <> '') $$;

create function index_document(d documents) returns void language plpgsql as $$
begin
  delete from document_words where organization_id = d.organization_id and document_id = d.id;
  insert into document_words (organization_id, word, document_id)
    select d.organization_id, w, d.id from unnest(words_of(concat_ws(' ', d.number, d.title, d.reference,
      (select name from partners where organization_id = d.organization_id and id = d.partner_id)))) w;
end $$;

create function index_changed_document() returns trigger language plpgsql as $$ begin perform index_document(new); return null; end $$;
create trigger find_by_words after insert or update of number, title, reference on documents for each row execute function index_changed_document();
create function index_renamed_partner() returns trigger language plpgsql as $$
begin
  perform index_document(d) from documents d where d.organization_id = new.organization_id and d.partner_id = new.id;
  return null;
end $$;
create trigger find_by_words after update of name on partners for each row when (old.name <> new.name) execute function index_renamed_partner();

alter table document_words enable row level security;
alter table document_words force row level security;
create policy internal on document_words using (organization_id = app_organization() and is_internal());
create policy partner on document_words for select using (organization_id = app_organization() and is_partner()
  and exists (select from documents d where d.organization_id = document_words.organization_id and d.id = document_words.document_id));

-- Documents that are there already, organization by organization, since row security shows no more.
do $$
declare o uuid;
begin
  perform set_config('app.side', 'system', true);
  for o in select id from organizations loop
    perform set_config('app.organization', o::text, true);
    perform index_document(d) from documents d;
  end loop;
  perform set_config('app.organization', '', true), set_config('app.side', '', true);
end $$;

-- A list as somebody narrowed it down, kept under a name: theirs alone.
create table bookmarks (
  organization_id uuid not null references organizations,
  id uuid not null,
  person_id uuid not null,
  name text not null check (name <> '' and length(name) <= 100),
  path text not null check (length(path) <= 1000),
  created_at timestamptz not null default app_now(),
  primary key (organization_id, id),
  unique (organization_id, person_id, path),
  foreign key (organization_id, person_id) references people (organization_id, id)
);
alter table bookmarks enable row level security;
alter table bookmarks force row level security;
create policy own on bookmarks using (organization_id = app_organization() and person_id = app_person());
