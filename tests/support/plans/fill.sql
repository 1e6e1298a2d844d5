-- Subjects in bulk, with what hangs on them. `tenants` (organization_id, size) says how many; of a thousand documents
-- each is of a line of `mix` (i, type, prefix, started_by, is_vendor, charged, state).

-- Organizations of which little is known: where there are hundreds, the smallest tables have many rows, too.
create temp table others as select uuidv7() as id, n from generate_series(1, 500) n;
insert into organizations (id, slug, name, email) select id, 'other-' || n, 'Other ' || n, '' from others;
insert into type_defaults (organization_id, type) select id, type from others, (select distinct type from mix) m;
insert into counters (organization_id, name) select id, prefix from others, (select distinct prefix from mix) m;
insert into signing_keys (organization_id, p12, certificate) select id, '', repeat('x', 1000) from others;
insert into stripe_keys (organization_id, livemode, account, secret_key, secret_key_ending, webhook_secret,
    webhook_secret_ending)
  select id, false, 'acct_' || n, convert_to(repeat('x', 1000), 'UTF8'), '', '', '' from others;
insert into reminder_texts (organization_id, step, language, body)
  select id, step, language, 'Please pay {amount}.'
  from others, unnest(array['before', 'on', 'first', 'second', 'final']) step, unnest(array['', 'de', 'fr']) language;

-- Customers and vendors, numbered from 0, which stands for one that an organization has already.
create temp table firms as
  select organization_id, uuidv7() as id, is_vendor, k, uuidv7() as contact, uuidv7() as user_id
  from tenants, generate_series(1, 6 + size / 50) k, unnest(array[true, false]) is_vendor;
create temp table colleagues as
  select organization_id, uuidv7() as id, uuidv7() as user_id, null::uuid as partner_id, i
  from tenants, generate_series(0, 9) i
  union all select id, uuidv7(), uuidv7(), null, i from others, generate_series(0, 1) i
  union all select organization_id, uuidv7(), uuidv7(), id, null from firms;
insert into partners (organization_id, id, name, email, is_customer, is_vendor, currency, locale)
  select organization_id, id, 'Firm ' || k, 'office@firm.example', not is_vendor, is_vendor, 'USD', 'en-US' from firms;
insert into late_fees (organization_id, partner_id, step, currency, amount)
  select organization_id, id, 'final', currency, 500 from firms, unnest(array['EUR', 'USD']) currency;
insert into partner_words (organization_id, word, partner_id)
  select organization_id, w, id from firms, unnest(array['firm', 'firm' || k, 'office@firm.example']) w;
insert into users (id, email)
  select user_id, user_id || '@firm.example' from firms
  union all select user_id, user_id || '@firm.example' from colleagues;
insert into people (organization_id, id, user_id, partner_id, name, email, locale, time_zone, bounced_at)
  select organization_id, contact, user_id, id, 'Contact', user_id || '@firm.example', 'en-US', 'UTC',
    case when k % 50 = 0 then now() end
  from firms
  union all
  select organization_id, id, user_id, partner_id, 'Colleague', user_id || '@firm.example', 'en-US', 'UTC', null
  from colleagues;
insert into person_addresses (organization_id, id, person_id, email, added_by)
  select organization_id, uuidv7(), contact, contact || '@home.example', contact from firms;
insert into partner_profiles (organization_id, partner_id, legal_name, edited_by)
  select organization_id, id, 'Firm', contact from firms;
insert into partner_addresses (organization_id, id, partner_id, position, kind, lines, city, country)
  select organization_id, uuidv7(), id, n, 'billing', '1 Quay', 'Bath', 'US' from firms, generate_series(0, 1) n;
insert into partner_tax_ids (organization_id, id, partner_id, position, kind, entered, normalized)
  select organization_id, uuidv7(), id, n, 'other', 'T' || k, 'T' || k from firms, generate_series(0, 1) n;
insert into partner_files (organization_id, id, partner_id, kind, valid_until, sha256, name, content_type, size, added_by)
  select organization_id, uuidv7(), id, 'w9', current_date + k, '', 'w9.pdf', 'application/pdf', 1, contact
  from firms, generate_series(0, 1);
insert into bank_accounts (organization_id, id, partner_id, currency, kind, holder, bank_name, country, last_four,
    entered_by)
  select organization_id, uuidv7(), id, c, 'iban', 'Firm', 'Bank', 'DE', '0000', contact
  from firms, unnest(array['USD', 'EUR']) c;
insert into bank_account_numbers (organization_id, account_id, sealed, key_fingerprint)
  select organization_id, id, '', '' from bank_accounts;
insert into former_addresses (organization_id, partner_id, person_id, email)
  select organization_id, id, contact, contact || '@old.example' from firms;
insert into saved_views (organization_id, id, person_id, name, path)
  select organization_id, uuidv7(), id, 'Mine', 'invoices?q=' || n from colleagues, generate_series(1, 3) n
  where i is not null;
insert into email_preferences (organization_id, person_id)
  select organization_id, contact from firms union all select organization_id, id from colleagues;
insert into exchange_rates (organization_id, id, from_currency, to_currency, day, rate, person_id)
  select organization_id, uuidv7(), 'USD', to_currency, current_date - n, 1, id
  from (select distinct on (organization_id) organization_id, id from colleagues where i is not null) c,
    unnest('{EUR,GBP,CHF}'::text[]) to_currency, generate_series(0, 300) n;
