import { capital, documentLabel } from '../../activity/sentence.js';
import type { Actor, QueryRows } from '../../db/scope.js';
import { today } from '../../documents/act.js';
import type { ListedDocument } from '../../documents/queries/list.js';
import type { I18n } from '../../documents/queries/sheet.js';
import type { Aged, Bounced, Question, TodayQueries } from './today_queries.js';
import { typeNamed } from '../../document_types/index.js';
import type { Membership } from '../../people/identify.js';
import { documentRow } from '../shared/document_row.js';
import { i18nOf } from '../shared/layout.js';
import { awaitedItems, feedItem } from './home_view.js';

/** Everything that views/home/today.ejs needs, from the results of `todayQueries`. */
export function todayView(results: QueryRows<TodayQueries>, actor: Actor, { slug }: Membership) {
  const [drafts, questions, bounced, [held], overdue, waiting, ours, others, aged, feed] = results;
  const i18n = i18nOf(actor);
  const { t, format } = i18n;
  const day = today(actor);
  const type = typeNamed('invoice');
  return {
    date_label: format.weekday(day),
    our_moves: [
      ...questions.map((row) => questionMove(row, slug, i18n)),
      ...ours.map((row) => awaitedItems(row, slug, 'staff', day, i18n)),
      ...bounced.map((row) => bouncedMove(row, slug, i18n)),
      ...overdue.map((row) => overdueMove(row, slug, day, i18n)),
      ...drafts.map((row) => draftMove(row, slug, i18n)),
    ],
    waiting: [
      ...others.map((row) => awaitedItems(row, slug, 'staff', day, i18n)),
      ...waiting.map((row) => awaited(row, slug, day, i18n)),
    ],
    receivables: aged.map((row) => receivable(row, i18n)),
    feed: feed.map((row) => feedItem(row, slug, i18n)),
    held: held?.held ?? 0,
    mail_room_url: `/${slug}/mail-room`,
    create: { href: `/${slug}/${type.path}/new`, label: t(`New ${type.label.toLowerCase()}`) },
  };
}

function questionMove({ type, number, author, body, created_at }: Question, slug: string, { t }: I18n) {
  const text = t('{{name}} wrote about {{document}}', { name: author, document: documentLabel(t, type, number) });
  const detail = body.length > 80 ? `${body.slice(0, 80).trimEnd()} …` : body || null;
  return {
    text,
    detail,
    at: created_at,
    href: `/${slug}/documents/${number}#composer`,
    button: t('Answer'),
    tone: 'waiting',
  };
}

function bouncedMove({ id, name, email, partner_id, partner, bounced_at }: Bounced, slug: string, { t }: I18n) {
  const text = t('An email to {{name}} came back', { name });
  return {
    text,
    detail: `${email} · ${partner}`,
    at: bounced_at,
    href: `/${slug}/partners/${partner_id}/contacts/${id}/edit`,
    button: t('Correct it'),
    tone: 'late',
  };
}

function overdueMove(row: ListedDocument, slug: string, day: string, i18n: I18n) {
  const { t } = i18n;
  const { url } = documentRow(row, slug, 'staff', day, i18n);
  const text = t('{{document}} is overdue', { document: capital(documentLabel(t, row.type, row.number)) });
  return {
    text,
    detail: owing(row, i18n),
    at: null,
    href: url,
    button: t('Look'),
    tone: row.paying ? 'waiting' : 'late',
  };
}

function draftMove(row: ListedDocument, slug: string, { t, format }: I18n) {
  const text = t('Draft for {{name}}', { name: row.partner ?? t('vendors') });
  const detail = [row.title, format.money(row.total, row.currency)].filter(Boolean).join(' · ');
  return { text, detail, at: null, href: `/${slug}/documents/${row.id}`, button: t('Finish'), tone: 'quiet' };
}

function awaited(row: ListedDocument, slug: string, day: string, i18n: I18n) {
  const { url } = documentRow(row, slug, 'staff', day, i18n);
  return {
    text: capital(documentLabel(i18n.t, row.type, row.number)),
    detail: owing(row, i18n),
    at: null,
    href: url,
  };
}

/** "Maple Street Clinic · $500.00 · due in 3 days" */
function owing({ partner, open, currency, due_on, paying }: ListedDocument, { t, format }: I18n): string {
  const due = paying ? t('a payment is on its way') : due_on && t('due {{when}}', { when: format.when(due_on).text });
  return [partner, format.money(open, currency), due].filter(Boolean).join(' · ');
}

function receivable({ currency, youngest, month, two_months, oldest, overdue }: Aged, { t, format }: I18n) {
  const bar = (label: string, value: number, tone?: 'late') => ({
    label,
    value,
    text: format.money(value, currency),
    ...(tone ? { tone } : {}),
  });
  return {
    currency,
    total: format.money(youngest + month + two_months + oldest, currency),
    overdue: overdue > 0 ? format.money(overdue, currency) : null,
    bars: [
      bar(t('0–30 days'), youngest),
      bar(t('31–60 days'), month),
      bar(t('61–90 days'), two_months, 'late'),
      bar(t('over 90 days'), oldest, 'late'),
    ],
  };
}
