-- Pending deliveries are an inbox: a job takes several at a time, those of one recipient in their order.
alter table inbound_deliveries
  -- The job that reads it, or did before its process died.
  add column job_id bigint,
  -- It could not be read now: left to the next attempt of its job.
  add column deferred boolean not null default false;
create index inbound_deliveries_pending on inbound_deliveries (created_at, id) where state = 'pending';
create index inbound_deliveries_taken on inbound_deliveries (job_id) where state = 'pending' and job_id is not null;