insert into payment_accounts (organization_id, id, currency, kind, holder, bank_name, country, numbers, entered_by)
  select organization_id, uuidv7(), c, 'iban', 'Firm', 'Bank', 'DE', '{"account": "DE89370400440532013000"}', id
  from (select distinct on (organization_id) organization_id, id from colleagues where i is not null) p,
    unnest(array['USD', 'EUR']) c;
insert into payment_methods (organization_id, id, partner_id, person_id, gateway, reference, method,
    brand, last_four, expires, is_default)
  select organization_id, uuidv7(), id, contact, 'sandbox', 'card_ok:' || id || n, 'card', 'Visa', '4242',
    '2034-08', n = 0
  from firms, generate_series(0, 2) n where not is_vendor;
insert into method_setups (organization_id, id, partner_id, person_id, gateway, method)
  select organization_id, uuidv7(), id, contact, 'sandbox', 'card' from firms where not is_vendor;
insert into stripe_customers (organization_id, partner_id, account, livemode, reference)
  select organization_id, id, 'acct_1', false, 'cus_' || k from firms where not is_vendor;
insert into statement_emails (organization_id, id, partner_id, from_on, to_on, currency)
  select organization_id, uuidv7(), id, current_date - 30 * n, current_date - 30 * n + 29, 'USD'
  from firms, generate_series(1, 3) n where not is_vendor;
insert into tax_rates (organization_id, id, series, name, percent, category, created_by)
  select organization_id, uuidv7(), uuidv7(), 'Tax ' || n, 1, 'S', id
  from (select distinct on (organization_id) organization_id, id from colleagues where i is not null) c,
    generate_series(1, 60) n;
insert into security_events (organization_id, id, person_id, action)
  select organization_id, uuidv7(), id, 'signed_in' from colleagues, generate_series(1, 5);
-- How they sign in.
insert into passwords (user_id, hash) select user_id, '' from colleagues;
insert into totp_secrets (user_id, sealed) select user_id, '' from colleagues;
insert into recovery_codes (user_id, code_hash, set_id)
  select user_id, n, user_id from colleagues, generate_series(1, 10) n;
insert into passkeys (id, user_id, credential_id, credential_hash, public_key, name)
  select uuidv7(), user_id, user_id, user_id, '', 'Laptop' from colleagues;
insert into passkey_challenges (browser_hash, challenge, expires_at) select user_id, '', now() from colleagues;
insert into oidc_subjects (user_id, issuer, subject) select user_id, 'https://id.example', user_id from colleagues;
insert into second_steps (token_hash, user_id, way, expires_at) select user_id, user_id, 'code', now() from colleagues;
insert into known_devices (user_id, device_hash) select user_id, n from colleagues, generate_series(1, 3) n;
insert into wrong_codes (id, address, remote_ip) select uuidv7(), user_id || '@firm.example', '' from colleagues;
insert into invitations (organization_id, id, person_id, partner_id, token_hash, expires_at, accepted_at)
  select organization_id, uuidv7(), id, partner_id, id::text, now(), now() from colleagues;
insert into terms_versions (organization_id, id, kind, version, text, published_by)
  select organization_id, uuidv7(), kind, n, 'Be kind ' || n, id
  from colleagues, unnest(array['terms', 'privacy']) kind, generate_series(1, 3) n where i = 0;
insert into module_requests (organization_id, person_id, module)
  select organization_id, id, 'invoices' from colleagues;
insert into absences (organization_id, id, person_id, deputy_id, from_on, until_on, ended_at)
  select organization_id, uuidv7(), id, uuidv7(), current_date - n * 9, current_date - n * 9 + 5, now()
  from colleagues, generate_series(1, 300) n where id is not null;
insert into firms
  select distinct on (organization_id, is_vendor) organization_id, p.id, is_vendor, 0, c.id, c.user_id
  from tenants join partners p using (organization_id) join people c using (organization_id)
  where c.partner_id = p.id order by organization_id, is_vendor, p.id, c.id;
insert into firms
  select f.organization_id, f.id, is_vendor, 0, contact, user_id from firms f
  where k = 1 and not exists (
    select from firms o where o.organization_id = f.organization_id and o.is_vendor = f.is_vendor and o.k = 0);
analyze tenants, mix, firms, colleagues;

-- One a minute, up to now; four in a hundred are projects. Each tenth is with the same customer, or the same vendor.
create temp table made as
  select t.organization_id, n, uuidv7(make_interval(mins => n - t.size)) as id,
    m.type, m.state, m.started_by, m.charged,
    case when state <> 'draft' then prefix || '-' || 100000 + n end as number, 'Fit-out ' || n % 1000 as title,
    case when type <> 'request_for_proposal' then f.id end as partner_id, f.contact, f.user_id, s.id as staff,
    (1 + n % 500) * 1000 as total, (state <> 'draft')::int as version, now() + make_interval(mins => n - t.size) as at,
    case when state = 'draft' then started_by else 'both' end as visible_to
  from tenants t, generate_series(1, t.size) n, mix m, firms f, colleagues s
  where n % 25 > 0 and m.i = abs(hashint4(n)) % 1000 and s.organization_id = t.organization_id and s.i = n % 10
    and f.organization_id = t.organization_id and f.is_vendor = m.is_vendor
    and f.k = case when n % 10 = 0 then 0 else 1 + n * 31 % (5 + t.size / 50) end;
create temp table plans as
  select t.organization_id, n, uuidv7(make_interval(mins => n - size)) as id, f.id as partner_id
  from tenants t, generate_series(25, size, 25) n, firms f
  where f.organization_id = t.organization_id and not f.is_vendor and f.k = 1 + n * 31 % (5 + size / 50);
