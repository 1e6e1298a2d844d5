-- What stands at the foot of documents: register, managing directors, whatever the law asks for.
alter table organizations add column footer text not null default '';

-- How documents of a type are numbered; without a row: by the type's own prefix, without a year.
create table numberings (
  organization_id uuid not null references organizations,
  type text not null,
  prefix text not null check (prefix ~ '^[A-Z]{1,6}$'),
  with_year boolean not null default false,
  primary key (organization_id, type)
);

-- Which type a prefix has ever been given to: another can't have it, or it would give the same numbers again.
create table number_prefixes (
  organization_id uuid not null references organizations,
  prefix text not null,
  type text not null,
  primary key (organization_id, prefix)
);
call secure('{numberings, number_prefixes}', 'is_internal()');
