import {
  type EmailPreferences,
  RHYTHMS,
  type Rhythm,
  rhythmOf,
  rhythmsFor,
  USUAL,
} from '../../activity/email_rhythm.js';
import { type Kind, KINDS } from '../../activity/notification_kinds.js';
import { capital, subjectLabel } from '../../activity/sentence.js';
import type { Actor } from '../../db/scope.js';
import type { I18n } from '../../documents/queries/sheet.js';
import type { Choice, Field } from '../../pages/views/components.js';
import { defineView } from '../../pages/views/render.js';
import { weekdaysIn } from '../../pages/weeks.js';
import { kindsFor } from '../../people/email_preferences.js';
import type { Membership } from '../../people/identify.js';
import { subjectUrl } from '../../subjects/subject_url.js';
import type { SettingsSide } from '../settings/settings_side.js';
import type { Errors } from '../shared/form.js';
import type { MutedSubject } from './notification_queries.js';

interface EmailSettingsInput {
  /** The pages of the settings. */
  side: SettingsSide;
  save_url: string;
  rhythms: string[];
  kinds: KindRow[];
  error: string | null;
  summaries: Field[];
  workdays: Field;
  quiet: Field[];
  always: string;
  muted: { title: string; href: string; unmute_url: string }[];
}

/** A kind of email, with how often it can come. */
interface KindRow {
  name: Kind;
  label: string;
  text: string;
  /** One for each rhythm; null where there is none. */
  choices: ({ value: Rhythm; label: string; checked: boolean } | null)[];
}

export const emailSettingsView = defineView<EmailSettingsInput>('settings/notifications');

/** Values by the fields of the form. */
export type Typed = Readonly<Record<string, string>>;

interface Shown {
  side: SettingsSide;
  actor: Actor;
  membership: Membership;
  muted: readonly MutedSubject[];
  values: Typed;
  errors: Errors;
  i18n: I18n;
}

export const RHYTHM_LABELS: Readonly<Record<Rhythm, string>> = {
  now: 'Right away',
  daily: 'Daily',
  weekly: 'Weekly',
  portal: 'Portal only',
};

type KindText = readonly [label: string, text: string];

const FOR_PARTNERS: Readonly<Record<Kind, KindText>> = {
  response: ['Needs your response', 'Documents to accept, sign or answer'],
  messages: ['Messages and mentions', 'Someone writes to you'],
  documents: ['New documents and versions', 'Sent to {{partner}}, changed or closed'],
  payments: ['Payments and receipts', 'Paid, refunded, credited'],
  reminders: ['Reminders', 'Due dates and deadlines'],
  projects: ['Projects', 'When you are added to one'],
  views: ['Views and delivery', ''],
  colleagues: ['What colleagues do', 'They accept, submit or forward'],
};

const FOR_STAFF: Readonly<Record<Kind, KindText>> = {
  ...FOR_PARTNERS,
  response: ['Needs your response', 'Bills, proposals and changes to decide on'],
  documents: ['Answers and documents', 'Accepted, declined, submitted'],
  payments: ['Payments', 'Received, failed, reversed'],
  reminders: ['Deadlines', 'Documents that expired'],
  views: ['Views and delivery', 'Opened for the first time, marked as spam'],
  colleagues: ['What colleagues do', 'They award, extend or cancel'],
};

/** A kind's name and explanation, for one side. */
export const kindText = (kind: Kind, side: Actor['side']): KindText =>
  (side === 'staff' ? FOR_STAFF : FOR_PARTNERS)[kind];

/** What was chosen, as the form has it. */
export function typedOf(chosen: EmailPreferences = USUAL): Typed {
  const { rhythms: _, workdays_only, ...hours } = chosen;
  return {
    ...Object.fromEntries(KINDS.map((kind) => [kind, rhythmOf(chosen, kind)])),
    ...Object.fromEntries(Object.entries(hours).map(([name, value]) => [name, value === null ? '' : String(value)])),
    ...(workdays_only ? { workdays_only: 'on' } : {}),
  };
}

export function emailSettings(shown: Shown): EmailSettingsInput {
  const { actor, membership, muted, errors, i18n } = shown;
  const { t } = i18n;
  const url = `/${membership.slug}`;
  const page = `${url}/settings/notifications`;
  return {
    side: shown.side,
    save_url: page,
    rhythms: RHYTHMS.map((rhythm) => t(RHYTHM_LABELS[rhythm])),
    kinds: kindsFor(actor.side).map((kind) => kindRow(kind, shown)),
    error: KINDS.map((kind) => errors[kind]).find(Boolean) ?? null,
    ...timesOf(shown),
    always: t('Sign-in codes, invoices, orders and receipts of what you do always come right away.'),
    muted: muted.map((subject) => ({
      title: [subject.title, capital(subjectLabel(t, subject.kind, subject.number))].filter(Boolean).join(' · '),
      href: subjectUrl(membership.slug, subject),
      unmute_url: `${url}/notifications/${subject.id}/unmute`,
    })),
  };
}

function kindRow(kind: Kind, { actor, membership, values, i18n: { t } }: Shown): KindRow {
  const [label, text] = kindText(kind, actor.side);
  const possible = rhythmsFor(kind);
  const chosen = possible.find((rhythm) => rhythm === values[kind]) ?? 'now';
  return {
    name: kind,
    label: t(label),
    text: text && t(text, { partner: membership.partner ?? '' }),
    choices: RHYTHMS.map((value) =>
      possible.includes(value) ? { value, label: t(RHYTHM_LABELS[value]), checked: value === chosen } : null,
    ),
  };
}

function timesOf(shown: Shown): Pick<EmailSettingsInput, 'summaries' | 'workdays' | 'quiet'> {
  const { values, i18n } = shown;
  const { t } = i18n;
  const none = [{ value: '', label: t('Off') }];
  const workdays = { name: 'workdays_only', kind: 'checkbox' as const, label: t('Daily summary on workdays only') };
  return {
    summaries: [
      choice(shown, 'daily_hour', 'Daily summary at', hours(shown)),
      choice(shown, 'weekly_day', 'Weekly summary on', weekdays(shown)),
      choice(shown, 'weekly_hour', 'Weekly summary at', hours(shown)),
    ],
    workdays: { ...workdays, value: values['workdays_only'], optional: false },
    quiet: [
      choice(shown, 'quiet_from', 'Quiet hours from', [...none, ...hours(shown)]),
      choice(shown, 'quiet_to', 'to', [...none, ...hours(shown)]),
    ],
  };
}

const choice = ({ values, errors, i18n }: Shown, name: string, label: string, choices: Choice[]): Field => ({
  ...{ name, kind: 'choice', label: i18n.t(label), value: values[name], choices },
  error: errors[name] ?? null,
});

// Hours and days are written as the reader writes them, of any week; weeks begin as theirs do.
const hours = ({ actor }: Shown): Choice[] => {
  const format = new Intl.DateTimeFormat(actor.locale, { timeStyle: 'short', timeZone: 'UTC' });
  return Array.from({ length: 24 }, (_, hour) => ({
    value: String(hour),
    label: format.format(Date.UTC(2024, 0, 1, hour)),
  }));
};

const weekdays = ({ actor }: Shown): Choice[] => {
  const format = new Intl.DateTimeFormat(actor.locale, { weekday: 'long', timeZone: 'UTC' });
  return weekdaysIn(actor.locale).map((day) => ({
    value: String(day),
    label: format.format(Date.UTC(2024, 0, day)),
  }));
};
