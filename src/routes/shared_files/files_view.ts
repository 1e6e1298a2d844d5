import type { Actor } from '../../db/scope.js';
import type { Translate } from '../../pages/i18n.js';
import { folderSubject } from '../../shared_files/folder.js';
import { isOffered } from '../../subjects/may.js';
import { sharedFolder } from '../../subjects/shared_folder_lifecycle.js';
import { i18nOf } from '../shared/layout.js';
import type { RequestContext } from '../shared/request_context.js';
import { fileRow } from '../shared/rows.js';
import type { SharedFileRow } from './folder_queries.js';

/** A file that is shared, in a list, or one of its versions. */
export interface SharedFileItem {
  name: string;
  /** "PDF" */
  extension: string;
  size: number;
  /** Of its download. */
  url: string;
  by: string;
  at: Date;
  version: string;
  /** Of the page with its versions. */
  details_url: string;
}

/** The form that shares files. */
export interface UploadForm {
  url: string;
  /** Who is told. */
  told: string;
  /** How large a file may be. */
  size_text: string;
  error: string | null;
}

/** Shared files on a page about more than them. */
export interface FilesSection {
  files: SharedFileItem[];
  all_url: string;
  /** Null for whom may not share any. */
  upload: UploadForm | null;
  empty: string;
}

/** So many are shown on a page about more than them. */
export const FEW = 5;

const folderUrl = (slug: string, id: string) => `/${slug}/${sharedFolder.page}/${id}`;

/** `folder_url`: of the page that it is on; `unnamed`: whose it is, where its author has no name. */
export function sharedFileItem(
  row: SharedFileRow,
  { actor, slug, folder_url, unnamed }: { actor: Actor; slug: string; folder_url: string; unnamed?: string },
): SharedFileItem {
  const { t } = i18nOf(actor);
  const { name, size, version, person, person_id, created_at: at, series, file_id } = row;
  const { url } = fileRow(slug, { id: file_id, name, size, content_type: '' });
  const [, extension = ''] = /\.(\w{1,4})$/.exec(name) ?? [];
  return {
    ...{ name, size, at, url: url ?? '' },
    extension: extension.toUpperCase(),
    by: person_id === actor.person_id ? t('You') : (person ?? unnamed ?? t('Someone')),
    version: t('Version {{n}}', { n: version }),
    details_url: `${folder_url}/files/${series}`,
  };
}

/** A reader, and where they are. `other`: the name of the other side. */
interface Place {
  actor: Actor;
  slug: string;
  other: string;
  max_bytes: number;
}

export function uploadForm(
  id: string,
  { actor, slug, other, max_bytes }: Place,
  error: string | null,
): UploadForm | null {
  const [name, action] = ['share', sharedFolder.actions['share']] as const;
  const subject = folderSubject({ organization_id: actor.organization_id ?? '', id, state: 'open', title: '' });
  if (!action || !isOffered(actor, { name, action, subject, today: '' })) return null;
  const { t } = i18nOf(actor);
  return {
    url: `${folderUrl(slug, id)}/${name}`,
    told: t('{{name}} will get an email.', { name: other }),
    size_text: sizeText(max_bytes, t),
    error,
  };
}

/** "Up to 25 MB each." */
export const sizeText = (max_bytes: number, t: Translate): string =>
  t('Up to {{size}} MB each.', { size: Math.round(max_bytes / 2 ** 20) });

/** How large a file may be that is uploaded. */
export const maxBytes = ({ req }: RequestContext): number => Number(req.app.get('max file bytes'));

/** The newest files of a partner's folder. */
export function filesSection(rows: readonly SharedFileRow[], id: string, place: Place): FilesSection {
  const { actor, slug, other } = place;
  const { t } = i18nOf(actor);
  const url = folderUrl(slug, id);
  return {
    files: rows.slice(0, FEW).map((row) => sharedFileItem(row, { actor, slug, folder_url: url })),
    all_url: url,
    upload: uploadForm(id, place, null),
    empty: emptyText(other, t),
  };
}

/** What the place is for, while nothing is in it. */
export const emptyText = (name: string, t: Translate): string =>
  t('Price lists, certificates, contracts: what you and {{name}} both need beside documents.', { name });
