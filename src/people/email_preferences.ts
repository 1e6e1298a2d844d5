import type { Knex } from 'knex';
import { z } from 'zod';
import { type EmailPreferences, PREFERENCES, type Rhythm, rhythmsFor, USUAL } from '../activity/email_rhythm.js';
import { type Kind, KINDS } from '../activity/notification_kinds.js';
import { record } from '../activity/record.js';
import { type Actor, actingAs, type Query, systemActor, withActor } from '../db/scope.js';
import { Invalid } from '../errors.js';
import { releaseWaiting } from '../mail/outbox/summaries.js';
import { readForm, submittedText } from './form_values.js';

/** What a person has chosen; no row: nothing yet. */
export const preferencesOf = ({ organization_id, person_id }: Actor): Query<EmailPreferences> => ({
  name: 'email_preferences',
  text: `select ${PREFERENCES} from email_preferences where organization_id = $1 and person_id = $2`,
  values: [organization_id, person_id],
});

/** The kinds that there are for one side: partners aren't told who viewed what. */
export const kindsFor = (side: Actor['side']): readonly Kind[] =>
  KINDS.filter((kind) => side === 'staff' || kind !== 'views');

const hour = z.coerce
  .number('Choose an hour.')
  .int('Choose an hour.')
  .min(0, 'Choose an hour.')
  .max(23, 'Choose an hour.');
const optionalHour = z.union([z.literal('').transform(() => null), hour], 'Choose an hour.').default(null);
const weekday = z.coerce.number('Choose a day.').int('Choose a day.').min(1, 'Choose a day.').max(7, 'Choose a day.');

const Times = z
  .object({
    daily_hour: hour.default(USUAL.daily_hour),
    workdays_only: z
      .literal('on')
      .optional()
      .transform((ticked) => ticked === 'on'),
    weekly_day: weekday.default(USUAL.weekly_day),
    weekly_hour: hour.default(USUAL.weekly_hour),
    quiet_from: optionalHour,
    quiet_to: optionalHour,
  })
  .refine(({ quiet_from, quiet_to }) => (quiet_from === null) === (quiet_to === null), {
    path: ['quiet_to'],
    message: 'Choose both hours, or neither.',
  })
  .refine(({ quiet_from, quiet_to }) => quiet_from === null || quiet_from !== quiet_to, {
    path: ['quiet_to'],
    message: 'Choose another hour to end.',
  });

/** Reads the form of email settings. @throws Invalid by its fields */
export const readPreferences = (body: unknown): EmailPreferences => ({
  ...readForm(Times, body),
  rhythms: rhythmsIn(submittedText(body)),
});

function rhythmsIn(typed: Readonly<Record<string, string>>): EmailPreferences['rhythms'] {
  const chosen = KINDS.flatMap((kind) => (typed[kind] === undefined ? [] : [[kind, readRhythm(kind, typed[kind])]]));
  return Object.fromEntries(chosen);
}

/** @throws Invalid if it isn't possible for this kind */
function readRhythm(kind: Kind, typed: unknown): Rhythm {
  const chosen = rhythmsFor(kind).find((rhythm) => rhythm === typed);
  if (!chosen) throw new Invalid({ [kind]: 'Choose how often.' });
  return chosen;
}

/** Stores what a person has chosen; it counts at once, also for what waits to be sent. */
export const savePreferences = (db: Knex, actor: Actor, chosen: EmailPreferences): Promise<void> =>
  withActor(db, actor, async (db) => {
    const { organization_id, person_id } = actor;
    const row = { organization_id, person_id, ...chosen, rhythms: JSON.stringify(chosen.rhythms) };
    await db('email_preferences').insert(row).onConflict(['organization_id', 'person_id']).merge();
    await settle(db, actor);
  });

/** Chooses how often emails of one kind come; others stay as they are. */
export async function chooseRhythm(db: Knex, actor: Actor, kind: Kind, chosen: Rhythm): Promise<void> {
  const { organization_id, person_id } = actor;
  await withActor(db, actor, async (db) => {
    const rhythms = JSON.stringify({ [kind]: chosen });
    await db('email_preferences')
      .insert({ organization_id, person_id, rhythms })
      .onConflict(['organization_id', 'person_id'])
      .merge({ rhythms: db.raw('email_preferences.rhythms || excluded.rhythms') });
    await settle(db, actor);
  });
}

/** Ends summaries: what can stay in the portal does from now on. What needs a response still comes. */
export async function stopSummaries(db: Knex, actor: Actor, { rhythms }: EmailPreferences): Promise<void> {
  const gathered = KINDS.filter((kind) => rhythms[kind] === 'daily' || rhythms[kind] === 'weekly');
  for (const kind of gathered.filter((one) => rhythmsFor(one).includes('portal')))
    await chooseRhythm(db, actor, kind, 'portal');
}

async function settle(db: Knex.Transaction, actor: Actor): Promise<void> {
  const { organization_id, person_id, partner_id, now } = actor;
  await actingAs(db, systemActor(organization_id, person_id, now), async () => {
    await record(db, actor, { action: 'choose_emails', partner_id, visible_to: 'staff' });
    await releaseWaiting(db, String(organization_id), String(person_id));
  });
}
