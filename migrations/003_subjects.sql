-- A subject is what has a page, a conversation and emails: a document, a project. Conversation, files, activities,
-- participants, notifications, emails, links and reply keys hang on it, and whoever sees it sees them.
create table subjects (
  organization_id uuid not null references organizations,
  id uuid not null,
  -- The name of its lifecycle: 'invoice', 'project'.
  kind text not null,
  -- The last part of its URL (INV-0042, MAPLE-2); null while a draft has none.
  number text,
  title text not null default '',
  state text not null,
  -- Null for a request for proposal, which goes to several vendors.
  partner_id uuid,
  -- A draft is seen only by the side that started it.
  visible_to text not null check (visible_to in ('both', 'staff', 'partner')),
  created_at timestamptz not null default app_now(),
  primary key (organization_id, id),
  foreign key (organization_id, partner_id) references partners (organization_id, id)
);
create index on subjects (organization_id, partner_id) where partner_id is not null;
create unique index subjects_by_number on subjects (organization_id, number, kind) where number is not null;

-- Whether a row of this subject and partner may be seen, by its columns alone. The one rule of who sees what. Its cost
-- is about what it is in operators, so that the keys of a query are compared first.
create function may_see(subject uuid, partner uuid, visible_to text) returns boolean
language plpgsql stable cost 10 as $$
begin
  return (app_subjects() is null or subject = any (app_subjects()))
    and case app_side()
      when 'system' then true
      when 'staff' then visible_to in ('both', 'staff')
      when 'partner' then partner = app_partner() and visible_to in ('both', 'partner')
      -- Who got it forwarded is not of the partner's side: perhaps of another company.
      when 'guest' then partner = app_partner() and visible_to = 'both' end;
end $$;

-- The same for what hangs on a subject, which is looked up by its key. What hangs on none is for staff. A row may say
-- itself that it is for one side: staff never read what is for the partner, nor the reverse, and guests neither.
create function sees(subject uuid, audience text default 'both') returns boolean
language plpgsql stable cost 100 as $$
declare
  side text := app_side();
begin
  if side = 'system' then return true;
  elsif audience not in (side, 'both', 'shared') then return false;
  elsif subject is null then return side = 'staff' and app_subjects() is null;
  end if;
  perform from subjects s where s.organization_id = app_organization() and s.id = subject;
  return found;
end $$;

call secure('{subjects}', 'may_see(id, partner_id, visible_to)');

-- The contacts it was prepared for, and the staff who follow it.
create table participants (
  organization_id uuid not null references organizations,
  subject_id uuid not null,
  person_id uuid not null,
  -- When they asked for fewer emails about it: from then on they get only what they must have.
  muted_at timestamptz,
  primary key (organization_id, subject_id, person_id),
  foreign key (organization_id, subject_id) references subjects (organization_id, id),
  foreign key (organization_id, person_id) references people (organization_id, id)
);
create index on participants (organization_id, person_id);

call secure('{participants}', 'sees(subject_id)', holder => 'is_own_person(organization_id, person_id)');
