import type pg from 'pg';
import { type Query, read, systemActor } from '../../db/scope.js';
import type { Section } from './archive_sections.js';

/** Whose archive it is: all that a user is in an organization. */
export interface ArchiveSubject {
  organization_id: string;
  people: readonly string[];
  user_id: string;
  /** Of the staff: they see its drafts. */
  ours: boolean;
}

const BATCH = 500;

// A task may be another partner's by now.
const SUBJECT = `left join subjects s on s.organization_id = r.organization_id and s.id = r.subject_id
    and s.visible_to = any($3::text[]) and ($4 or s.partner_id = any (array(
      select h.partner_id from unnest($2::uuid[]) i (id)
      cross join lateral (select * from people where organization_id = $1 and id = i.id limit 1) h)))`;
const ABOUT = `case when s.id is not null
    then json_build_object('kind', s.kind, 'number', s.number, 'title', s.title) end as about`;

/** A row by plain names; of a stored file with what it is found by. */
export type ArchiveRow = Readonly<Record<string, unknown>>;

/** The rows of a section, a batch at a time. */
export async function* rowsOf(
  pool: pg.Pool,
  subject: ArchiveSubject,
  section: Section,
  account = false,
): AsyncGenerator<ArchiveRow[]> {
  const { organization_id, user_id } = subject;
  const actor = account ? { ...systemActor(organization_id), user_id } : systemActor(organization_id);
  for (let after: string[] = []; ;) {
    const [rows] = await read(pool, actor, batchQuery(subject, section, account, after));
    yield rows.map((found) => {
      const { key: _, ...row } = found;
      return row;
    });
    const last = rows.at(-1);
    if (rows.length < BATCH || !last) return;
    after = last.key;
  }
}

function batchQuery(
  { organization_id, people, user_id, ours }: ArchiveSubject,
  { name, from, by, key, columns, subject, file }: Section,
  account: boolean,
  after: string[],
): Query<{ key: string[] }> {
  const named = Object.entries(columns).map(([plain, sql]) => `${sql} as "${plain}"`);
  const owned = account ? `${by} = $1::uuid` : `r.organization_id = $1 and ${by} = any($2::uuid[])`;
  const sides = ['both', ours ? 'staff' : 'partner'];
  const values: unknown[] = account ? [user_id] : [organization_id, people, ...(subject ? [sides, ours] : [])];
  const later = key.map((_, i) => `$${values.length + i + 1}`).join(', ');
  return {
    name: `archive_${name}${after.length ? '_after' : ''}`,
    text: `select array[${key.map((column) => `${column}::text`).join(', ')}] as key,
        ${[...named, ...(subject ? [ABOUT] : []), ...(file ? ['r.id'] : [])].join(', ')}
      from ${from.replace('{ids}', '$2::uuid[]')} ${subject ? SUBJECT : ''}
      where ${owned} ${subject === 'hidden' ? 'and (r.subject_id is null or s.id is not null)' : ''}
        ${after.length ? `and (${key.join(', ')}) > (${later})` : ''}
      order by ${key.join(', ')} limit ${BATCH}`,
    values: [...values, ...after],
  };
}
