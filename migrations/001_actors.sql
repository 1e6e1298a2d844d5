-- Who is acting, as settings that last for one transaction (src/db/scope.ts sets them).
create function app_organization() returns uuid language sql stable
  return nullif(current_setting('app.organization', true), '')::uuid;
create function app_side() returns text language sql stable
  return nullif(current_setting('app.side', true), '');
create function app_person() returns uuid language sql stable
  return nullif(current_setting('app.person', true), '')::uuid;
create function app_partner() returns uuid language sql stable
  return nullif(current_setting('app.partner', true), '')::uuid;
create function app_user() returns uuid language sql stable
  return nullif(current_setting('app.user', true), '')::uuid;
-- The only subjects that a magic link opens, or that a guest takes part in. Null: no such limit.
create function app_subjects() returns uuid[] language sql stable
  return nullif(current_setting('app.subjects', true), '')::uuid[];
-- The hashes of the secrets that were shown: who holds a secret may read its row, and no other.
create function app_secrets() returns text[] language sql stable
  return nullif(current_setting('app.secrets', true), '')::text[];
-- The current time, unless it is moved (the demo's past, a test's future).
create function app_now() returns timestamptz language sql stable
  return coalesce(nullif(current_setting('app.now', true), '')::timestamptz, now());

-- What row security compares is in plpgsql, which the planner does not write out. Written out, it would take a setting
-- for a column that is hardly ever so, expect next to no rows, and sort a whole list for its first page.
create function is_system() returns boolean language plpgsql stable cost 1
  as $$ begin return app_side() = 'system'; end $$;
create function is_staff() returns boolean language plpgsql stable cost 1
  as $$ begin return app_side() = 'staff'; end $$;
create function is_partner() returns boolean language plpgsql stable cost 1
  as $$ begin return app_side() in ('partner', 'guest'); end $$;
create function is_internal() returns boolean language plpgsql stable cost 1
  as $$ begin return app_side() in ('staff', 'system'); end $$;
-- Whether it is the hash of a secret that was shown.
create function was_shown(hash text) returns boolean language plpgsql stable cost 1
  as $$ begin return hash = any (app_secrets()); end $$;
create function every_subject() returns boolean language plpgsql stable cost 1
  as $$ begin return app_subjects() is null; end $$;

-- Turns a table's row security on: who may read its rows, and who may change them. Forced, so that it binds the owner
-- of the tables, too. One policy for each command, since each further one costs time whenever a query is planned.
create procedure secure_table(name text, reads text, writes text) language plpgsql as $$
begin
  execute format('alter table %I enable row level security', name);
  execute format('alter table %I force row level security', name);
  execute format('create policy reading on %I for select using (%s)', name, reads);
  execute format('create policy adding on %I for insert with check (%s)', name, writes);
  execute format('create policy changing on %I for update using (%s)', name, writes);
  execute format('create policy removing on %I for delete using (%s)', name, writes);
end $$;

-- Row security of tables that belong to organizations. `reads`: who in its own organization may read a row. `writes`:
-- who of them may change it. `holder`: who else may read it, such as whoever shows its secret; in a function, or the
-- planner would read all of the organization's rows by one index and those of the holder by another.
create procedure secure(tables text[], reads text, writes text default 'is_internal()', holder text default null)
language plpgsql as $$
declare
  name text;
  visible text := format('organization_id = app_organization() and (%s)', reads);
begin
  foreach name in array tables loop
    call secure_table(name, visible || coalesce(' or ' || holder, ''), format('%s and %s', visible, writes));
  end loop;
end $$;

-- For tables that are never changed afterwards.
create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name;
end $$;
