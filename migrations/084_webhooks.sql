-- Addresses of programs that an organization has told what happens.
create table webhooks (
  organization_id uuid not null references organizations,
  id uuid not null,
  url text not null check (length(url) between 10 and 1000),
  -- As webhook_event() names them.
  events text[] not null check (cardinality(events) between 1 and 40),
  -- 'off': it was turned off because it failed for days, or said that it is gone.
  state text not null default 'on' check (state in ('on', 'paused', 'off')),
  -- Since when nothing has arrived; null: the last one did.
  failing_since timestamptz,
  created_by uuid not null,
  created_at timestamptz not null default app_now(),
  primary key (organization_id, id),
  foreign key (organization_id, created_by) references people (organization_id, id)
);
create index webhooks_on on webhooks (organization_id) where state = 'on';
call secure('{webhooks}', 'is_internal()');

-- What they are signed with, sealed. Shown once.
create table webhook_secrets (
  organization_id uuid not null,
  webhook_id uuid not null,
  sealed bytea not null,
  shown_at timestamptz,
  -- The one before, which signs as well until then.
  old_sealed bytea,
  old_until timestamptz,
  primary key (organization_id, webhook_id),
  foreign key (organization_id, webhook_id) references webhooks (organization_id, id) on delete cascade
);
call secure('{webhook_secrets}', 'is_system()');

-- What each was sent, or is to be sent: one row for each activity, however often it is tried. Kept for 30 days.
create table webhook_deliveries (
  organization_id uuid not null,
  webhook_id uuid not null,
  -- The activity's id, or that of a test: what the receiver knows it by.
  message_id uuid not null,
  -- Null for a test.
  activity_id uuid,
  event text not null,
  state text not null default 'waiting' check (state in ('waiting', 'delivered', 'failed')),
  -- Composed when it is first tried, and the same from then on.
  body text,
  attempts smallint not null default 0,
  tried_at timestamptz,
  -- When it is tried next; null: nobody waits for it.
  next_at timestamptz,
  -- The last answer.
  status smallint,
  answer text not null default '',
  -- Why there was none.
  error text not null default '',
  created_at timestamptz not null default app_now(),
  primary key (organization_id, webhook_id, message_id),
  foreign key (organization_id, webhook_id) references webhooks (organization_id, id) on delete cascade
);
create index on webhook_deliveries (organization_id, created_at);
create index webhook_deliveries_waiting on webhook_deliveries (organization_id, webhook_id, message_id)
  where state = 'waiting';
call secure('{webhook_deliveries}', 'is_internal()');
alter table webhook_deliveries alter column organization_id set (n_distinct = 10);
alter table webhook_deliveries alter column webhook_id set (n_distinct = 20);

-- What an action is called in webhooks; the last part of an event's type.
create function webhook_event(action text) returns text language sql immutable as $$
  select case
    when action in ('send', 'request') then 'sent'
    when action in ('submit', 'resubmit') then 'submitted'
    when action = 'revise' then 'revised'
    when action = 'view' then 'viewed'
    when action in ('accept', 'accept_on_behalf', 'award', 'acknowledge', 'accept_changes') then 'accepted'
    when action in ('request_changes', 'ask_change', 'propose', 'send_back') then 'changes_requested'
    when action in ('decline', 'reject', 'refuse_changes') then 'declined'
    when action in ('approve', 'approve_first') then 'approved'
    when action = 'expire' then 'expired'
    when action in ('void', 'cancel', 'withdraw') then 'canceled'
    when action in ('receive', 'receive_late', 'record_payment', 'pay_by_run') then 'paid'
    when action in ('failed', 'reverse_payment', 'take_back', 'take_back_late', 'chargeback') then 'payment_failed'
    when action in ('refunded', 'refunded_late', 'refund') then 'refunded'
    when action = 'remind' then 'reminded'
    when action in ('comment', 'take_mail') then 'commented'
    else 'changed'
  end
$$;

-- Has a job send a delivery; one that waits for later takes its time from this one. Returns the job's id.
create function send_webhook(organization uuid, webhook uuid, message uuid, attempt integer, at timestamptz)
returns bigint language plpgsql as $$
declare
  job bigint;
begin
  select id into job from graphile_worker.add_job(
    'send_webhook',
    json_build_object('organization_id', organization, 'webhook_id', webhook, 'message_id', message,
      'attempt', attempt),
    run_at => at, max_attempts => 28, job_key => 'webhook ' || webhook || ' ' || message);
  return job;
end $$;

-- An activity of a subject is delivered to each webhook that wants it. What only a partner's side sees is not told.
create function deliver_activity() returns trigger language plpgsql as $$
declare
  event text;
  webhook uuid;
begin
  if new.subject_id is null or new.visible_to = 'partner' then return null; end if;
  for webhook, event in
    select w.id, webhook_event(new.action) from webhooks w
      where w.organization_id = new.organization_id and w.state = 'on' and webhook_event(new.action) = any (w.events)
  loop
    insert into webhook_deliveries (organization_id, webhook_id, message_id, activity_id, event, next_at)
      values (new.organization_id, webhook, new.id, new.id, event, now());
    perform send_webhook(new.organization_id, webhook, new.id, 0, now());
  end loop;
  return null;
end $$;
create trigger delivered after insert on activities for each row execute function deliver_activity();

call allow_value('security_events', 'action', 'webhook_changed');
call allow_value('security_events', 'action', 'webhook_secret_shown');
