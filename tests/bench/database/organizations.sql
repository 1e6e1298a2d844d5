-- Partners and people of the organizations in `tenants` (organization_id, size). The first partners and people of the
-- large one exist already.
create temp table vocabulary as
  select i, string_agg(
      case when h % 5 = 0 then '' else substr('bcdfghklmnprstvw', 1 + h / 5 % 16, 1) end || substr('aeiou', 1 + h / 80 % 5, 1)
      || case when h / 400 % 3 = 0 then substr('lnrst', 1 + h / 1200 % 5, 1) else '' end, '' order by part) as word
  from generate_series(0, 4999) i, generate_series(1, 2 + i % 3) part, abs(hashint4(i * 7 + part)) h
  group by i;
create index on vocabulary (i);

create temp table firms as
  select organization_id, uuidv7() as id, is_vendor, k, uuidv7() as contact, uuidv7() as user_id,
    case when abs(hashint4(k + is_vendor::int * 7)) % 100 < 92 then 'USD' when k % 3 = 0 then 'JPY' else 'EUR' end as currency
  from tenants, unnest(array[true, false]) is_vendor, generate_series(1, 4 + size / case when is_vendor then 150 else 60 end) k
  where not (large and k = 1);
create temp table colleagues as
  select organization_id, uuidv7() as id, uuidv7() as user_id, i
  from tenants, generate_series(0, least(40, 1 + size / 2000)) i where not (large and i = 0);

insert into partners (organization_id, id, name, email, is_customer, is_vendor, currency, locale)
  select organization_id, id,
    initcap(a.word || ' ' || b.word) || ' ' || (array['Ltd', 'Inc', 'GmbH', 'Clinic', 'Works'])[1 + k % 5],
    'office@' || a.word || '.example', not is_vendor, is_vendor or k % 20 = 0, currency, 'en-US'
  from firms, vocabulary a, vocabulary b
  where a.i = abs(hashint4(k)) % 5000 and b.i = floor(5000 ^ (abs(hashint4(k + 9999)) % 10000 / 10000.0));
insert into users (id, email)
  select user_id, compact(user_id::text) || '@firm.example' from firms
  union all select user_id, user_id || '@own.example' from colleagues;
insert into people (organization_id, id, user_id, partner_id, name, email, locale, time_zone, bounced_at)
  select organization_id, contact, user_id, id, 'Contact ' || k, compact(user_id::text) || '@firm.example', 'en-US', 'UTC',
    case when k % 70 = 0 then now() end
  from firms
  union all
  select organization_id, id, user_id, null, 'Colleague ' || i, user_id || '@own.example', 'en-US', 'UTC', null
  from colleagues;

-- The partners with the most documents are those that exist already.
insert into firms
  select distinct on (p.is_vendor) organization_id, p.id, p.is_vendor, 1, c.id, c.user_id, p.currency
  from tenants join partners p using (organization_id) join people c using (organization_id)
  where large and c.partner_id = p.id and c.email !~ '@firm.example$' order by p.is_vendor, c.id;
insert into colleagues
  select organization_id, p.id, p.user_id, 0 from tenants join people p using (organization_id)
  where large and partner_id is null and email !~ '@own.example$' order by id limit 1;
insert into counters (organization_id, name, value) select organization_id, prefix, size + 1000 from tenants, kinds
  on conflict (organization_id, name) do update set value = excluded.value;

-- What words_of_subject and index_words_of_partner write, for all at once. `names`: what subjects are found by of their
-- partners, and of the contacts who take part.
create temp table names as
  select id, words_of(concat_ws(' ', name, tax_number, compact(tax_number))) as words from partners
  union all select id, words_of(concat_ws(' ', name, email)) from people where partner_id is not null;
create index on names (id);
insert into partner_words (organization_id, word, partner_id)
  select p.organization_id, w, p.id
  from partners p
    left join (
      select partner_id, string_agg(concat_ws(' ', name, email, title), ' ') as texts
      from people where partner_id is not null and removed_at is null group by 1) c on c.partner_id = p.id
    cross join unnest(words_of(concat_ws(' ', p.name, p.email, p.address, p.tax_number, compact(p.tax_number), c.texts))) w
  on conflict do nothing;

create temp table numbered as
  select organization_id, size, n, row_number() over (order by organization_id, n) as row
  from tenants, generate_series(1, size) n;
create index on numbered (row);
analyze tenants, kinds, mix, vocabulary, firms, colleagues, names, numbered;
