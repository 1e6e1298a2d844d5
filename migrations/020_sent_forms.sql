-- The forms that were sent, each with its answer: the same form that arrives again is answered by that, and not done
-- again. `token_hash`: of the form's token and its address; `content_hash`: of what was typed.
create table sent_forms (
  organization_id uuid not null references organizations,
  person_id uuid not null,
  token_hash text not null,
  content_hash text not null,
  answer jsonb not null,
  sent_at timestamptz not null default now(),
  primary key (organization_id, person_id, token_hash),
  foreign key (organization_id, person_id) references people (organization_id, id)
);
create index sent_forms_old on sent_forms (organization_id, sent_at);
call secure('{sent_forms}', 'is_system() or person_id = app_person()', writes => 'true');
