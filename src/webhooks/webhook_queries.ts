import type { Query } from '../db/scope.js';

/** A webhook as its settings show it. */
export interface Webhook {
  id: string;
  url: string;
  events: string[];
  state: 'on' | 'paused' | 'off';
  failing_since: Date | null;
  /** Its secret was shown already. */
  shown: boolean;
  /** Until when the secret before signs as well. */
  old_until: Date | null;
}

/** An organization's webhooks, as the system sees them. */
export const webhooksOf = (organization_id: string): Query<Webhook> => ({
  name: 'webhooks',
  text: `select w.id, w.url, w.events, w.state, w.failing_since, s.shown_at is not null as shown,
      case when s.old_until > app_now() then s.old_until end as old_until
    from webhooks w
      join webhook_secrets s on s.organization_id = w.organization_id and s.webhook_id = w.id
    where w.organization_id = $1 order by w.id`,
  values: [organization_id],
});

/** What a webhook was sent, without its body. */
export interface Delivery {
  message_id: string;
  event: string;
  state: 'waiting' | 'delivered' | 'failed';
  attempts: number;
  tried_at: Date | null;
  next_at: Date | null;
  status: number | null;
  error: string;
  created_at: Date;
}

const COLUMNS = 'message_id, event, state, attempts, tried_at, next_at, status, error, created_at';

export const LOG_SIZE = 50;

/** The newest deliveries, or the newest before the one of an id; one more says that there are more. */
export const deliveriesOf = (organization_id: string, webhook_id: string, before: string | null): Query<Delivery> => ({
  name: before ? 'webhook_deliveries_before' : 'webhook_deliveries',
  text: `select ${COLUMNS} from webhook_deliveries
    where organization_id = $1 and webhook_id = $2 ${before ? 'and message_id < $3' : ''}
    order by message_id desc limit ${LOG_SIZE + 1}`,
  values: before ? [organization_id, webhook_id, before] : [organization_id, webhook_id],
});

/** One of them in full. */
export const deliveryOf = (
  organization_id: string,
  webhook_id: string,
  message_id: string,
): Query<Delivery & { body: string | null; answer: string; url: string }> => ({
  name: 'webhook_delivery',
  text: `select ${COLUMNS}, d.body, d.answer,
      (select w.url from webhooks w where w.organization_id = $1 and w.id = $2) as url
    from webhook_deliveries d
    where d.organization_id = $1 and d.webhook_id = $2 and d.message_id = $3`,
  values: [organization_id, webhook_id, message_id],
});
