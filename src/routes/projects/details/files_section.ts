import type { Actor } from '../../../db/scope.js';
import type { I18n } from '../../../documents/queries/sheet.js';
import { type SharedFileItem, sharedFileItem } from '../../shared_files/files_view.js';
import { smallPictureUrl } from '../../shared_files/pictures.js';
import type { ProjectFileRow } from './details_queries.js';

/** A file of a project in a list, or one of its versions. */
export interface ProjectFileItem extends SharedFileItem {
  /** Whose it is alone: "Only Harbor & Pine"; null if both sides can open it. */
  only: string | null;
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
  const { side, audience, file_id } = row;
  const unnamed = side === 'staff' ? staff : customer;
  return {
    ...sharedFileItem(row, { actor, slug, folder_url: `${url}/details`, unnamed }),
    only: audience === 'both' ? null : i18n.t('Only {{name}}', { name: audience === 'staff' ? staff : customer }),
    picture: pictureOf(slug, { ...row, id: file_id }),
  };
}

type Sized = Pick<ProjectFileRow, 'small' | 'width' | 'height'> & { id: string };

/** A picture's smaller copy; null while it has none. */
export function pictureOf(slug: string, { id, small, width, height }: Sized): ProjectFileItem['picture'] {
  const url = smallPictureUrl(slug, { id, small });
  return url && width && height ? { url, width, height } : null;
}
