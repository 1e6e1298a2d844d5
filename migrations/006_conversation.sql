-- What happened, with its input and results. Without a subject: about a partner, a person or a message.
create table activities (
  organization_id uuid not null references organizations,
  id uuid not null,
  subject_id uuid,
  partner_id uuid,
  person_id uuid,
  side text not null check (side in ('staff', 'partner', 'system')),
  action text not null,
  details jsonb not null default '{}',
  version integer not null default 0,
  visible_to text not null default 'both' check (visible_to in ('both', 'staff', 'partner')),
  created_at timestamptz not null default app_now(),
  primary key (organization_id, id),
  foreign key (organization_id, subject_id) references subjects (organization_id, id),
  foreign key (organization_id, partner_id) references partners (organization_id, id),
  foreign key (organization_id, person_id) references people (organization_id, id)
);
create index on activities (organization_id, subject_id, id);
create index on activities (organization_id, partner_id, id desc);
create index activities_reminders on activities (organization_id, subject_id, id) where action = 'remind';
create unique index viewed_once on activities (organization_id, subject_id, person_id, version) where action = 'view';
create trigger append_only before update or delete on activities for each row execute function refuse_change();

create table comments (
  organization_id uuid not null references organizations,
  id uuid not null,
  subject_id uuid not null,
  activity_id uuid not null,
  person_id uuid not null,
  audience text not null check (audience in ('shared', 'staff', 'partner')),
  body text not null,
  -- Of an email: the quoted text and the signature, shown on request.
  trimmed text not null default '',
  via text not null default 'portal' check (via in ('portal', 'email')),
  verified boolean not null default true,
  evidence text not null default '',
  -- Who posted an email that had been held: the name, as it was then.
  placed_by text not null default '',
  -- What its readers should know of an email: files left out, that it was encrypted, an invitation in it.
  notices text not null default '',
  created_at timestamptz not null default app_now(),
  primary key (organization_id, id),
  foreign key (organization_id, subject_id) references subjects (organization_id, id),
  foreign key (organization_id, activity_id) references activities (organization_id, id) deferrable initially deferred,
  foreign key (organization_id, person_id) references people (organization_id, id)
);
create index on comments (organization_id, subject_id, id);

-- The bytes are in file storage, under their SHA-256; this says whose they are and what they were called.
create table files (
  organization_id uuid not null references organizations,
  id uuid not null,
  subject_id uuid not null,
  comment_id uuid,
  -- Of a document's PDF.
  version integer,
  locale text,
  sha256 text not null,
  name text not null,
  content_type text not null,
  declared_type text not null default '',
  size bigint not null,
  created_at timestamptz not null default app_now(),
  primary key (organization_id, id),
  foreign key (organization_id, subject_id) references subjects (organization_id, id),
  foreign key (organization_id, comment_id) references comments (organization_id, id)
);
create index on files (organization_id, subject_id);
create index on files (organization_id, comment_id) where comment_id is not null;
create unique index pdf_once on files (organization_id, subject_id, version, locale) where version is not null;

-- Who is to know of an activity, and whether they have seen it in the portal.
create table notifications (
  organization_id uuid not null references organizations,
  id uuid not null,
  activity_id uuid not null,
  subject_id uuid,
  person_id uuid not null,
  read_at timestamptz,
  created_at timestamptz not null default app_now(),
  primary key (organization_id, id),
  unique (organization_id, activity_id, person_id),
  foreign key (organization_id, activity_id) references activities (organization_id, id),
  foreign key (organization_id, subject_id) references subjects (organization_id, id),
  foreign key (organization_id, person_id) references people (organization_id, id)
);
create index on notifications (organization_id, person_id, id desc);
create index notifications_unread on notifications (organization_id, person_id, subject_id) where read_at is null;

-- A file of a comment is seen with the comment.
create function sees_comment(comment uuid) returns boolean language plpgsql stable cost 100 as $$
begin
  if app_side() = 'system' then return true; end if;
  perform from comments c where c.organization_id = app_organization() and c.id = comment;
  return found;
end $$;

call secure('{activities}', 'sees(subject_id, visible_to)');
call secure('{comments}', 'sees(subject_id, audience)');
call secure('{files}', 'case when comment_id is null then sees(subject_id) else sees_comment(comment_id) end');
call secure('{notifications}', '(is_internal() or person_id = app_person()) and sees(subject_id)');
