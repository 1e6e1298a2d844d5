import type { Translate } from '../../../pages/i18n.js';
import type { EmailButton } from '../../../pages/views/layouts.js';
import type { EventEmail } from '../event_email.js';
import type { EmailedTask } from './task_email.js';

/** After these nothing is to be done at once. */
const SAYS_ONLY = new Set(['comment', 'wait', 'approve_hours', 'send_back_hours']);

/** Its doer is asked whether they can do it by then. */
const ASKS_FOR_DATE = new Set(['assign', 'move', 'keep_date']);

/** What a task's email has as its button, and beside it as links: each opens its form, which takes one more press. */
export function taskButtons(
  { reader, organization, activity }: EventEmail,
  task: EmailedTask,
  url: string,
  t: Translate,
): { button: EmailButton; asides?: EmailButton[] } {
  const opens = (label: string, action: string) => ({ label: t(label), url: `${url}?to=${action}` });
  if (task.lost) return { button: { label: t('Everything from {{name}}', { name: organization.name }), url } };
  if (task.other_date)
    return { button: opens('Accept the date', 'accept_date'), asides: [opens('Keep the date', 'keep_date')] };
  const view = { label: t('View task'), url };
  if (!task.theirs || SAYS_ONLY.has(activity.action)) return { button: view };
  const answers =
    reader.partner_id && task.due_on && !task.confirmed
      ? [opens('I can do it by then', 'confirm_date'), opens('Another day…', 'propose_date')]
      : [];
  const done = opens('Mark as done', 'finish');
  if (activity.action === 'begin' && task.open) return { button: opens('Start', 'start'), asides: [done, view] };
  const [first = done, ...more] = ASKS_FOR_DATE.has(activity.action) ? [...answers, done] : [done, ...answers];
  return { button: first, asides: [...more, view] };
}
