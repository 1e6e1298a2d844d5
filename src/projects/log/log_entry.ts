import type { Knex } from 'knex';
import { z } from 'zod';
import type { Act } from '../../acting/context.js';
import { newId } from '../../db/ids.js';
import { Conflict, Invalid } from '../../errors.js';
import { attach } from '../../files/file.js';
import { isPicture } from '../../files/picture.js';
import { queueSmallPictures } from '../../files/small_picture.js';
import type { StoredFile } from '../../files/storage.js';
import { day, parseBy } from '../../input/fields.js';
import { today } from '../../pages/days.js';

/** A day in a project's log. `day`: ISO 8601. */
interface LogRow {
  id: string;
  day: string;
  /** The vendor that has sent it; null: staff wrote it. */
  vendor_id: string | null;
  /** Its customer sees it. */
  shown: boolean;
}

const Entry = z.object({
  day,
  no_work: z.string().default(''),
  people: z.string().default(''),
  weather: z.string().default(''),
  text: z.string().default(''),
  shown: z.boolean(),
});
type Entry = z.output<typeof Entry>;

/** The fields of an act on a day, checked. `photos`: how many it has already. @throws Invalid by field */
export function entryOf(act: Act, photos = 0): Entry {
  const entry = parseBy(Entry, act.input);
  if (entry.day > today(act.actor)) throw new Invalid({ day: 'Choose today or an earlier day.' });
  if (!entry.text && !entry.no_work && !photos && !act.files.length)
    throw new Invalid({ text: 'Write what was done, or add a photo.' });
  if (entry.no_work && entry.people) throw new Invalid({ no_work: 'Either people worked, or nobody did.' });
  const other = act.files.find(({ content_type }) => !content_type.startsWith('image/'));
  if (other) throw new Invalid({ files: '“{{name}}” is no photo.' }, { name: other.name });
  return entry;
}

/** The day that an act is about, which nobody has removed. @throws Conflict if it is gone */
export async function logOf(db: Knex.Transaction, { subject, input }: Act): Promise<LogRow> {
  const { organization_id, id: project_id } = subject;
  const where = { organization_id, project_id, id: input['log'], removed_at: null };
  const found = await db('project_logs').where(where).first<LogRow | undefined>('id', 'day', 'vendor_id', 'shown');
  if (!found) throw new Conflict('This day of the log is no longer here.');
  return found;
}

/** Attaches files to a day. `described`: what they show, in their order. */
export async function attachToLog(
  db: Knex.Transaction,
  { organization_id, id: subject_id }: Pick<Act['subject'], 'organization_id' | 'id'>,
  log_id: string,
  files: readonly StoredFile[],
  described: readonly string[] = [],
): Promise<void> {
  if (!files.length) return;
  const ids = await attach(db, { organization_id, subject_id, held_by: 'log_file' }, [...files]);
  const rows = files.map(({ name, size }, i) => {
    const description = described[i] ?? '';
    return { organization_id, id: newId(), log_id, file_id: ids[i], name, size, description };
  });
  await db('project_log_files').insert(rows);
  await queueSmallPictures(
    db,
    organization_id,
    files.map((file, i) => ({ ...file, id: ids[i] ?? '' })).filter(({ content_type }) => isPicture(content_type)),
  );
}

const MOST_WORDS = 200;

/** What photos show, a line each, as it was typed. @throws Invalid */
export function descriptionsIn({ input }: Act): string[] {
  const typed = input['descriptions'];
  const lines = typeof typed === 'string' ? typed.split('\n').map((line) => line.trim()) : [];
  if (lines.some((line) => line.length > MOST_WORDS))
    throw new Invalid({ descriptions: 'Use at most {{most}} characters in a line.' }, { most: MOST_WORDS });
  return lines;
}
