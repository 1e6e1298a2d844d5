import type { Conversation, PageComment } from '../../conversation/conversation.js';
import type { Actor } from '../../db/scope.js';

/** A subject of a project, on its own page. */
interface Shown extends Omit<Conversation, 'comments'> {
  /** Whether its project shows partners the names of staff. */
  people_shown: boolean;
  comments?: Conversation['comments'];
}

/** The page of a task or an event as its reader may see it: without `people_shown` staff stand as their organization. */
export function asShown<Page extends Shown>(page: Page, { side }: Pick<Actor, 'side'>, organization: string): Page {
  if (side === 'staff' || page.people_shown) return page;
  const others = page.participants.filter(({ partner_id }) => partner_id !== null);
  const [staff] = page.participants.filter(({ partner_id }) => partner_id === null);
  return {
    ...page,
    comments: page.comments?.map((comment) => ({
      ...withoutColleagues(comment),
      ...(comment.partner_id === null ? { author: organization, photo_sha256: null } : {}),
    })),
    activities: page.activities.map((activity) =>
      activity.side === 'staff'
        ? { ...activity, actor: organization, details: { ...activity.details, for: undefined } }
        : activity,
    ),
    participants: [...(staff ? [{ ...staff, name: organization, email: '' }] : []), ...others],
  };
}

/** A comment without whoever else of the staff had to do with it. */
export const withoutColleagues = <Comment extends PageComment>(comment: Comment): Comment => ({
  ...comment,
  ...{ absent: null, placed_by: '' },
});
