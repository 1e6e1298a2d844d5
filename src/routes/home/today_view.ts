import { capital, subjectLabel, subjectTitle } from '../../activity/sentence.js';
import type { Actor, QueryRows } from '../../db/scope.js';
import { usualInvoice } from '../../document_types/relations.js';
import { promiseBroken } from '../../document_types/shared/dates.js';
import { today } from '../../pages/days.js';
import { keyOf } from '../../documents/content/document.js';
import type { ListedDocument } from '../../documents/queries/list.js';
import type { StaffDocument } from '../../documents/queries/waiting.js';
import type { I18n } from '../../documents/queries/sheet.js';
import type { Bar, Link, TimelineItem } from '../../pages/views/components.js';
import { defineView } from '../../pages/views/render.js';
import type { Aged } from '../../payments/ledger/balances.js';
import type { Membership } from '../../people/identify.js';
import type { PreferredRate } from '../../people/preferences/exchange_rates.js';
import { preferredAmount } from '../../people/preferences/preferred_amount.js';
import { lifecycleOf } from '../../subjects/lifecycles.js';
import { isOffered } from '../../subjects/may.js';
import { subjectUrl } from '../../subjects/subject_url.js';
import { i18nOf } from '../shared/layout.js';
import { isUnpriced } from '../shared/rows.js';
import { type FirstStep, firstSteps } from './first_steps.js';
import { feedItem, type Move, moveItem } from './home_view.js';
import { askedMove, taskMove } from '../projects/tasks/home_tasks.js';
import type { Bounced, Question, TodayQueries } from './today_queries.js';

/** The desk's first page. */
interface TodayInput {
  /** "Sunday 22 November" */
  date_label: string;
  /** What a new organization does first; null once it has. */
  steps: FirstStep[] | null;
  our_moves: Move[];
  waiting: Waiting[];
  receivables: Receivable[];
  feed: TimelineItem[];
  /** How many messages wait in the mail room. */
  held: number;
  mail_room_url: string;
  /** Null for whom may make none. */
  create: Link | null;
}

/** What others are to do. */
type Waiting = Pick<Move, 'text' | 'detail' | 'at' | 'href'>;

/** What is owed in a currency, by age. */
interface Receivable {
  currency: string;
  bars: Bar[];
  total: string;
  /** In the currency that the reader prefers. */
  preferred: string | null;
  overdue: string | null;
}

export const todayPage = defineView<TodayInput>('home/today');

/** From the results of `todayQueries`. */
export function todayView(
  results: QueryRows<TodayQueries>,
  rates: readonly PreferredRate[],
  actor: Actor,
  { slug }: Membership,
): TodayInput {
  const [drafts, questions, bounced, [held], overdue, owed, ours, absents, others, aged, feed, tasks, asked, [steps]] =
    results;
  const i18n = i18nOf(actor);
  const { t, format } = i18n;
  const day = today(actor);
  return {
    ...{ date_label: format.weekday(day), steps: firstSteps(steps, actor, slug) },
    our_moves: [
      ...questions.map((row) => questionMove(row, slug, i18n)),
      ...asked.map((row) => askedMove(row, slug, i18n)),
      ...tasks.map((row) => taskMove(row, slug, day, i18n)),
      ...withThoseOf(ours, absents).map((row) => awaitedMove(row, slug, day, i18n)),
      ...bounced.map((row) => bouncedMove(row, slug, i18n)),
      ...overdue.map((row) => overdueMove(row, slug, day, i18n)),
      ...drafts.map((row) => draftMove(row, slug, i18n)),
    ],
    waiting: [
      ...others.map((row) => moveItem(row, slug, 'staff', day, i18n)),
      ...owed.map((row) => owedItem(row, slug, day, i18n)),
    ],
    receivables: aged.map((row) => receivable(row, rates, i18n)),
    feed: feed.map((row) => feedItem(row, slug, i18n)),
    ...{ held: held?.held ?? 0, mail_room_url: `/${slug}/mail-room` },
    create: isOffered(actor, { start: usualInvoice })
      ? { href: `/${slug}/${usualInvoice.path}/new`, label: t(`New ${usualInvoice.label.toLowerCase()}`) }
      : null,
  };
}

/** What waits for staff, and further things that wait for whom the reader stands in for. */
const withThoseOf = (ours: StaffDocument[], absents: StaffDocument[]): StaffDocument[] => [
  ...ours,
  ...absents.filter(({ id }) => !ours.some((one) => one.id === id)),
];

