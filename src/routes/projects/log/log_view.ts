import type { I18n } from '../../../documents/queries/sheet.js';
import { pictureOf } from '../details/files_section.js';
import { fileRow } from '../../shared/rows.js';
import type { LogDay, LogFile } from './log_queries.js';

/** A picture that leads to the photo as it was taken. `alt`: what it shows. */
interface Photo {
  url: string;
  alt: string;
  small: { url: string; width: number; height: number } | null;
}

/** A day of the log on a page. */
export interface LogItem {
  id: string;
  day: string;
  /** "2 people, 13 hours · Rain" or "Thanksgiving". */
  line: string;
  /** Nobody worked. */
  idle: boolean;
  text: string;
  photos: Photo[];
  /** Photos beyond those that are shown. */
  more: number;
  /** Of the whole day. */
  url: string;
  files: { name: string; url: string; size: number }[];
  by: string;
  at: Date;
  /** For staff: only they see it, and the vendor that has sent it. */
  kept: string | null;
  /** For staff: the page on which it is changed. */
  edit_url: string | null;
}

interface Reading {
  slug: string;
  i18n: I18n;
  url: string;
  staff: boolean;
  /** Its name stands for people who are not named. */
  organization: string;
  /** So many photos are shown of a day. */
  most: number;
}

export function logItem(row: LogDay, { slug, i18n, url, staff, organization, most }: Reading): LogItem {
  const { t } = i18n;
  const photos = row.files.filter(({ content_type }) => content_type.startsWith('image/'));
  const others = row.files.filter((file) => !photos.includes(file));
  const { id, day, text, vendor, person, created_at: at } = row;
  return {
    ...{ id, day, text, at, idle: row.no_work !== '' },
    line: [row.no_work, row.people, row.weather].filter(Boolean).join(' · '),
    photos: photos.slice(0, most).map((file) => photoOf(file, slug, i18n)),
    more: Math.max(0, photos.length - most),
    url: `${url}/log/${id}`,
    files: others.map((file) => ({ name: file.name, size: file.size, url: downloadOf(file, slug) })),
    by: person ? [person, vendor].filter(Boolean).join(' · ') : organization,
    kept: staff && !row.shown ? keptWords(vendor, t) : null,
    edit_url: staff ? `${url}/log/${id}/edit` : null,
  };
}

const keptWords = (vendor: string | null, t: I18n['t']) =>
  vendor ? t('Only your team and {{name}}', { name: vendor }) : t('Only your team');

const downloadOf = ({ file_id, name, size }: LogFile, slug: string) =>
  fileRow(slug, { id: file_id, name, size, content_type: '' }).url ?? '';

const photoOf = (file: LogFile, slug: string, { t }: I18n): Photo => ({
  url: downloadOf(file, slug),
  alt: file.description || t('Photo {{name}}', { name: file.name }),
  small: pictureOf(slug, { ...file, id: file.file_id }),
});