-- As many subscriptions as projects, with their invoices.
create temp table recurring as
  select organization_id, n, uuidv7(make_interval(mins => n - 92000)) as id, partner_id from plans;
analyze made, plans, recurring;

insert into projects (organization_id, id, key, name, partner_id)
  select organization_id, id, 'P' || n, 'Fit-out', partner_id from plans;
insert into subscriptions (organization_id, id, number, state, partner_id, title, currency, lines, total, every, unit,
    start_on, anchor_on, terms_days)
  select organization_id, id, 'SUB-' || 100000 + n, 'active', partner_id, 'Care', 'USD', '[]', 1000, 1, 'month',
    '2090-01-01', '2090-01-01', 30 from recurring;
insert into subscription_periods (organization_id, subscription_id, period, from_on, until_on, charged_until, lines,
  document_id)
  select m.organization_id, r.id, m.n, m.at, m.at, m.at, '[]', m.id
  from made m join recurring r on r.organization_id = m.organization_id and r.n = m.n - m.n % 25
  where m.type = 'invoice';
insert into subscription_checks (organization_id, subscription_id, check_at)
  select organization_id, id, 'infinity' from recurring;
insert into payment_mandates (organization_id, id, subscription_id, partner_id, method_id, method, brand, last_four,
    max_amount, currency, notice_days, words, person_id)
  select r.organization_id, uuidv7(), r.id, r.partner_id, m.id, 'card', 'Visa', '4242', 100000, 'USD', 3, 'Agreed',
    m.person_id
  from recurring r join payment_methods m on m.organization_id = r.organization_id and m.partner_id = r.partner_id
    and m.is_default;
insert into charge_checks (organization_id, subscription_id, check_at)
  select organization_id, id, 'infinity' from recurring;
insert into scheduled_charges (organization_id, document_id, subscription_id, mandate_id, method, brand, last_four,
    max_amount, charge_on, attempts, state)
  select x.organization_id, x.document_id, x.subscription_id, m.id, 'card', 'Visa', '4242', 100000, x.from_on, 1, 'tried'
  from subscription_periods x join payment_mandates m using (organization_id, subscription_id);
-- A payment's id is its document's.
insert into charge_attempts (organization_id, document_id, attempt, payment_id)
  select organization_id, document_id, 1, document_id from scheduled_charges;
insert into documents (organization_id, id, type, number, state, started_by, partner_id, origin_id, project_id, title,
    currency, issued_on, due_on, subtotal, total, version, sha256, created_at, updated_at)
  select m.organization_id, m.id, m.type, m.number, m.state, m.started_by, m.partner_id,
    case when m.n % 4 = 0 then o.id end, p.id, m.title, 'USD', m.at,
    m.at + case when m.n % 90 = 0 then interval '1 day' else interval '90 days' end,
    m.total, m.total, m.version, '', m.at, m.at
  from made m
    left join plans p on p.organization_id = m.organization_id and p.n = m.n - m.n % 50 and m.n % 3 = 0
    left join made o on o.organization_id = m.organization_id and o.n = m.n - 7;
insert into late_charges (organization_id, charge_id, document_id, reminder_day, fee, interest)
  select organization_id, id, id, 1, 500, 0 from made where type = 'invoice';
insert into subjects (organization_id, id, kind, number, title, state, partner_id, visible_to)
  select organization_id, id, type, number, title, state, partner_id, visible_to from made
  union all select organization_id, id, 'project', 'P' || n, 'Fit-out', 'open', partner_id, 'both' from plans
  union all
  select organization_id, id, 'subscription', 'SUB-' || 100000 + n, 'Care', 'active', partner_id, 'both' from recurring;
-- As `block_of` does, for all at once: a block begins just before each 256th subject.
insert into word_blocks (organization_id, id)
  select organization_id, uuidv7(make_interval(mins => n - size, secs => -1)) from tenants, generate_series(0, size, 256) n;
-- Each order bears a word that no invoice has, and each project one that no document has.
insert into subject_words (organization_id, kind, partner_id, visible_to, word, subject_id, block_id)
  select organization_id, type, partner_id, visible_to, w, m.id, b.id
  from (
      select organization_id, n, id, type, partner_id, visible_to,
        array[lower(number), n::text, 'part' || n % 500, case when type = 'sales_order' then 'cabinet' end] as words
      from made
      union all select organization_id, n, id, 'project', partner_id, 'both', array['fit-out'] from plans) m
    join (select b.*, row_number() over (partition by organization_id order by id) - 1 as i from word_blocks b) b
      using (organization_id),
    unnest(words) w
  where w is not null and b.i = n / 256;
insert into lines (organization_id, document_id, position, description, quantity, unit_price, amount)
  select organization_id, id, 1, 'Desk', 1, total, total from made;
insert into versions (organization_id, document_id, version, sha256, snapshot)
  select organization_id, id, 1, '', '{}' from made where version = 1;

insert into participants (organization_id, subject_id, person_id)
  select organization_id, id, contact from made
  union all select organization_id, id, staff from made where n % 2 = 0;
create temp table talk as
  select m.*, uuidv7(make_interval(mins => m.n % 90000 - 92000)) as activity_id,
    uuidv7(make_interval(mins => m.n % 90000 - 92000)) as comment_id,
    case when n % 8 = 0 then 'staff' else 'both' end as read_by
  from made m where n % 2 = 0;
insert into activities (organization_id, id, subject_id, partner_id, person_id, side, action, version, visible_to,
    created_at)
  select organization_id, id, id, partner_id, staff, 'staff', 'send', version, visible_to, at from made
  union all
  select organization_id, activity_id, id, partner_id, contact, 'partner', 'comment', version, read_by, at from talk;
