import type { Knex } from 'knex';
import { record } from '../../activity/record.js';
import type { Actor, Query } from '../../db/scope.js';
import { REMINDER_STEPS, type ReminderStep } from '../../document_types/shared/dates.js';
import { Invalid } from '../../errors.js';
import { type ReminderText, unknownPlaceholder } from '../../mail/reminders/reminder_wording.js';
import { requireMay } from '../../subjects/may.js';

/** The words for each step in one language; blank: ours. */
type ReminderTexts = Record<ReminderStep, string>;

export const reminderTextsOf = ({ organization_id }: Actor): Query<ReminderText> => ({
  name: 'reminder_texts',
  text: 'select step, language, body from reminder_texts where organization_id = $1',
  values: [organization_id],
});

/** Changes the words of reminders in one language, '' for all others, and records that. @throws Invalid by step */
export async function setReminderTexts(
  db: Knex.Transaction,
  actor: Actor,
  language: string,
  texts: ReminderTexts,
): Promise<void> {
  const { organization_id } = actor;
  requireMay(actor, 'administration');
  for (const step of REMINDER_STEPS) {
    const unknown = unknownPlaceholder(texts[step]);
    if (unknown)
      throw new Invalid({ [step]: '{{text}} is no placeholder. Use one of those listed.' }, { text: unknown });
  }
  await db('reminder_texts').where({ organization_id, language }).delete();
  const rows = REMINDER_STEPS.filter((step) => texts[step]).map((step) => ({ step, body: texts[step] }));
  if (rows.length) await db('reminder_texts').insert(rows.map((row) => ({ ...row, organization_id, language })));
  await record(db, actor, { action: 'set_reminder_texts', details: { language }, visible_to: 'staff' });
}
