import { setAbsence } from '../../people/members/absences.js';
import { inviteMembers } from '../../people/members/invite_members.js';
import type { Moment } from './play.js';
import { actorAt, dayOf, entry, momentOf, type Stage } from './stage.js';

/** What happens among a story's staff: who is invited, and who will be away. */
export function membersOf(stage: Stage, secret: string): Moment[] {
  const { story, people } = stage;
  const moments: Moment[] = [];
  if (story.invited) {
    const { day, email, role } = story.invited;
    const at = momentOf(story, day, '09:40');
    const owner = actorAt(stage, story.owner.key, at);
    moments.push({ day, at, play: (db) => inviteMembers(db, secret, owner, { emails: email, role, message: '' }) });
  }
  for (const [key, { away }] of Object.entries(story.staff)) {
    if (!away) continue;
    const at = momentOf(story, -1, '16:50');
    const days = { from_on: dayOf(story, away.from), until_on: dayOf(story, away.until) };
    const absence = { ...days, deputy_id: entry(people, away.deputy).id, with_limits: false };
    moments.push({
      day: -1,
      at,
      play: (db) => setAbsence(db, actorAt(stage, key, at), entry(people, key).id, absence),
    });
  }
  return moments;
}