insert into comments (organization_id, id, subject_id, activity_id, person_id, audience, body, created_at)
  select organization_id, comment_id, id, activity_id, contact, replace(read_by, 'both', 'shared'), 'When?', at
  from talk;
insert into files (organization_id, id, subject_id, comment_id, sha256, name, content_type, size)
  select organization_id, uuidv7(), id, case when n % 3 = 0 then comment_id end, '', 'plan.txt', 'text/plain', 1
  from talk where n % 10 = 0;
-- A folder has a limit, so that all have as many files as one another.
insert into subjects (organization_id, id, kind, title, state, partner_id, visible_to)
  select organization_id, id, 'shared_folder', 'Firm', 'open', id, 'both' from firms on conflict do nothing;
create temp table shared as
  select organization_id, uuidv7() as id, uuidv7() as file_id, id as folder, contact, n from firms, generate_series(1, 60) n;
insert into files (organization_id, id, subject_id, sha256, name, content_type, size)
  select organization_id, file_id, folder, '', 'price list.txt', 'text/plain', 1 from shared
  where n < 4;
insert into shared_files (organization_id, id, partner_id, series, version, file_id, name, size, side, person_id,
    replaced_at)
  select organization_id, id, folder, id, 1, file_id, 'price list.txt', 1, 'partner', contact,
    case when n % 10 = 0 then now() end
  from shared;
insert into notifications (organization_id, id, activity_id, subject_id, person_id, read_at, asks, named)
  select organization_id, uuidv7(), activity_id, id, staff, case when n % 3 > 0 then at end, n % 4 = 0, n % 50 = 0
  from talk;
update participants p set muted_at = now() from talk t
  where t.n % 40 = 0 and p.organization_id = t.organization_id and p.subject_id = t.id and p.person_id = t.staff;
insert into emails (organization_id, id, kind, person_id, activity_id, subject_id, to_address, message_id, state,
    created_at)
  select organization_id, activity_id, 'event', staff, activity_id, id, 'staff@firm.example', activity_id,
    case when n % 700 = 0 then 'bounced' when n % 3000 = 2 then 'queued' else 'delivered' end, at
  from talk;
insert into bounces (organization_id, id, person_id, email_id, kind, points)
  select distinct on (contact) organization_id, uuidv7(), contact, activity_id, 'hard', 1 from talk where n % 10 > 0;
insert into reply_keys (organization_id, id, key_hash, subject_id, person_id, audience)
  select organization_id, id, id, id, staff, 'shared' from talk;
insert into links (organization_id, id, token_hash, person_id, user_id, subject_id, expires_at)
  select organization_id, id, id, contact, user_id, id, now() + interval '1 day' from talk;
insert into signatures (organization_id, id, document_id, activity_id, type, number, version, content_sha256,
    person_id, name, email, method, intent, locale, verified_by, pdf_sha256, pdf_size)
  select organization_id, uuidv7(), id, id, type, number, 1, repeat('0', 64), contact, 'Contact', '', 'typed',
    'I accept', 'en-US', 'signed in', lpad(n::text, 64, '0'), 1
  from talk where n % 10 = 0 and version = 1;

insert into ledger_entries (organization_id, id, partner_id, currency, kind, document_id, amount)
  select organization_id, uuidv7(), partner_id, 'USD', k, id, case when k = 'charge' then total else -total end
  from made, unnest(array['charge', 'payment']) k
  where charged and version = 1 and (k = 'charge' or state = 'paid');
insert into balances select b.* from ledger_balances b join tenants using (organization_id);
insert into credits select c.* from ledger_credits c join tenants using (organization_id);
-- Of nothing: with fewer rows the planner would take no index.
insert into credits select organization_id, id, 'USD', 0 from firms on conflict do nothing;
insert into open_items select i.* from ledger_open_items i join tenants using (organization_id);
insert into outstanding select o.* from ledger_outstanding o join tenants using (organization_id);
insert into credit_kinds select c.* from ledger_credit_kinds c join tenants using (organization_id);
-- Of nothing, as above.
insert into credit_kinds select organization_id, id, '', 'USD', 0 from firms on conflict do nothing;
insert into receivables select s.* from open_item_sums s join tenants using (organization_id);
-- A payment is on its way for each that is late: nobody is reminded meanwhile.
-- Its id is its document's.
insert into payments (organization_id, id, partner_id, kind, person_id, amount, currency, method, gateway, state, paid_on)
  select organization_id, id, partner_id, type, contact, total, 'USD', 'card', 'sandbox',
    case when state = 'paid' then 'succeeded' else 'processing' end, at
  from made where charged and (state = 'paid' or n % 90 = 0);
insert into payment_parts (organization_id, payment_id, document_id, partner_id, kind, amount, state)
  select organization_id, id, id, partner_id, kind, amount, state from payments where gateway = 'sandbox';
-- Not of overpayments, which the story has, too.
insert into payment_credits (organization_id, id, payment_id, document_id, source_id, amount)
  select organization_id, uuidv7(), payment_id, document_id, document_id, 1 from payment_parts;
insert into refunds (organization_id, id, payment_id, document_id, amount, state, reason, reopen)
  select organization_id, uuidv7(), payment_id, document_id, 1, 'succeeded', 'Broken', false from payment_parts;
insert into payment_accounts (organization_id, id, currency, kind, holder, bank_name, country, numbers, entered_by, ended_at)
  select organization_id, organization_id, 'USD', 'us', 'Firm', 'Bank', 'US', '{}', organization_id, now() from tenants;
