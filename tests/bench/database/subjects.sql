-- The subjects of some rows of `numbered`, with all that hangs on them. Three years of them, evenly; of a thousand
-- documents each is of a line of `mix`. Who they are with and the words in them follow Zipf's law: floor(n ^ random())
-- is k about as often as 1 / k says. Totals are log-normal, one in eight a round one.
create temp table drawn as
  select organization_id, n, now() - interval '3 years' * ((size - n + random()) / size) as at,
    floor(random() * 1000)::int as i, random() as state, floor(random() * 100)::int as percent, random() as firm,
    random() as colleague, floor(5000 ^ random())::int % 5000 as w1, floor(5000 ^ random())::int % 5000 as w2,
    floor(random() * 5000)::int as w3,
    case when random() < 0.125 then (array[5000, 25000, 100000, 250000])[1 + floor(random() * 4)::int]
      else greatest(100, round(exp(random_normal(11.5, 1.4)))) end::bigint as total
  from numbered where row between :from and :to;
analyze drawn (organization_id, n);
create temp table made as
  with sizes as materialized (
    select organization_id, count(*) filter (where is_vendor) as vendors, count(*) filter (where not is_vendor) as customers
    from firms group by 1),
  staff as materialized (select organization_id, count(*) as colleagues from colleagues group by 1)
  select d.organization_id, d.n, uuidv7(d.at - now()) as id, d.at, percent, k.type, k.owes, k.started_by,
    case when d.percent < 4 then 'draft'
      when d.at > now() - interval '100 days' and d.state < 0.6 and k.open <> '{}' then k.open[1 + floor(d.state / 0.6 * cardinality(k.open))::int]
      when d.state < 0.93 then k.done[1] else k.done[1 + floor((d.state - 0.93) / 0.07 * cardinality(k.done))::int]
    end as state,
    k.open, case when d.percent >= 4 then k.prefix || '-' || lpad(d.n::text, greatest(4, length(d.n::text)), '0') end as number,
    initcap(a.word) || ' ' || b.word || ' ' || c.word as title,
    case when d.percent between 50 and 64 then 'PO ' || d.n * 7 else '' end as reference,
    case when not k.several then f.id end as partner_id, f.contact, f.user_id, f.currency, s.id as staff, d.total
  from drawn d
    join mix m on m.i = d.i join kinds k on k.type = m.type
    join sizes z on z.organization_id = d.organization_id join staff y on y.organization_id = d.organization_id
    join firms f on f.organization_id = d.organization_id and f.is_vendor = k.is_vendor
      and f.k = floor(case when k.is_vendor then z.vendors else z.customers end ^ d.firm)::int
    join colleagues s on s.organization_id = d.organization_id and s.i = floor(y.colleagues ^ d.colleague)::int - 1
    join vocabulary a on a.i = d.w1 join vocabulary b on b.i = d.w2 join vocabulary c on c.i = d.w3;
alter table made add version int, add due_on date, add visible_to text;
-- What is open and asks for an answer is not due yet, so that nothing expires; what is to be paid may be late.
update made set version = (state <> 'draft')::int,
  visible_to = case when state = 'draft' then started_by else 'both' end,
  due_on = case when owes = 'receivable' or state <> all (open) then at::date + 14 + n % 3 * 15
    else current_date + 5 + n % 60 end;
create index on made (organization_id, n);
analyze made (organization_id, n, id, partner_id);

create temp table plans as
  select organization_id, n, uuidv7(at - now() - interval '1 second') as id, at, partner_id, title from made
  where n % 25 = 0 and partner_id is not null;
insert into projects (organization_id, id, key, name, partner_id, created_at)
  select organization_id, id, 'P' || n, title, partner_id, at from plans;
