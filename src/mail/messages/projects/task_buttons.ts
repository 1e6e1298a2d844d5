import type { Translate } from '../../../pages/i18n.js';
import type { EmailButton } from '../../../pages/views/layouts.js';
import type { EventEmail } from '../event_email.js';
import type { EmailedTask } from './emailed_task.js';

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
  if (!task.theirs || activity.action === 'comment') return { button: view };
  const answers =
    reader.partner_id && task.due_on && !task.confirmed
      ? [opens('I can do it by then', 'confirm_date'), opens('Another day…', 'propose_date')]
      : [];
  return { button: opens('Mark as done', 'finish'), asides: [...answers, view] };
}