insert into payment_runs (organization_id, id, number, account_id, currency, pay_on, state, created_by)
  select organization_id, id, 1000 + row_number() over (), organization_id, 'USD', at, 'recorded', staff
  from made where type = 'bill' and n % 7 = 0;
insert into payment_run_bills (organization_id, run_id, document_id, partner_id, position, amount, bank_account_id, live)
  select organization_id, id, id, partner_id, 1, 1, id, false from made where type = 'bill' and n % 7 = 0;
insert into bank_statements (organization_id, id, name) select organization_id, id, 'May' from made where n % 49 = 0;
insert into bank_entries (organization_id, id, statement_id, key, booked_on, amount, currency, reference, payer, state)
  select m.organization_id, uuidv7(), s.id, m.id, least(m.at, current_date - 1), m.total, 'USD', coalesce(m.number, ''), 'Firm',
    case when m.n % 7 = 0 then 'open' else 'ignored' end
  from made m cross join lateral (
    select id from bank_statements where organization_id = m.organization_id limit 1) s
  where m.charged;
insert into gateway_events (organization_id, gateway, event_id, payload)
  select organization_id, 'sandbox', id, '{}' from made where charged and n % 5 = 0;

create temp table mail as
  select m.*, uuidv7(make_interval(mins => n - 92000)) as message_id,
    uuidv7(make_interval(mins => n - 92000)) as delivery_id
  from made m where n % 9 = 0;
insert into inbound_messages (id, raw, sha256, mail_from, remote_ip, helo)
  select message_id, 'x', message_id, '', '', '' from mail;
insert into inbound_deliveries (organization_id, id, message_id, sha256, recipient, state, subject_id, partner_id,
    person_id, message_header_id, from_address)
  select organization_id, delivery_id, message_id, message_id, '',
    case when n % 60 = 0 then 'held' else 'posted' end, id, partner_id, contact,
    '<' || n || '@firm.example>', contact || '@firm.example'
  from mail;
insert into inbound_words (organization_id, word, delivery_id)
  select organization_id, w, delivery_id from mail, unnest(array['re', 'mail' || n]) w;

-- Two tasks in each project, the second after the first, the first with a step.
create temp table pieces as
  select organization_id, id as project_id, n, k, uuidv7(make_interval(mins => n - 92000)) as id from plans,
    generate_series(1, 3) k;
insert into tasks (organization_id, id, project_id, number, kind, parent_id, position, title, starts_on, due_on)
  select p.organization_id, p.id, p.project_id, 'PIECE-' || p.n || '-' || p.k,
    case when p.k = 3 then 'step' else 'task' end, case when p.k = 3 then f.id end, p.k, 'Desk', '2090-01-01', '2090-01-02'
  from pieces p join pieces f on f.organization_id = p.organization_id and f.n = p.n and f.k = 1;
insert into subjects (organization_id, id, kind, number, title, state, partner_id, visible_to)
  select organization_id, id, 'task', 'PIECE-' || n || '-' || k, 'Desk', 'open', null, 'staff' from pieces;
insert into task_dependencies (organization_id, task_id, after_id)
  select t.organization_id, t.id, f.id from pieces t
    join pieces f on f.organization_id = t.organization_id and f.n = t.n and t.k = 2 and f.k = 1;
-- Events: one of each project, which happens once a week for a month.
create temp table meetings as
  select p.organization_id, p.n, p.id as project_id, uuidv7(make_interval(mins => p.n - 92000)) as id,
    (current_date + p.n % 700 - 500) as day, f.contact, f.user_id, p.partner_id
  from plans p join firms f on f.organization_id = p.organization_id and f.id = p.partner_id and f.k > 0;
analyze meetings;
insert into events (organization_id, id, project_id, customer_id, number, title, state, starts_at, ends_at, time_zone,
    last_on)
  select organization_id, id, project_id, partner_id, 'EVENT-' || 100000 + n, 'Inspection', 'planned',
    day + time '09:00', day + time '10:00', 'UTC', day + 21
  from meetings;
insert into subjects (organization_id, id, kind, number, title, state, partner_id, visible_to)
  select organization_id, id, 'event', 'EVENT-' || 100000 + n, 'Inspection', 'planned', partner_id, 'both' from meetings;
insert into event_occurrences (organization_id, event_id, project_id, customer_id, original_on, starts_on, ends_on,
    begins_at, remind_at)
  select organization_id, id, project_id, partner_id, day + 7 * k, day + 7 * k, day + 7 * k, day + 7 * k,
    case when k = 3 and day + 21 > current_date + 2 then day + 20 end
  from meetings, generate_series(0, 3) k;
insert into participants (organization_id, subject_id, person_id) select organization_id, id, contact from meetings
  on conflict do nothing;
insert into event_answers (organization_id, event_id, person_id, answer, sequence)
  select organization_id, id, contact, 'accepted', 0 from meetings;
insert into calendar_feeds (organization_id, person_id, user_id, token_hash)
  select organization_id, contact, user_id, contact::text from firms on conflict do nothing;

-- Templates of projects, of each organization; one in ten projects is closed.
create temp table patterns as
  select organization_id, n, uuidv7() as id, uuidv7() as first, uuidv7() as second from plans where n % 250 = 0 and n < 40000
  union all select id, k, uuidv7(), uuidv7(), uuidv7() from others, generate_series(1, 5) k;
insert into project_templates (organization_id, id, name, task_count)
  select organization_id, id, 'Template ' || n, 2 from patterns;
insert into template_tasks (organization_id, id, template_id, kind, position, title, shown, milestone, starts_after)
  select organization_id, first, id, 'task', 1, 'Desk', true, false, 1 from patterns
  union all select organization_id, second, id, 'task', 2, 'Desk', true, false, 1 from patterns;
