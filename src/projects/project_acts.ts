import type { Knex } from 'knex';
import type { Act, OpenSubjects, Outcome } from '../acting/context.js';
import { storeMessage } from '../acting/post_comment.js';
import { project, type ProjectEffect } from '../subjects/project/project_lifecycle.js';
import { BUDGET_EFFECTS } from './budget/budget_effects.js';
import { passOn } from './comments/pass_on.js';
import { postInThread } from './comments/post_in_thread.js';
import { DETAILS_EFFECTS, keepsFiles } from './details_effects.js';
import { addPerson, changeProject, removePerson } from './project_effects.js';
import { closeProject, reopenProject, shareProject } from './project_effects.js';
import { setBaseline } from './schedule/set_baseline.js';
import { shareTasks } from './schedule/share_tasks.js';
import type { ProjectHead } from './project_head.js';
import { TIME_EFFECTS } from './time/time_effects.js';
import { type ProjectRow, projectSubject } from './project_subject.js';

type Effect = (db: Knex.Transaction, act: Act) => Promise<Omit<Outcome, 'subject'> & Partial<Outcome>>;

/** What each `effect` of a project's actions changes. */
const EFFECTS: Record<ProjectEffect, Effect> = {
  comment: postInThread,
  notify: passOn,
  'change project': changeProject,
  close: closeProject,
  reopen: reopenProject,
  'share project': shareProject,
  'share tasks': shareTasks,
  'set baseline': setBaseline,
  'add person': addPerson,
  'remove person': removePerson,
  ...TIME_EFFECTS,
  ...BUDGET_EFFECTS,
  ...DETAILS_EFFECTS,
};

/** Where its customer doesn't see the conversation, nothing is said to them, nor shown later. */
const amongStaff = (act: Act): Act =>
  act.action.effect === 'comment' ? { ...act, input: { ...act.input, audience: 'internal' } } : act;

/** What acts change in a project. Nobody decides on its content, so that it is never stale. */
export const openProject: OpenSubjects = async (db, actor, id) => {
  const { organization_id } = actor;
  // Whoever sees its name on a document doesn't yet see the project itself.
  const [seen, row] = await Promise.all([
    db('subjects').where({ organization_id, id }).first('id'),
    db('projects').where({ organization_id, id }).first<(ProjectRow & Pick<ProjectHead, 'shown'>) | undefined>(),
  ]);
  if (!seen || !row) return null;
  const subject = projectSubject(row);
  return {
    subject,
    refuseStale: async () => {},
    async perform(given) {
      const act = row.shown.includes('comments') ? given : amongStaff(given);
      const effect = project.actions[act.name]?.effect;
      const changed = effect ? await EFFECTS[effect](db, act) : {};
      // What goes with an email to one person is read by nobody else, now or later.
      const audience = row.shown.includes('comments') ? 'shared' : 'staff';
      const message_id = keepsFiles(effect) ? null : await storeMessage(db, act, audience);
      const visible = act === given ? {} : ({ visible_to: 'staff' } as const);
      return { subject, ...changed, ...visible, comment_id: changed.comment_id ?? message_id };
    },
  };
};
