import type { Actor, Query } from '../../../db/scope.js';
import { PROJECT_ID } from '../../../projects/project_head.js';
import type { SharedFileRow } from '../../shared_files/folder_queries.js';

/**
 * A version of a project's file. `person`: null also where names aren't shown to its reader; `small`: the hash of its
 * smaller copy, if it is a picture.
 */
export interface ProjectFileRow extends SharedFileRow {
  folder: string;
  audience: 'staff' | 'partner' | 'both';
  small: string | null;
  width: number | null;
  height: number | null;
}

/** SQL: whether its customer is told the names of who works on a project. */
export const peopleShown = (project: string) => `(app_side() <> 'partner' or coalesce((
  select 'people' = any (j.shown) from projects j
  where j.organization_id = app_organization() and j.id = ${project}), false))`;

const NAMED = `(x.side = 'partner' or ${peopleShown('x.project_id')})`;

const FILE = `x.id, x.series, x.version, x.file_id, x.name, x.size, x.folder, x.audience, x.side, x.person_id,
    x.created_at, case when ${NAMED} then p.name end as person, f.small_sha256 as small, f.width, f.height
  from project_files x
  left join lateral (select * from people p
    where p.organization_id = x.organization_id and p.id = x.person_id limit 1) p on true
  left join lateral (select * from files f
    where f.organization_id = x.organization_id and f.id = x.file_id limit 1) f on true`;

/** The files that its reader may open, of a folder or of all (null), the newest first: `size` of them, and one more. */
export const filesInFolder = (
  { organization_id }: Actor,
  key: string,
  { folder, before, size }: { folder: string | null; before: string | null; size: number },
): Query<ProjectFileRow> => ({
  name: `project_files_${size}${folder === null ? '' : '_in_folder'}${before ? '_before' : ''}`,
  text: `select ${FILE} where x.organization_id = $1 and x.project_id = ${PROJECT_ID}
    ${folder === null ? '' : `and x.folder = ${before ? '$4' : '$3'}`}
    and x.replaced_at is null and x.removed_at is null ${before ? 'and x.id < $3' : ''}
    order by x.id desc limit ${size + 1}`,
  values: [organization_id, key, ...(before ? [before] : []), ...(folder === null ? [] : [folder])],
});

const FOLDER = `x.folder from project_files x where x.organization_id = $1 and x.project_id = ${PROJECT_ID}
  and x.replaced_at is null and x.removed_at is null`;

/** The folders in which its reader may open a file, one found after the other; '' is none. */
export const projectFolders = ({ organization_id }: Actor, key: string): Query<{ folder: string }> => ({
  name: 'project_folders',
  text: `with recursive names as (
      (select ${FOLDER} order by x.folder limit 1)
      union all select n.folder from names f
        cross join lateral (select ${FOLDER} and x.folder > f.folder order by x.folder limit 1) n)
    select folder from names limit 200`,
  values: [organization_id, key],
});

/** The newest versions of a file that its reader may open. */
export const projectFileVersions = (
  { organization_id }: Actor,
  key: string,
  series: string | null,
): Query<ProjectFileRow> => ({
  name: 'project_file_versions',
  text: `select ${FILE} where x.organization_id = $1 and x.series = $3 and x.project_id = ${PROJECT_ID}
    and x.removed_at is null order by x.version desc limit 200`,
  values: [organization_id, key, series],
});

/** A document of a project. */
export interface LinkedDocument {
  id: string;
  type: string;
  number: string | null;
  title: string;
}

/** So many documents stand beside the details; Finances has all. */
export const MOST_DOCUMENTS = 10;

/** The newest documents of a project that its reader may see, and one more. */
export const linkedDocuments = ({ organization_id }: Actor, key: string): Query<LinkedDocument> => ({
  name: 'project_linked_documents',
  text: `select d.id, d.type, d.number, d.title from documents d
    where d.organization_id = $1 and d.project_id = ${PROJECT_ID} order by d.id desc limit ${MOST_DOCUMENTS + 1}`,
  values: [organization_id, key],
});

/** The key of a project's own email address. */
export const addressKey = ({ organization_id }: Actor, key: string): Query<{ key: string }> => ({
  name: 'project_address',
  text: `select key from project_addresses
    where organization_id = $1 and project_id = ${PROJECT_ID} and ended_at is null`,
  values: [organization_id, key],
});

/** An email that came to a project's address, and that its sender's side has not shared. */
export interface KeptMail {
  id: string;
  title: string;
  person: string | null;
  body: string;
  created_at: Date;
}

/** The newest that the reader's own side has. */
export const keptMails = ({ organization_id, side }: Actor, key: string): Query<KeptMail> => ({
  name: 'project_kept_mails',
  text: `select m.id, m.title, m.created_at, left(c.body, 300) as body,
      (select p.name from people p where p.organization_id = m.organization_id and p.id = m.person_id) as person
    from project_mails m
    cross join lateral (select c.body from comments c
      where c.organization_id = m.organization_id and c.id = m.comment_id limit 1) c
    where m.organization_id = $1 and m.project_id = ${PROJECT_ID} and m.side = $3 and m.shared_at is null
    order by m.id desc limit 10`,
  values: [organization_id, key, side],
});
