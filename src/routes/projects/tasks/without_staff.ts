import type { TaskPage } from './task_queries.js';

/** A task's page in which staff stand as their organization: its project doesn't show its partners who they are. */
export function withoutStaff(page: TaskPage, organization: string): TaskPage {
  const others = page.participants.filter(({ partner_id }) => partner_id !== null);
  const [staff] = page.participants.filter(({ partner_id }) => partner_id === null);
  return {
    ...page,
    comments: page.comments.map((comment) =>
      comment.partner_id === null ? { ...comment, author: organization, absent: null, photo_sha256: null } : comment,
    ),
    activities: page.activities.map((activity) =>
      activity.side === 'staff'
        ? { ...activity, actor: organization, details: { ...activity.details, for: undefined } }
        : activity,
    ),
    participants: [...(staff ? [{ ...staff, name: organization, email: '' }] : []), ...others],
  };
}
