import { type Conversation, conversationColumns } from '../../conversation/conversation.js';
import { type Actor, type Query, read } from '../../db/scope.js';
import { NotFound } from '../../errors.js';
import type { FolderRow } from '../../shared_files/folder.js';
import { sharedFolder } from '../../subjects/shared_folder_lifecycle.js';
import { pathId } from '../shared/params.js';
import type { RequestContext } from '../shared/request_context.js';

/** A folder with its partner's name and currency. */
export interface Folder extends FolderRow {
  partner: string;
  currency: string;
}

/** Its page, with its conversation. */
export interface FolderPage extends Folder, Conversation {
  partner_id: string;
}

const COLUMNS = 'd.organization_id, d.id, d.partner_id, d.state, d.title, n.name as partner, n.currency';
const FOLDER = `subjects d join partners n on n.organization_id = d.organization_id and n.id = d.id
  where d.organization_id = $1 and d.id = $2 and d.kind = '${sharedFolder.name}'`;

export const folderPage = ({ organization_id }: Actor, id: string): Query<FolderPage> => ({
  name: 'folder_page',
  text: `select ${COLUMNS}, ${conversationColumns('0')} from ${FOLDER}`,
  values: [organization_id, id],
});

export const folderFacts = ({ organization_id }: Actor, id: string): Query<Folder> => ({
  name: 'folder_facts',
  text: `select ${COLUMNS} from ${FOLDER}`,
  values: [organization_id, id],
});

/** The folder of the address, as its reader may see it. @throws NotFound */
export async function findFolderOf({ db, req, actor }: RequestContext): Promise<Folder> {
  const [[found]] = await read(db.pool, actor, folderFacts(actor, pathId(req, 'key')));
  if (!found) throw new NotFound();
  return found;
}

/** A version of a shared file. */
export interface SharedFileRow {
  id: string;
  series: string;
  version: number;
  file_id: string;
  name: string;
  size: number;
  side: 'staff' | 'partner';
  person_id: string;
  person: string | null;
  created_at: Date;
}

const FILE = `x.id, x.series, x.version, x.file_id, x.name, x.size, x.side, x.person_id, x.created_at,
  (select p.name from people p where p.organization_id = x.organization_id and p.id = x.person_id) as person
  from shared_files x where x.organization_id = $1 and x.partner_id = $2 and x.removed_at is null`;

/**
 * The files that are shared now, the newest first: `size` of them, and one more. `words`: a part of their names;
 * `before`: the id of the last one on the page before.
 */
export function sharedFileList(
  { organization_id }: Actor,
  partner_id: string | null,
  size: number,
  { words = '', before = null }: { words?: string; before?: string | null } = {},
): Query<SharedFileRow> {
  const values: unknown[] = [organization_id, partner_id];
  const clause = (text: string, value: unknown) => (value ? text.replace('?', `$${values.push(value)}`) : '');
  const narrowed = [
    clause(' and x.id < ?', before),
    // A folder has at most a thousand.
    clause(' and position(folded(?) in folded(x.name)) > 0', words),
  ];
  return {
    name: `shared_files_${size}${before ? '_before' : ''}${words ? '_named' : ''}`,
    text: `select ${FILE} and x.replaced_at is null${narrowed.join('')} order by x.id desc limit ${size + 1}`,
    values,
  };
}

/** The newest versions of a file that is shared now. */
export const fileVersions = (
  { organization_id }: Actor,
  partner_id: string,
  series: string | null,
): Query<SharedFileRow> => ({
  name: 'shared_file_versions',
  text: `select ${FILE} and x.series = $3 order by x.version desc limit 200`,
  values: [organization_id, partner_id, series],
});
