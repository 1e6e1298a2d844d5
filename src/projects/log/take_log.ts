import type { Knex } from 'knex';
import { z } from 'zod';
import type { Act, Outcome } from '../../acting/context.js';
import { newId } from '../../db/ids.js';
import { queryPrepared } from '../../db/scope.js';
import { today } from '../../pages/days.js';
import { attachToLog } from './log_entry.js';
import { LEFT_OUT } from './log_effects.js';

const Taken = z.object({ person: z.string(), text: z.string().default('') });

/** A page shows no more of a day. */
const [MOST_FILES, MOST_TEXT] = [60, 20_000];

/** A minute less than its email waits, so that whatever is added is in it. */
const GATHERED = `interval '9 minutes'`;

interface TodaysEntry {
  id: string;
  text: string;
  files: number;
  /** Its email has yet to go. */
  told: boolean;
}

// What was shown to the customer stays as staff have seen it.
const TODAYS = `select l.id, l.text, l.told_at > app_now() - ${GATHERED} as told,
    (select count(*)::int from project_log_files f
      where f.organization_id = l.organization_id and f.log_id = l.id and f.removed_at is null) as files
  from project_logs l
  where l.organization_id = $1 and l.project_id = $2 and l.person_id = $3 and l.day = $4 and l.vendor_id = $5
    and l.removed_at is null and not l.shown
  order by l.id desc limit 1`;

/**
 * Writes what a vendor with work in the project has emailed into its log, for staff and that vendor: into what the same
 * person has sent on the same day. Several emails in a row are told in one.
 */
export async function takeLog(db: Knex.Transaction, act: Act): Promise<Omit<Outcome, 'subject'>> {
  const { organization_id, id: project_id } = act.subject;
  const { person: person_id, text } = Taken.parse(act.input);
  const { partner_id: vendor_id } = await db('people').where({ organization_id, id: person_id }).first('partner_id');
  if (!vendor_id) throw new Error('The log takes emails of vendors.');
  const day = today(act.actor);
  const values = [organization_id, project_id, person_id, day, vendor_id];
  const [entry] = (await queryPrepared<TodaysEntry>(db, TODAYS, values)).filter(({ text: before, files }) => {
    return files + act.files.length <= MOST_FILES && before.length + text.length <= MOST_TEXT;
  });
  const details = { ...LEFT_OUT, person: undefined, day };
  if (!entry) {
    const id = newId();
    const written = { project_id, day, text, vendor_id, person_id, shown: false };
    await db('project_logs').insert({ organization_id, id, ...written });
    await attachToLog(db, act.subject, id, act.files);
    return { details: { ...details, log: id } };
  }
  await db('project_logs')
    .where({ organization_id, id: entry.id })
    .update({
      text: [entry.text, text].filter(Boolean).join('\n\n'),
      ...(entry.told ? {} : { told_at: db.raw('app_now()') }),
    });
  await attachToLog(db, act.subject, entry.id, act.files);
  return { details: { ...details, log: entry.id }, ...(entry.told ? { participants: [] } : {}) };
}