insert into documents (organization_id, id, type, number, state, started_by, partner_id, origin_id, project_id, title,
    reference, currency, issued_on, due_on, subtotal, total, version, sha256, created_at, updated_at)
  select m.organization_id, m.id, m.type, m.number, m.state, m.started_by, m.partner_id,
    case when m.n % 4 = 0 then o.id end, p.id, m.title, m.reference, m.currency, m.at, m.due_on, m.total, m.total,
    m.version, '', m.at, m.at
  from made m
    left join plans p on p.organization_id = m.organization_id and p.n = m.n - m.n % 25 and m.percent % 3 = 0
    left join made o on o.organization_id = m.organization_id and o.n = m.n - 3 and o.partner_id = m.partner_id;
insert into subjects (organization_id, id, kind, number, title, state, partner_id, visible_to, created_at)
  select organization_id, id, type, number, title, state, partner_id, visible_to, at from made
  union all select organization_id, id, 'project', 'P' || n, title, 'open', partner_id, 'both', at from plans;
-- Those that begin a block of words.
select count(block_of(organization_id, id))
  from (select organization_id, id, n from made union all select organization_id, id, n from plans) s
  where n = 1 or get_byte(uuid_send(id), 15) = 0;
insert into subject_words (organization_id, kind, partner_id, visible_to, word, subject_id, block_id)
  select s.organization_id, s.kind, s.partner_id, visible_to, word, s.id,
    (select b.id from word_blocks b where b.organization_id = s.organization_id and b.id <= s.id order by b.id desc limit 1)
  from (
    select organization_id, id, type as kind, partner_id, visible_to, contact, number,
      concat_ws(' ', number, title, reference) as text
    from made
    union all select organization_id, id, 'project', partner_id, 'both', null, 'P' || n, concat_ws(' ', 'P' || n, title) from plans) s
  left join names p on p.id = s.partner_id
  left join names c on c.id = s.contact
  cross join lateral (
    select distinct word
    from unnest(p.words || c.words || lower(number) || string_to_array(lower(translate(text, '-', ' ')), ' ')) word) w
  where word <> '';
insert into lines (organization_id, document_id, position, description, quantity, unit_price, amount)
  select organization_id, id, 1, title, 1, total / 100.0, total from made;
insert into versions (organization_id, document_id, version, sha256, snapshot, created_at)
  select organization_id, id, 1, '', '{}', at from made where version = 1;
insert into part_words (organization_id, part, word, subject_id, id, partner_id, audience)
  select m.organization_id, 'line', word, m.id, l.id, m.partner_id, 'both'
  from made m join lines l on l.organization_id = m.organization_id and l.document_id = m.id
    cross join lateral (select distinct word from unnest(string_to_array(lower(m.title), ' ')) word) w
  where m.version = 1 and word <> '';

insert into participants (organization_id, subject_id, person_id)
  select organization_id, id, contact from made union all select organization_id, id, staff from made;
create temp table happened as
  select organization_id, uuidv7(at - now()) as id, id as subject_id, partner_id, staff as person_id, 'staff' as side,
    'send' as action, visible_to, at
  from made
  union all
  select organization_id, uuidv7(at - now() + make_interval(hours => h)), id, partner_id,
    case when h = 1 then contact else staff end, case when h = 1 then 'partner' else 'staff' end, 'comment',
    case when percent % 10 = 9 then 'staff' else visible_to end, at + make_interval(hours => h)
  from made, generate_series(1, 2) h where version = 1 and (percent < 40 or h = 2 and percent < 60)
  union all -- Nobody is reminded while the bench runs: it was done as often as it may be.
  select organization_id, uuidv7(least(at + make_interval(days => d), now() - interval '1 hour') - now()), id, partner_id, null, 'system',
    'remind', 'both', least(at + make_interval(days => d), now() - interval '1 hour')
  from made, generate_series(1, 5) d where state = any (open);
insert into activities (organization_id, id, subject_id, partner_id, person_id, side, action, version, visible_to, created_at)
  select organization_id, id, subject_id, partner_id, person_id, side, action, 1, visible_to, at from happened;
