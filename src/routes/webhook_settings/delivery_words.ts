import type { Translate } from '../../pages/i18n.js';
import type { Badge } from '../../pages/views/components.js';
import { EVENTS } from '../../webhooks/webhook_events.js';
import type { Delivery } from '../../webhooks/webhook_queries.js';

const STATES: Readonly<Record<Delivery['state'], Badge>> = {
  waiting: { tone: 'waiting', label: 'Waiting' },
  delivered: { tone: 'good', label: 'Delivered' },
  failed: { tone: 'late', label: 'Failed' },
};

/** Whether a delivery arrived. */
export function deliveryBadge({ state }: Pick<Delivery, 'state'>, t: Translate): Badge {
  const badge = STATES[state];
  return { ...badge, label: t(badge.label) };
}

/** What a delivery told of. */
export const eventLabel = (event: string, t: Translate): string =>
  t(EVENTS.find(([name]) => name === event)?.[1] ?? 'Test');

/** What its last try came to; '' before the first. */
export const outcomeOf = ({ status, error }: Pick<Delivery, 'status' | 'error'>, t: Translate): string =>
  status === null ? error && t(error) : t('Answered {{status}}', { status });
