-- The rates that an organization keeps, to show amounts in a reader's currency, never to decide or to pay. A corrected
-- rate is another row.
create table exchange_rates (
  organization_id uuid not null references organizations,
  id uuid not null,
  from_currency text not null check (from_currency ~ '^[A-Z]{3}$'),
  to_currency text not null check (to_currency ~ '^[A-Z]{3}$' and to_currency <> from_currency),
  day date not null,
  rate numeric(20, 10) not null check (rate > 0),
  person_id uuid not null,
  created_at timestamptz not null default app_now(),
  primary key (organization_id, id),
  foreign key (organization_id, person_id) references people (organization_id, id)
);
create index on exchange_rates (organization_id, from_currency, to_currency, day desc, id desc);
create index on exchange_rates (organization_id, to_currency, from_currency, day desc, id desc);
call secure('{exchange_rates}', 'true', writes => 'is_staff()');
create trigger append_only before update or delete on exchange_rates
  for each row execute function refuse_change();

-- The newest rate, not after the day, of each currency that has one to or from this one: the same few lookups whether
-- the rates of a year are kept or of ten.
create function latest_rates(organization uuid, currency text, until date) returns setof exchange_rates
language plpgsql stable as $$
declare
  other text := '';
begin
  loop
    select min(r.from_currency) into other from exchange_rates r
      where r.organization_id = organization and r.to_currency = currency and r.from_currency > other;
    exit when other is null;
    return query select * from exchange_rates r
      where r.organization_id = organization and r.to_currency = currency and r.from_currency = other and r.day <= until
      order by r.day desc, r.id desc limit 1;
  end loop;
  other := '';
  loop
    select min(r.to_currency) into other from exchange_rates r
      where r.organization_id = organization and r.from_currency = currency and r.to_currency > other;
    exit when other is null;
    return query select * from exchange_rates r
      where r.organization_id = organization and r.from_currency = currency and r.to_currency = other and r.day <= until
      order by r.day desc, r.id desc limit 1;
  end loop;
end $$;
