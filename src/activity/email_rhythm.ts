import type { Kind } from './notification_kinds.js';

/** When emails of a kind come: right away, in a daily or weekly summary, or not at all. */
export const RHYTHMS = ['now', 'daily', 'weekly', 'portal'] as const;
export type Rhythm = (typeof RHYTHMS)[number];

/** Hours are 0 to 23, in the person's time zone; `weekly_day` 1 is Monday. Without quiet hours both are null. */
export interface EmailPreferences {
  rhythms: Partial<Record<Kind, Rhythm>>;
  daily_hour: number;
  workdays_only: boolean;
  weekly_day: number;
  weekly_hour: number;
  quiet_from: number | null;
  quiet_to: number | null;
}

/** Of who has chosen nothing. */
export const USUAL: EmailPreferences = {
  rhythms: {},
  daily_hour: 8,
  workdays_only: false,
  weekly_day: 1,
  weekly_hour: 8,
  quiet_from: null,
  quiet_to: null,
};

/** The rhythms that there are for a kind: what needs a response waits a day at most. */
export const rhythmsFor = (kind: Kind): readonly Rhythm[] => (kind === 'response' ? ['now', 'daily'] : RHYTHMS);

/** The rhythm that was chosen for a kind, or else right away. */
export function rhythmOf({ rhythms }: Pick<EmailPreferences, 'rhythms'>, kind: Kind): Rhythm {
  const chosen = rhythms[kind] ?? 'now';
  return rhythmsFor(kind).includes(chosen) ? chosen : 'now';
}

/** The columns of a person's row in `email_preferences`. */
export const PREFERENCES = 'rhythms, daily_hour, workdays_only, weekly_day, weekly_hour, quiet_from, quiet_to';
