import { jobLabel } from '../../subjects/job_words.js';
import type { QueryRows } from '../../db/scope.js';
import type { Tone } from '../../document_types/index.js';
import { mayDrop } from '../../jobs/queue/decide_job.js';
import type { Translate } from '../../pages/i18n.js';
import type { Stat } from '../../pages/views/components.js';
import { defineView } from '../../pages/views/render.js';
import type { SettingsSide } from '../settings/settings_side.js';
import type { i18nOf } from '../shared/layout.js';
import { type FailingJob, type MailQueue, MOST, type ProcessRow, type queueQueries } from './queue_queries.js';

interface QueuesInput {
  side: SettingsSide;
  failing: FailingItem[];
  waiting: { cells: (string | { at: Date })[] }[];
  stats: Stat[];
  /** Since when the oldest email waits. */
  oldest: Date | null;
  /** Where mail that came in waits for staff; null if none does. */
  mail_room: string | null;
  processes: { cells: (string | { at: Date } | { badge: { tone: Tone; label: string } })[] }[];
}

/** A job that failed, with what can be done about it. */
interface FailingItem {
  id: string;
  title: string;
  about: string | null;
  tone: Tone;
  state: string;
  /** When it is tried next; null while it is, and if it isn't. */
  next_at: Date | null;
  since: Date;
  detail: string;
  tries: string;
  /** Null while it is being tried. */
  retry_url: string | null;
  /** Null of what has to be done one day. */
  drop: { url: string; text: string } | null;
}

export const queuesPage = defineView<QueuesInput>('queues/show');

interface Place {
  url: string;
  mail_room: string;
  side: SettingsSide;
}

type I18n = ReturnType<typeof i18nOf>;

/** From the results of `queueQueries`. */
export function queueView(
  [[mail], failing, waiting, processes]: QueryRows<ReturnType<typeof queueQueries>>,
  { url, mail_room, side }: Place,
  { t, format }: I18n,
): QueuesInput {
  return {
    side,
    failing: failing.map((job) => failingItem(job, url, t)),
    waiting: waiting.map(({ task, jobs, next_at }) => ({
      cells: [t(jobLabel(task)), format.number(String(jobs)), { at: next_at }],
    })),
    stats: mail ? mailStats(mail, t, format) : [],
    oldest: mail?.oldest ?? null,
    mail_room: mail?.held ? mail_room : null,
    processes: processes.map((one) => ({ cells: processCells(one, t, format) })),
  };
}

function failingItem(job: FailingJob, url: string, t: Translate): FailingItem {
  const { job_id, task, about, since, detail, attempts, max_attempts, run_at, locked_at } = job;
  const ended = !locked_at && attempts >= max_attempts;
  const [tone, state]: [Tone, string] = locked_at
    ? ['waiting', 'Being tried now']
    : ended
      ? ['late', 'No tries left']
      : ['waiting', 'Will be tried again'];
  const drop = { url: `${url}/${job_id}/drop`, text: t(DROPPED[task] ?? 'It is made when somebody opens it.') };
  return {
    ...{ id: job_id, title: t(jobLabel(task)), about, tone, state: t(state), since, detail },
    next_at: locked_at || ended ? null : run_at,
    tries: t('Tried {{tries}} of {{most}} times', { tries: attempts, most: max_attempts }),
    retry_url: locked_at ? null : `${url}/${job_id}/retry`,
    drop: !locked_at && mayDrop(task) ? drop : null,
  };
}

const NEVER_SENT = 'The email will never be sent, and counts as failed.';

/** What becomes of it once its job is dropped. */
const DROPPED: Readonly<Record<string, string>> = { send_email: NEVER_SENT, send_awaited_email: NEVER_SENT };

function mailStats(mail: MailQueue, t: Translate, format: I18n['format']): Stat[] {
  const stat = (label: string, value: number, bad = false): Stat => ({
    label: t(label),
    value:
      value >= MOST ? t('{{number}} or more', { number: format.number(String(MOST)) }) : format.number(String(value)),
    sub: null,
    ...(bad && value > 0 ? { tone: 'late' as const } : {}),
  });
  return [
    stat('Waiting to be sent', mail.waiting),
    stat('Put off', mail.postponed),
    stat('Tried again', mail.retrying),
    stat('Could not be sent in the last 7 days', mail.failed, true),
    stat('Came back in the last 7 days', mail.bounced, true),
    stat('Came in, to be placed', mail.held),
  ];
}

const ROLES: Readonly<Record<string, string>> = { web: 'Web pages', worker: 'Background jobs', mail: 'Incoming mail' };

const processCells = (
  { roles, version, started_at, seen_at, silent }: ProcessRow,
  t: Translate,
  format: I18n['format'],
) => [
  format.list(roles.map((role) => t(ROLES[role] ?? role))),
  version,
  { at: started_at },
  silent
    ? { badge: { tone: 'late' as const, label: t('Silent') } }
    : { badge: { tone: 'good' as const, label: t('Running') } },
  { at: seen_at },
];
