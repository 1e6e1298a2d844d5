import type { Actor } from '../../../db/scope.js';
import type { I18n } from '../../../documents/queries/sheet.js';
import { smallPictureUrl } from '../../shared_files/pictures.js';
import { fileRow } from '../../shared/rows.js';
import type { ProjectFileRow } from './details_queries.js';

/** A file of a project in a list, or one of its versions. */
export interface ProjectFileItem {
  name: string;
  /** "PDF" */
  extension: string;
  size: number;
  /** Of its download. */
  url: string;
  by: string;
  at: Date;
  version: string;
  /** Whose it is alone: "Only Harbor & Pine"; null if both sides can open it. */
  only: string | null;
  /** Of the page with its versions. */
  details_url: string;
  /** Null: it is no picture, or its smaller copy isn't made yet. */
  picture: { url: string; width: number; height: number } | null;
}

/** A reader, and where they are. */
export interface FilesReader {
  actor: Actor;
  slug: string;
  i18n: I18n;
  /** '/harbor/projects/MAPLE'. */
  url: string;
  /** The names of both sides. */
  staff: string;
  customer: string;
}

export function projectFileItem(row: ProjectFileRow, reader: FilesReader): ProjectFileItem {
  const { actor, slug, i18n, url, staff, customer } = reader;
  const { t } = i18n;
  const { name, size, version, person, person_id, created_at: at, series, file_id, audience } = row;
  const [, extension = ''] = /\.(\w{1,4})$/.exec(name) ?? [];
  return {
    ...{ name, size, at, extension: extension.toUpperCase() },
    url: fileRow(slug, { id: file_id, name, size, content_type: '' }).url ?? '',
    by: person_id === actor.person_id ? t('You') : (person ?? (row.side === 'staff' ? staff : customer)),
    version: t('Version {{n}}', { n: version }),
    only: audience === 'both' ? null : t('Only {{name}}', { name: audience === 'staff' ? staff : customer }),
    details_url: `${url}/details/files/${series}`,
    picture: pictureOf(slug, { ...row, id: file_id }),
  };
}

type Sized = Pick<ProjectFileRow, 'small' | 'width' | 'height'> & { id: string };

/** A picture's smaller copy; null while it has none. */
export function pictureOf(slug: string, { id, small, width, height }: Sized): ProjectFileItem['picture'] {
  const url = smallPictureUrl(slug, { id, small });
  return url && width && height ? { url, width, height } : null;
}