insert into template_dependencies (organization_id, task_id, after_id)
  select organization_id, second, first from patterns;
update projects set state = 'closed' where key like 'P%' and hashtext(key) % 10 = 0;
-- Time: on each project two tasks, each with three entries; two in a hundred projects have many more. Sums as triggers
-- have them.
create temp table work as
  select p.organization_id, p.n, p.id as project_id, p.partner_id as customer_id, k, s.id as person_id,
    uuidv7(make_interval(mins => p.n - 92000, secs => k)) as task_id
  from plans p, generate_series(1, 2) k, colleagues s where s.organization_id = p.organization_id and s.i = p.n % 10;
analyze work;
insert into tasks (organization_id, id, project_id, number, position, title)
  select organization_id, task_id, project_id, 'T-' || n || '-' || k, k, 'Sanding' from work;
insert into subjects (organization_id, id, kind, number, title, state, visible_to)
  select organization_id, task_id, 'task', 'T-' || n || '-' || k, 'Sanding', 'open', 'staff' from work;
insert into project_activities (organization_id, id, project_id, name, minutes)
  select organization_id, uuidv7(), project_id, 'Cleaning', 10 from work where k = 1;
insert into time_entries (organization_id, id, project_id, task_id, person_id, day, minutes, note, approved)
  select organization_id, uuidv7(make_interval(mins => n - 92000, secs => k)), project_id, task_id, person_id,
    '2025-01-06'::date + d, 10, 'Sanded', d < 7
  from work w, generate_series(0, case when w.n % 500 = 0 then 100 else 2 end) d;
insert into time_costs (organization_id, entry_id, project_id, task_id, minutes, approved, accepted, cost_rate, bill_rate,
    invoice_id)
  select e.organization_id, e.id, e.project_id, e.task_id, e.minutes, e.approved, e.day < '2025-01-07', 4000, 9000,
    case when e.day = '2025-01-06' then e.project_id end
  from time_entries e join tenants using (organization_id);
insert into time_sums select organization_id, project_id, week, person_id, work_id, sum(minutes), 0
  from time_entries join tenants using (organization_id) group by 1, 2, 3, 4, 5;
insert into task_time (organization_id, task_id, project_id, minutes, last_on)
  select organization_id, task_id, project_id, sum(minutes), max(day) from time_entries join tenants using (organization_id)
  group by 1, 2, 3;
insert into project_time (organization_id, project_id, minutes, approved_minutes, unbilled_minutes)
  select organization_id, project_id, sum(minutes), 10, 10 from time_entries join tenants using (organization_id)
  group by 1, 2;
insert into time_days select organization_id, person_id, day, 60 from time_entries join tenants using (organization_id)
  on conflict do nothing;
insert into time_weeks (organization_id, person_id, week, project_id, state, minutes)
  select distinct organization_id, person_id, week, project_id,
    case when week = '2025-01-06' and n % 50 > 0 then 'approved' when week = '2025-01-06' then 'submitted' else 'open' end,
    100
  from time_entries join work using (organization_id, project_id, task_id, person_id);
insert into time_shares
  select organization_id, project_id, '2025-01-06', task_id, person_id, customer_id, '', true, '', 10, 'Sanded' from work;
insert into shared_weeks (organization_id, project_id, week, customer_id, minutes)
  select organization_id, project_id, '2025-01-06'::date - 7 * w, customer_id, 10 from work, generate_series(0, 2) w
  where k = 1;
-- Of nobody: with fewer rows the planner would take no index.
insert into timers (organization_id, person_id, project_id, task_id)
  select organization_id, uuidv7(), project_id, task_id from work;
insert into time_rates (organization_id, person_id, cost_rate) select organization_id, uuidv7(), 4000 from work;
-- Budgets: of each tenant's projects, with items and a line of a document each.
insert into budget_groups (organization_id, id, project_id, position, name)
  select j.organization_id, uuidv7(), j.id, g, 'Group ' || g from projects j join tenants using (organization_id),
    generate_series(1, 3) g;
insert into budget_items (organization_id, id, project_id, group_id, position, name, quantity, unit_cost, markup,
    unit_price, cost, price, added_by)
  select g.organization_id, uuidv7(), g.project_id, g.id, n, 'Item ' || n, 1, 1, 0, 1, 100, 100, g.id
  from budget_groups g join tenants using (organization_id), generate_series(1, 20) n;
insert into budget_item_sums (organization_id, item_id, offered, accepted, changed, changed_cost, invoiced,
    invoiced_quantity, ordered, ordered_quantity, billed, billed_quantity, actual, foreign_lines)
  select i.organization_id, i.id, 0, 100, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
  from budget_items i join tenants using (organization_id);
insert into budget_lines (organization_id, document_id, line_id, item_id)
  select l.organization_id, l.document_id, l.id, i.id
  from (select l.*, row_number() over (partition by l.organization_id order by l.document_id, l.id) as n
      from lines l join tenants using (organization_id)) l
    join (select i.*, row_number() over (partition by i.organization_id order by i.id) as n
      from budget_items i join tenants using (organization_id)) i
    on i.organization_id = l.organization_id and i.n = l.n;
-- Threads in the story's project: answered, and told of.
create temp table said as
  select m.organization_id, j.id as project, j.partner_id, m.n, m.staff, uuidv7(make_interval(mins => n % 90000 - 92000)) as id,
    uuidv7(make_interval(mins => n % 90000 - 92000)) as answer
  from projects j join made m on m.organization_id = j.organization_id and m.n % 10 = 0
  where j.key = 'MAPLE';