function awaitedMove(row: StaffDocument, slug: string, day: string, i18n: I18n): Move {
  const move = moveItem(row, slug, 'staff', day, i18n);
  return { ...move, detail: forAbsent(move.detail, row, i18n) };
}

/** "Maple Street Clinic · $500.00 · for Tom Reyes", who is away. */
const forAbsent = (detail: string | null, { absent }: { absent: string | null }, { t }: I18n): string | null =>
  [detail, absent && t('for {{name}}', { name: absent })].filter(Boolean).join(' · ') || null;

const questionMove = ({ author, body, created_at, absent, ...subject }: Question, slug: string, i18n: I18n): Move => ({
  text: i18n.t('{{name}} wrote about {{document}}', {
    name: author,
    document: subjectLabel(i18n.t, subject.kind, subject.number),
  }),
  detail: forAbsent(body.length > 80 ? `${body.slice(0, 80).trimEnd()} …` : body, { absent }, i18n),
  at: created_at,
  href: `${subjectUrl(slug, subject)}${lifecycleOf(subject.kind).conversation ?? ''}#composer`,
  button: i18n.t('Answer'),
  tone: 'waiting',
});

const bouncedMove = (
  { id, name, email, partner_id, partner, bounced_at }: Bounced,
  slug: string,
  { t }: I18n,
): Move => ({
  text: t('An email to {{name}} came back', { name }),
  detail: `${email} · ${partner}`,
  at: bounced_at,
  href: `/${slug}/partners/${partner_id}/contacts/${id}/edit`,
  button: t('Correct it'),
  tone: 'late',
});

const overdueMove = (row: StaffDocument, slug: string, day: string, i18n: I18n): Move => ({
  text: i18n.t('{{document}} is overdue', { document: capital(subjectLabel(i18n.t, row.type, row.number)) }),
  detail: forAbsent(dueDetail(row, day, i18n), row, i18n),
  at: null,
  href: `/${slug}/documents/${keyOf(row)}`,
  button: i18n.t('Look'),
  tone: row.paying ? 'waiting' : 'late',
});

function draftMove(row: StaffDocument, slug: string, i18n: I18n): Move {
  const { t, format } = i18n;
  const amount = isUnpriced(row) ? null : format.money(row.total, row.currency);
  return {
    text: t('Draft for {{name}}', { name: row.partner ?? t('vendors') }),
    detail: forAbsent([row.title, amount].filter(Boolean).join(' · '), row, i18n),
    at: null,
    href: `/${slug}/documents/${row.id}`,
    button: t('Finish'),
    tone: 'quiet',
  };
}

const owedItem = (row: ListedDocument, slug: string, day: string, i18n: I18n): Waiting => ({
  text: subjectTitle(i18n.t, row.type, row.number),
  detail: dueDetail(row, day, i18n),
  at: null,
  href: `/${slug}/documents/${keyOf(row)}`,
});

/** "Maple Street Clinic · $500.00 · due in 3 days · promised for Friday, December 4" */
function dueDetail(row: ListedDocument, day: string, i18n: I18n): string {
  const { partner, open, currency, due_on, paying } = row;
  const { t, format } = i18n;
  const due = paying ? t('a payment is on its way') : due_on && t('due {{when}}', { when: format.when(due_on).text });
  return [partner, format.money(open, currency), due, promiseDetail(row, day, i18n)].filter(Boolean).join(' · ');
}

function promiseDetail(row: ListedDocument, day: string, { t, format }: I18n): string | null {
  if (row.disputed_on && row.open > 0)
    return t('disputed since {{date}}', { date: format.dayAndMonth(row.disputed_on) });
  if (!row.promised_on || row.paying) return null;
  return promiseBroken(row, day)
    ? t('promise of {{date}} not kept', { date: format.dayAndMonth(row.promised_on) })
    : t('promised by {{date}}', { date: format.weekday(row.promised_on) });
}

function receivable(aged: Aged, rates: readonly PreferredRate[], i18n: I18n): Receivable {
  const { t, format } = i18n;
  const { currency, youngest, month, two_months, oldest, overdue } = aged;
  const bar = (label: string, value: number): Bar => ({ label: t(label), value, text: format.money(value, currency) });
  const total = youngest + month + two_months + oldest;
  return {
    currency,
    total: format.money(total, currency),
    preferred: preferredAmount(total, currency, rates, i18n),
    overdue: overdue > 0 ? format.money(overdue, currency) : null,
    bars: [
      bar('0–30 days', youngest),
      bar('31–60 days', month),
      { ...bar('61–90 days', two_months), tone: 'late' },
      { ...bar('over 90 days', oldest), tone: 'late' },
    ],
  };
}
