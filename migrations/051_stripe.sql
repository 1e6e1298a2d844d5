-- The keys of an organization's account at Stripe, sealed. Only the system reads them; people see how they end.
create table stripe_keys (
  organization_id uuid primary key references organizations,
  -- Whether money moves.
  livemode boolean not null,
  -- What Stripe calls the account; '' where a restricted key may not ask.
  account text not null,
  secret_key bytea not null,
  secret_key_ending text not null,
  webhook_secret bytea not null,
  webhook_secret_ending text not null,
  -- The one before, while Stripe still signs with it.
  old_webhook_secret bytea,
  old_webhook_secret_ending text,
  -- Since when it is this account in this mode.
  connected_at timestamptz not null default app_now()
);
call secure('{stripe_keys}', 'is_system()');

-- A partner as an account at Stripe knows it. Those of another account, or of test mode, are others.
create table stripe_customers (
  organization_id uuid not null references organizations,
  partner_id uuid not null,
  account text not null,
  livemode boolean not null,
  reference text not null,
  primary key (organization_id, partner_id, account, livemode),
  foreign key (organization_id, partner_id) references partners (organization_id, id)
);
call secure('{stripe_customers}', 'is_system()');

alter table organizations drop constraint organizations_gateway_check,
  add constraint organizations_gateway_check check (gateway in ('sandbox', 'stripe'));
call allow_value('security_events', 'action', 'payment_keys_changed');

-- What is asked for every night.
create index on payments (organization_id, id) where gateway <> 'recorded' and state in ('started', 'processing');