insert into activities (organization_id, id, subject_id, partner_id, person_id, side, action, details, visible_to)
  select organization_id, a, project, partner_id, staff, 'staff', 'comment', jsonb_build_object('comment', a), 'both'
  from said, unnest(array[id, answer]) a;
insert into comments (organization_id, id, last_id, subject_id, partner_id, activity_id, person_id, audience, title, body,
    has_files)
  select organization_id, id, id, project, partner_id, id, staff, 'shared', 'Doors ' || n, 'Ash?', n % 100 = 0 from said;
insert into comments (organization_id, id, subject_id, partner_id, activity_id, person_id, audience, body, thread_id)
  select organization_id, answer, project, partner_id, answer, staff, 'shared', 'Oak.',
    first_value(id) over (partition by organization_id, n % 400 order by n) from said;
insert into comment_tags (organization_id, comment_id, person_id)
  select organization_id, id, staff from said;
insert into thread_people (organization_id, thread_id, person_id, subject_id, tagged)
  select organization_id, id, staff, project, true from said;
-- Files of projects, their logs with photos, and mail to them.
create temp table kept as
  select p.organization_id, p.id as project_id, k, c.id as person,
    uuidv7() as file, uuidv7() as photo, uuidv7() as log
  from plans p
    join colleagues c on c.organization_id = p.organization_id and c.i = 0
    cross join generate_series(1, 6) k;
insert into files (organization_id, id, subject_id, sha256, name, content_type, size, held_by)
  select organization_id, file, project_id, '', 'oak.txt', 'text/plain', 1, 'project_file' from kept
  union all select organization_id, photo, project_id, '', 'oak.png', 'image/png', 1, 'log_file' from kept;
insert into project_files (organization_id, id, project_id, series, version, file_id, name, size, folder, audience, side,
    person_id)
  select organization_id, file, project_id, file, 1, file, 'oak.txt', 1, case when k % 2 = 0 then 'Plans' else '' end,
    case when k % 3 = 0 then 'staff' else 'both' end, 'staff', person from kept;
insert into project_logs (organization_id, id, project_id, day, text, shown, person_id)
  select organization_id, log, project_id, date '2026-01-01' + k, 'Cut', k % 2 = 0, person from kept;
insert into project_log_files (organization_id, id, log_id, file_id, name, size)
  select organization_id, photo, log, photo, 'oak.png', 1 from kept;
insert into project_mails (organization_id, id, project_id, comment_id, side, person_id, title)
  select p.organization_id, uuidv7(), p.id, c.id, 'staff', c.person_id, 'Keys'
  from (select *, row_number() over (partition by organization_id) as nth from plans) p
    join (select *, row_number() over (partition by organization_id) as nth from comments) c
      on c.organization_id = p.organization_id and c.nth = p.nth;
insert into project_addresses (organization_id, project_id, key)
  select p.organization_id, p.id, new_project_address() from plans p on conflict do nothing;
-- One vendor has a task in every project; few of these are closed.
update tasks t set vendor_id = f.id from firms f
  where f.organization_id = t.organization_id and f.is_vendor and f.k = 0 and t.number like 'PIECE-%-2';
update subjects s set partner_id = f.id, visible_to = 'both' from firms f
  where f.organization_id = s.organization_id and f.is_vendor and f.k = 0 and s.number like 'PIECE-%-2';
update projects set state = 'open' where key like 'P%' and hashtext(key) % 100 <> 0;
insert into project_work (organization_id, partner_id, project_id, state)
  select w.organization_id, w.partner_id, p.id, p.state
  from (
      select organization_id, partner_id, project_id from documents where partner_id is not null
      union select organization_id, vendor_id, project_id from tasks where vendor_id is not null) w
    join tenants using (organization_id)
    join projects p on p.organization_id = w.organization_id and p.id = w.project_id
  on conflict do nothing;
-- What staff say and do among themselves: of the story's project far more than its customer reads.
create temp table whispers as
  select s.organization_id, s.project, s.partner_id, s.staff, s.n, k, uuidv7(make_interval(secs => -(s.n % 9000))) as id
  from said s, generate_series(1, 3) k;
insert into activities (organization_id, id, subject_id, partner_id, person_id, side, action, details, visible_to)
  select organization_id, id, project, partner_id, staff, 'staff', 'comment', jsonb_build_object('comment', id), 'staff'
  from whispers;
insert into comments (organization_id, id, last_id, subject_id, partner_id, activity_id, person_id, audience, title, body,
    has_files)
  select organization_id, id, id, project, partner_id, id, staff, 'staff', 'Margin ' || n, 'Low.', n % 100 = 0
  from whispers;

-- Days off of each organization, and series with a time that was moved by itself.
insert into days_off (organization_id, id, starts_on, ends_on, name)
  select organization_id, uuidv7(), current_date + 3 * n, current_date + 3 * n, 'Holiday'
  from (select distinct organization_id from plans union select id from others) o, generate_series(100, 250) n;
update event_occurrences o set sequence = 1, starts_at = o.starts_on + time '11:00', ends_at = o.starts_on + time '12:00'
  from meetings m where o.organization_id = m.organization_id and o.event_id = m.id and o.original_on = m.day + 7
    and m.n % 5 = 0;
-- Jobs that failed, of which most have ended since.
insert into failing_jobs (organization_id, job_id, task, detail, failed_at)
  select organization_id, 1000000000 + row_number() over (), 'send_email', '', now() - random() * interval '1 day'
  from documents;
