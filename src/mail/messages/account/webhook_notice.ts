import type { Translate } from '../../../pages/i18n.js';

const HEADLINES: Readonly<Record<string, string>> = {
  add_webhook: '{{actor}} added a webhook to {{name}}',
  change_webhook: '{{actor}} changed the webhook to {{name}}',
  pause_webhook: '{{actor}} paused the webhook to {{name}}',
  resume_webhook: '{{actor}} resumed the webhook to {{name}}',
  rotate_webhook: '{{actor}} rotated the secret of the webhook to {{name}}',
  remove_webhook: '{{actor}} removed the webhook to {{name}}',
  stop_webhook: 'The webhook to {{name}} was turned off',
};

/** What owners and admins are told of a webhook; `gone`: its receiver said so. */
export const webhookChanged = (
  t: Translate,
  values: Record<'actor' | 'name', string>,
  { action, details }: { action: string; details: { gone?: string } },
) => ({
  headline: t(HEADLINES[action] ?? '', values),
  subtitle: action === 'stop_webhook' ? whyStopped(t, details) : undone(t),
  label: t('See webhooks'),
  path: '/settings/organization/webhooks',
});

const whyStopped = (t: Translate, { gone }: { gone?: string }) =>
  gone
    ? t('Its receiver answered that it is gone (410). Nothing more is sent until you resume it.')
    : t('Nothing has arrived there for three days. What waits is sent once you resume it.');

const undone = (t: Translate) =>
  t('A webhook sends another program what happens here. If you didn’t agree on this, undo it now.');