insert into comments (organization_id, id, subject_id, activity_id, person_id, audience, body, created_at)
  select organization_id, id, subject_id, id, person_id, case visible_to when 'both' then 'shared' else visible_to end,
    'Could the desk be delivered in the second week? The painters need the first one for the ceiling.', at
  from happened where action = 'comment' and visible_to <> 'partner';
insert into part_words (organization_id, part, word, subject_id, id, partner_id, audience)
  select h.organization_id, 'comment', word, subject_id, h.id, partner_id,
    case visible_to when 'both' then 'shared' else visible_to end
  from happened h, unnest('{could, desk, second, week, painters, ceiling}'::text[]) word
  where action = 'comment' and visible_to <> 'partner';
insert into notifications (organization_id, id, activity_id, subject_id, person_id, read_at, created_at)
  select h.organization_id, uuidv7(h.at - now()), h.id, subject_id, case h.side when 'staff' then contact else staff end,
    case when m.percent < 80 then h.at + interval '1 hour' end, h.at
  from happened h join made m on m.organization_id = h.organization_id and m.id = h.subject_id where h.side <> 'system';
insert into emails (organization_id, id, kind, person_id, activity_id, subject_id, to_address, message_id, state, created_at)
  select h.organization_id, h.id, 'event', case h.side when 'staff' then contact else staff end, h.id, subject_id,
    'reader@firm.example', h.id, case when m.n % 900 = 0 then 'bounced' else 'delivered' end, h.at
  from happened h join made m on m.organization_id = h.organization_id and m.id = h.subject_id where h.action = 'comment';
insert into reply_keys (organization_id, id, key_hash, subject_id, person_id, audience)
  select organization_id, id, id, id, contact, 'shared' from made where version = 1;
insert into files (organization_id, id, subject_id, sha256, name, content_type, size)
  select organization_id, uuidv7(at - now()), id, '', 'plan.txt', 'text/plain', 1 from made where percent < 10;

insert into payments (organization_id, id, partner_id, document_id, person_id, amount, currency, method, gateway, state, paid_on)
  select organization_id, id, partner_id, id, contact, total, currency, 'card', 'sandbox', 'succeeded', at + interval '10 days'
  from made where owes = 'receivable' and state = 'paid';
insert into ledger_entries (organization_id, id, partner_id, currency, kind, document_id, source_id, amount, created_at)
  select organization_id, uuidv7(at - now()), partner_id, currency, kind, case when owes <> 'credit' then id end,
    case when owes = 'credit' then id end, amount, at
  from made, lateral (values
      (owes = 'receivable', 'charge', total),
      (owes = 'receivable' and state = 'paid', 'payment', -total),
      (owes = 'receivable' and state = 'partly_paid', 'payment', -total / 2),
      (owes = 'receivable' and state in ('void', 'written_off'), replace(state, 'written_off', 'write_off'), -total),
      (owes = 'payable' and state in ('approved', 'scheduled', 'paid'), 'bill', -total),
      (owes = 'payable' and state = 'paid', 'payment', total),
      (owes = 'credit' and state = 'sent', 'credit', -total)) e (is_so, kind, amount)
  where version = 1 and is_so;

create temp table mail as select *, uuidv7(at - now()) as delivery_id from made where n % 9 = 0;
insert into inbound_messages (id, raw, sha256, mail_from, remote_ip, helo, received_at)
  select delivery_id, 'x', delivery_id, '', '', '', at from mail;
insert into inbound_deliveries (organization_id, id, message_id, sha256, recipient, state, subject_id, partner_id,
    person_id, message_header_id, from_address, subject, created_at)
  select organization_id, delivery_id, delivery_id, delivery_id, '', case when n % 90 = 0 then 'held' else 'posted' end, id,
    partner_id, contact, delivery_id, 'contact@firm.example', 'Re: ' || title, at
  from mail;
insert into inbound_words (organization_id, word, delivery_id)
  select organization_id, word, delivery_id from mail, unnest(words_of('contact@firm.example Re: ' || title)) word;
drop table drawn, made, plans, happened, mail;
