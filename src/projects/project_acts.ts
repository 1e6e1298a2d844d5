import type { Knex } from 'knex';
import type { Act, OpenSubjects, Outcome } from '../acting/context.js';
import { postComment, storeMessage } from '../acting/post_comment.js';
import { NotFound } from '../errors.js';
import { project, type ProjectEffect } from '../subjects/project.js';
import { addPerson, changeProject } from './project_effects.js';

type Effect = (db: Knex.Transaction, act: Act) => Promise<Omit<Outcome, 'subject'>>;

/** What each `effect` of a project's actions changes. */
const EFFECTS: Record<ProjectEffect, Effect> = {
  comment: postComment,
  'change project': changeProject,
  'add person': addPerson,
};

/** What no action of a project depends on: dates, money, versions. */
const NO_FACTS = {
  ...{ due_on: null, sent_on: null, reminded_on: null, reminders: 0 },
  ...{ open: 0, credit: 0, left: 0, online: false, paying: false, partial_payments: false },
  ...{ signature_required: false, reference_required: false, changes_proposed: false },
  ...{ version: 0, sha256: '', started_by: 'staff' as const },
};

interface ProjectRow {
  key: string;
  state: string;
  partner_id: string;
}

/** What acts change in a project. Nobody decides on its content, so that it is never stale. */
export const openProject: OpenSubjects = async (db, actor, id) => {
  const { organization_id } = actor;
  // Whoever sees its name on a document doesn't yet see the project itself.
  const seen = await db('subjects').where({ organization_id, id }).first('id');
  const row: ProjectRow | undefined =
    seen && (await db('projects').where({ organization_id, id }).first('key', 'state', 'partner_id'));
  if (!row || !organization_id) throw new NotFound();
  const { key: number, state, partner_id } = row;
  const subject = { ...NO_FACTS, organization_id, id, type: project.name, number, state, partner_id };
  return {
    subject,
    refuseStale: async () => {},
    async perform(act) {
      const effect = project.actions[act.name]?.effect;
      const changed = effect ? await EFFECTS[effect](db, act) : {};
      const message_id = await storeMessage(db, act);
      return { subject, ...changed, comment_id: changed.comment_id ?? message_id };
    },
  };
};
