-- The last day that a period's invoice charged: where the subscription ends within it, before `until_on`.
alter table subscription_periods add column charged_until date;
alter table subscription_periods no force row level security;
alter table activities no force row level security;
update subscription_periods x set charged_until = coalesce(
  (select least((a.details ->> 'until_on')::date, x.until_on) from activities a
    where a.organization_id = x.organization_id and a.subject_id = x.subscription_id
      and a.action in ('bill_period', 'draft_period') and a.details ->> 'made' = x.document_id::text limit 1),
  x.until_on);
alter table subscription_periods force row level security;
alter table activities force row level security;
alter table subscription_periods alter column charged_until set not null,
  add check (charged_until between from_on and until_on);

-- Pauses that are over, as long as a period from before them is not invoiced yet: what began in them never is.
alter table subscriptions add column skipped json not null default '[]';
