import type { SendMailOptions } from 'nodemailer';
import { rowOf } from '../../../db/planner.js';
import { isPicture, photoFor } from '../../../files/picture.js';
import type { Format } from '../../../pages/format.js';
import type { Translate } from '../../../pages/i18n.js';
import type { EventEmail } from '../event_email.js';

/** A day of a project's log, as it is when its email is sent, and as its reader may see it. */
export interface EmailedLog {
  id: string;
  /** ISO 8601. */
  day: string;
  no_work: string;
  people: string;
  weather: string;
  text: string;
  /** Who wrote it; null where its reader isn't shown who works on the project. */
  author: string | null;
  /** The vendor that sent it. */
  vendor: string | null;
  files: LogFile[];
}

interface LogFile {
  id: string;
  name: string;
  description: string;
  size: number;
  content_type: string;
  /** The hash of its smaller copy. */
  small: string | null;
}

const FILES = `coalesce((select json_agg(f order by f.at) from (
  select x.id as at, f.id, x.name, x.description, x.size, f.content_type, f.small_sha256 as small
  from project_log_files x cross join ${rowOf('files', 'x.file_id')} f
  where x.organization_id = $1 and x.log_id = l.id and x.removed_at is null order by x.id limit 60) f), '[]')`;

const TELLS = ['add_log', 'take_log', 'tell_log'];

/** Whether it tells of a day of the log that is gone, or that its reader may no longer see. */
export const isLogGone = ({ activity, log }: EventEmail): boolean => TELLS.includes(activity.action) && !log;

/**
 * SQL: the day of which the activity `a` on the project `s` tells, for the reader `r`, as JSON; null if they may not see
 * it, or it is gone.
 */
export const EMAILED_LOG = `case when s.kind = 'project' and a.action in ('${TELLS.join(`', '`)}') then (
  select json_build_object('id', l.id, 'day', l.day, 'no_work', l.no_work, 'people', l.people, 'weather', l.weather,
    'text', l.text, 'files', ${FILES},
    'author', case when r.partner_id is null or 'people' = any (j.shown) then (
      select p.name from people p where p.organization_id = $1 and p.id = l.person_id) end,
    'vendor', case when r.partner_id is null or 'people' = any (j.shown) then (
      select n.name from partners n where n.organization_id = $1 and n.id = l.vendor_id) end)
  from (select * from project_logs where organization_id = $1 and id = (a.details ->> 'log')::uuid limit 1) l
  cross join ${rowOf('projects', 's.id')} j
  where l.removed_at is null and (r.partner_id is null or (l.shown and s.talks))) end`;

/** A photo of a day. `src`: of the picture that comes with the email; null: only its name is shown. */
export interface EmailedPhoto {
  label: string;
  url: string;
  src: string | null;
}

/** So many come with the email; the others are on the day's page. */
const MOST_PHOTOS = 4;

const photosIn = ({ files }: EmailedLog) => files.filter(({ content_type }) => content_type.startsWith('image/'));
const cidOf = ({ id }: LogFile) => `${id}@photo`;

/** The first photos of a day. `url`: the link of the email's button. */
export const logPhotos = ({ log }: EventEmail, url: string): EmailedPhoto[] =>
  log
    ? photosIn(log)
        .slice(0, MOST_PHOTOS)
        .map((file) => ({
          label: file.description || file.name,
          url: `${url}?file=${file.id}`,
          src: file.small ? `cid:${cidOf(file)}` : null,
        }))
    : [];

/** How many photos a day has beyond those that are shown; null: none. */
export function morePhotos({ log }: EventEmail, t: Translate): string | null {
  const count = log ? photosIn(log).length - MOST_PHOTOS : 0;
  return count > 0 ? t('and {{count}} more photos', { count }) : null;
}

/** What else a vendor's email had, as links. */
export const logFiles = ({ log }: EventEmail, url: string, format: Format) =>
  (log?.files ?? [])
    .filter(({ content_type }) => !content_type.startsWith('image/'))
    .map(({ id, name, size }) => ({ name, size: format.bytes(size), url: `${url}?file=${id}` }));

/** The pictures of those photos, made anew for mail: JPEG, which every program shows. */
export async function attachedPhotos(
  { log }: EventEmail,
  read: (sha256: string) => Promise<Buffer>,
): Promise<NonNullable<SendMailOptions['attachments']>> {
  const shown = (log ? photosIn(log) : []).slice(0, MOST_PHOTOS);
  const made = await Promise.all(
    shown.map(async (file) => {
      if (!file.small || !isPicture(file.content_type)) return [];
      const content = await read(file.small).then(photoFor, () => null);
      const name = `${file.name.replace(/\.\w+$/, '')}.jpg`;
      return content
        ? [
            {
              filename: name,
              cid: cidOf(file),
              content,
              contentType: 'image/jpeg',
              contentDisposition: 'inline' as const,
            },
          ]
        : [];
    }),
  );
  return made.flat();
}

/** "Nobody worked: Thanksgiving", "2 people, 13 hours · Rain". */
export const logLine = ({ no_work, people, weather }: EmailedLog, t: Translate): string =>
  [no_work && t('No work: {{reason}}', { reason: no_work }), people, weather].filter(Boolean).join(' · ');
