import type { Knex } from 'knex';
import type { Subject } from '../acting/context.js';
import { NO_FACTS } from '../acting/no_facts.js';
import { queryPrepared } from '../db/scope.js';
import { sharedFolder } from '../subjects/shared_folder_lifecycle.js';

export interface FolderRow {
  organization_id: string;
  /** Also its partner's. */
  id: string;
  state: string;
  title: string;
}

/** A folder as what is acted on. Nothing in it is decided on, so that it is never stale. */
export const folderSubject = ({ organization_id, id, state }: FolderRow): Subject => ({
  ...NO_FACTS,
  ...{ organization_id, id, state, partner_id: id },
  type: sharedFolder.name,
  number: null,
});

// Who answers an email acts by its reply key, whose row says nothing of modules.
const OPEN = `select s.organization_id, s.id, s.state, s.title from subjects s
  where s.organization_id = $1 and s.id = $2 and s.kind = '${sharedFolder.name}'
    and (app_side() <> 'partner' or may_use_folder($1, app_person()))`;

/** The folder, as the connection's actor may use it. */
export async function findFolder(
  db: Knex.Transaction,
  organization_id: string | null,
  id: string,
): Promise<FolderRow | undefined> {
  const [found] = await queryPrepared<FolderRow>(db, OPEN, [organization_id, id]);
  return found;
}
