-- What each role may do stands in src/subjects/permissions.ts. Contacts are no owners or admins.
alter table people drop constraint people_role_check;
alter table people add constraint people_role_check check (
  role in ('owner', 'admin', 'manager', 'member', 'accountant', 'viewer')
    and (partner_id is null or role not in ('owner', 'admin')));
alter table people
  -- The last part of `name`, where it is known which that is.
  add column last_name text not null default '',
  add column phone text not null default '',
  -- Of a contact: the modules that they may use. Null: all.
  add column modules text[],
  -- When they were first invited, and when they took the invitation. A contact who was sent documents may never be.
  add column invited_at timestamptz,
  add column activated_at timestamptz;

-- The modules that the portal shows its partners. Null: all.
alter table organizations add column modules text[];

-- The modules that a contact may use; null: all.
create function usable_modules(shown text[], permitted text[]) returns text[] language sql immutable
  return case when shown is null then permitted when permitted is null then shown
    else array(select unnest(shown) intersect select unnest(permitted)) end;

-- The kinds of subject in a contact's modules; null: no such limit. And besides those, what they take part in.
create function app_kinds() returns text[] language sql stable
  return nullif(current_setting('app.kinds', true), '')::text[];
create function app_shared() returns uuid[] language sql stable
  return coalesce(nullif(current_setting('app.shared', true), '')::uuid[], '{}');

-- As `may_see`, and in a module that the contact may use; `kind` null: what hangs on a subject, which is looked up.
create function may_see(subject uuid, partner uuid, visible_to text, kind text) returns boolean
language plpgsql stable cost 10 as $$
begin
  return may_see(subject, partner, visible_to) and (
    app_kinds() is null or kind = any (app_kinds()) or subject = any (app_shared())
      or (kind is null and sees(subject)));
end $$;

-- Whether the contact may use the module of money: what their company owes and has paid, as a whole.
create function sees_sums(partner uuid) returns boolean language plpgsql stable cost 1 as $$
begin
  return app_subjects() is null and (app_side() in ('staff', 'system')
    or (app_side() = 'partner' and partner = app_partner()
      and (app_kinds() is null or app_kinds() && '{invoice,bill}')));
end $$;

alter policy reading on subjects using (
  organization_id = app_organization() and may_see(id, partner_id, visible_to, kind));
alter policy reading on documents using (
  organization_id = app_organization()
    and may_see(id, partner_id, document_visible_to(state, started_by), type));
alter policy reading on subject_words using (
  organization_id = app_organization() and may_see(subject_id, partner_id, visible_to, kind));
alter policy reading on projects using (
  organization_id = app_organization()
    and (is_internal() or may_see(id, partner_id, 'both', 'project') or has_document_in(id)));
alter policy reading on payments using (
  organization_id = app_organization() and may_see(document_id, partner_id, 'both', null));
alter policy reading on ledger_entries using (
  organization_id = app_organization() and may_see(document_id, partner_id, 'both', null));
alter policy reading on credits using (organization_id = app_organization() and sees_sums(partner_id));
alter policy reading on balances using (organization_id = app_organization() and sees_sums(partner_id));
alter policy reading on receivables using (organization_id = app_organization() and sees_sums(account_id));

-- A person was asked to join: a contact to use the portal, or a new member of the staff. The link leads in for ever; it
-- activates for seven days after it was last sent.
create table invitations (
  organization_id uuid not null references organizations,
  id uuid not null,
  person_id uuid not null,
  -- Of a contact; null: of staff.
  partner_id uuid,
  token_hash text not null unique,
  -- Null: nobody of ours, as for the owner of a new organization.
  invited_by uuid,
  -- What the inviter wrote.
  message text not null default '' check (length(message) <= 2000),
  sent_at timestamptz not null default app_now(),
  expires_at timestamptz not null,
  accepted_at timestamptz,
  revoked_at timestamptz,
  created_at timestamptz not null default app_now(),
  primary key (organization_id, id),
  foreign key (organization_id, person_id) references people (organization_id, id),
  foreign key (organization_id, invited_by) references people (organization_id, id)
);
create index on invitations (organization_id, person_id, id desc);
create index invitations_open on invitations (organization_id, sent_at) where accepted_at is null and revoked_at is null;
call secure(
  '{invitations}',
  'every_subject() and (is_internal() or (app_side() = ''partner'' and partner_id = app_partner()))',
  holder => 'was_shown(token_hash)'
);

-- What kinds there are stands in src/mail/outbox/queue.ts.
alter table emails drop constraint emails_kind_check;
