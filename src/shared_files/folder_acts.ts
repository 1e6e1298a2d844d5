import type { Knex } from 'knex';
import type { Act, OpenSubjects, Outcome } from '../acting/context.js';
import { postComment } from '../acting/post_comment.js';
import { type FolderEffect, sharedFolder } from '../subjects/shared_folder_lifecycle.js';
import { findFolder, folderSubject } from './folder.js';
import { inviteReaders } from './folder_readers.js';
import { removeShared, shareFiles, shareVersion } from './sharing.js';

type Effect = (db: Knex.Transaction, act: Act) => Promise<Omit<Outcome, 'subject'>>;

/** Who may read what is said for both sides is told, also before anything was shared. */
async function say(db: Knex.Transaction, act: Act) {
  if (act.input['audience'] !== 'internal') {
    await inviteReaders(db, act);
    act.participants = undefined;
  }
  return postComment(db, act);
}

/** What each `effect` of a folder's actions changes. */
const EFFECTS: Record<FolderEffect, Effect> = {
  comment: say,
  share: shareFiles,
  replace: shareVersion,
  remove: removeShared,
};

/** What acts change in a folder of shared files. */
export const openFolder: OpenSubjects = async (db, actor, id) => {
  const row = await findFolder(db, actor.organization_id, id);
  if (!row) return null;
  const subject = folderSubject(row);
  return {
    subject,
    refuseStale: async () => {},
    async perform(act) {
      const effect = sharedFolder.actions[act.name]?.effect;
      return { subject, ...(effect ? await EFFECTS[effect](db, act) : {}) };
    },
  };
};