-- What lines, comments, files and people are found by: some words are in nearly all, others in few.
insert into part_words (organization_id, part, word, subject_id, id, partner_id, audience)
  select m.organization_id, 'line', w, m.id, l.id, m.partner_id, 'both'
  from made m join lines l on l.organization_id = m.organization_id and l.document_id = m.id
    cross join unnest(array['desk', 'plank' || m.n % 500]) w where m.version = 1;
insert into part_words (organization_id, part, word, subject_id, id, partner_id, audience)
  select c.organization_id, 'comment', w, c.subject_id, c.id, coalesce(c.partner_id, s.partner_id), c.audience
  from comments c join subjects s on s.organization_id = c.organization_id and s.id = c.subject_id
    cross join unnest(array['when', 'reply' || abs(hashtext(c.id::text)) % 500]) w
  on conflict do nothing;
insert into part_words (organization_id, part, word, subject_id, id, partner_id, audience)
  select f.organization_id, 'file', w, f.subject_id, f.id, s.partner_id, 'both'
  from files f join subjects s on s.organization_id = f.organization_id and s.id = f.subject_id
    cross join unnest(array['plan', 'txt']) w where f.version is null
  on conflict do nothing;
insert into part_words (organization_id, part, word, subject_id, id, partner_id, audience)
  select p.organization_id, 'person', w, p.id, p.id, p.partner_id, 'both'
  from people p cross join unnest(array[lower(split_part(p.name, ' ', 1)), p.email]) w
  on conflict do nothing;
-- A catalog: half of the lines are of one of its items, one of which is on very many.
create temp table catalog as
  select t.organization_id, uuidv7() as id, n, c.id as person
  from tenants t cross join lateral generate_series(0, t.size / 10 + 19) n
    join colleagues c on c.organization_id = t.organization_id and c.i = 0;
create index on catalog (organization_id, n);
analyze catalog;
insert into items (organization_id, id, code, name, unit, group_name, cost, archived_at, created_by)
  select organization_id, id, 'C-' || n, 'Board ' || n, 'pc', 'Group ' || n % 12, 10, case when n % 50 = 7 then now() end,
    person
  from catalog;
insert into item_words (organization_id, word, item_id)
  select organization_id, w, id from catalog, unnest(array['board', 'b' || n, 'c-' || n]) w;
insert into item_prices (organization_id, item_id, currency, price)
  select organization_id, id, c, 12 from catalog, unnest(array['EUR', 'USD']) c;
insert into item_vendors (organization_id, item_id, partner_id, code, currency, price)
  select c.organization_id, c.id, f.id, 'V-' || n, 'USD', 9
  from catalog c join firms f on f.organization_id = c.organization_id and f.is_vendor and f.k in (0, 1 + c.n % 5)
  on conflict do nothing;
-- Nothing of it is analyzed yet: row by row it would take minutes.
set enable_nestloop = off;
insert into item_lines (organization_id, document_id, line_id, item_id, partner_id)
  select l.organization_id, l.document_id, l.id, c.id, d.partner_id
  from lines l
    join documents d on d.organization_id = l.organization_id and d.id = l.document_id
    join tenants t on t.organization_id = l.organization_id
    join catalog c on c.organization_id = l.organization_id
      and c.n = case when hashtext(l.id::text) % 8 = 0 then 0 else abs(hashtext(l.id::text) / 8) % (t.size / 10 + 20) end
  where hashtext(l.id::text) % 2 = 0
  on conflict do nothing;
reset enable_nestloop;
insert into webhooks (organization_id, id, url, events, created_by)
  select c.organization_id, uuidv7(), 'https://hooks.example/' || n, '{document.sent}', c.id
  from colleagues c cross join generate_series(1, 20) n where c.i = 0;
insert into webhooks (organization_id, id, url, events, created_by)
  select id, uuidv7(), 'https://hooks.example/' || k, '{document.sent}', id
  from others cross join generate_series(1, 4) k;
insert into webhook_secrets (organization_id, webhook_id, sealed) select organization_id, id, '' from webhooks
  on conflict do nothing;
insert into webhook_deliveries (organization_id, webhook_id, message_id, event, state, created_at)
  select organization_id, id, uuidv7(), 'document.sent', 'delivered', now() - k * interval '1 hour'
  from webhooks, generate_series(1, 20) k;
insert into accounting (organization_id, chart) select id, 'us' from others;
insert into booking_accounts (organization_id, purpose, tax, account)
  select id, 'sales', 'Tax ' || k || '|1', '40' || k from others, generate_series(10, 29) k;

-- How each organization numbers its documents.
insert into numberings (organization_id, type, prefix)
  select id, type, prefix from others, (select distinct type, prefix from mix) m;
insert into number_prefixes (organization_id, prefix, type)
  select id, prefix, type from others, (select distinct type, prefix from mix) m;

-- Tables that were imported, as all others do; and partners that are archived.
insert into imports (organization_id, id, kind, name, state, created_by)
  select id, uuidv7(), 'items', 'items.csv', 'done', id from others cross join generate_series(1, 3) k;
insert into imports (organization_id, id, kind, name, state, created_by)
  select c.organization_id, uuidv7(), 'items', 'items.csv', 'done', c.id
  from colleagues c cross join generate_series(1, 20) n where c.i = 0;
insert into import_rows (organization_id, import_id, row, cells, outcome)
  select organization_id, id, n, '["x"]', case when n % 50 = 0 then 'refused' else 'made' end
  from imports, generate_series(2, 100) n;
insert into import_matches (organization_id, kind, settings)
  select id, kind, '{}' from others, (values ('items'), ('partners')) k (kind);
