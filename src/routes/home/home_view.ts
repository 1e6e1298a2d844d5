import { capital, documentLabel, sentence } from '../../activity/sentence.js';
import type { Actor, QueryRows } from '../../db/scope.js';
import { today } from '../../documents/act.js';
import type { Balance, FeedRow, PartnerHome } from './home_queries.js';
import type { ListedDocument } from '../../documents/queries/list.js';
import { describeState, type I18n } from '../../documents/queries/sheet.js';
import { typeNamed } from '../../document_types/index.js';
import type { Membership } from '../../people/identify.js';
import { documentRow } from '../shared/document_row.js';
import { i18nOf } from '../shared/layout.js';

/** Everything that views/home/home.ejs needs, from the results of `partnerHome`. */
export function homeView(results: QueryRows<PartnerHome>, actor: Actor, { slug, partner, is_customer }: Membership) {
  const [open, moves, balances, latest, [house], people] = results;
  const i18n = i18nOf(actor);
  const day = today(actor);
  const rows = open.map((row) => documentRow(row, slug, 'partner', day, i18n));
  return {
    partner: { name: partner ?? '' },
    stats: statsOf(balances, is_customer, rows, i18n),
    moves: moves.map((row) => awaitedItems(row, slug, 'partner', day, i18n)),
    buys: is_customer,
    open: rows,
    all_url: `/${slug}/${typeNamed('invoice').path}`,
    latest: latest.map((row) => feedItem(row, slug, i18n)),
    contact: {
      name: house?.name ?? '',
      email: house?.email ?? '',
      lines: (house?.address ?? '').split('\n').filter((line) => line.trim()),
    },
    people,
  };
}

/** A document on which somebody has a move: what it is, whose, and by when. */
export function awaitedItems(row: ListedDocument, slug: string, side: 'staff' | 'partner', day: string, i18n: I18n) {
  const { t, format } = i18n;
  const { move, tone } = describeState(row, side, day, i18n);
  const { features } = typeNamed(row.type);
  const amount = features.includes('unpriced') || !row.total ? null : format.money(row.total, row.currency);
  const detail = [side === 'staff' ? row.partner : row.title, amount, move].filter(Boolean).join(' · ');
  return {
    text: capital(documentLabel(t, row.type, row.number)),
    detail,
    at: null,
    href: `/${slug}/documents/${row.number ?? row.id}`,
    button: t('Look'),
    tone,
  };
}

/** An event in a feed: its sentence, when, and where it leads. */
export function feedItem(row: FeedRow, slug: string, { t, format }: I18n) {
  const { reason, delivery } = row.details;
  const mail = typeof delivery === 'string' ? `/${slug}/mail-room/${delivery}` : null;
  const url = row.document_id ? `/${slug}/documents/${row.number ?? row.document_id}` : mail;
  return {
    sentence: sentence(row, t, format),
    at: row.created_at,
    detail: typeof reason === 'string' && reason ? reason : null,
    url,
  };
}

/** What is owed in each currency, or what stands to the partner's credit. */
export function balanceStats(balances: Balance[], buys: boolean, { t, format }: I18n) {
  const stat = ({ currency, balance }: Balance) =>
    balance < 0
      ? { label: t(buys ? 'Credit' : 'To be paid out'), value: format.money(-balance, currency), sub: null }
      : { label: t('Open'), value: format.money(balance, currency), sub: null };
  return balances.filter(({ balance }) => balance !== 0).map(stat);
}

function statsOf(balances: Balance[], buys: boolean, open: ReturnType<typeof documentRow>[], i18n: I18n) {
  const { t, format } = i18n;
  const owed = balanceStats(balances, buys, i18n);
  const late = open.filter((row) => row.overdue);
  const next = open.find((row) => row.due_on && !row.overdue);
  return [
    ...(owed.length ? owed : [{ label: t('Open'), value: t('Nothing'), sub: null }]),
    ...(late.length ? [{ label: t('Overdue'), value: sumsOf(late, i18n), sub: null, tone: 'late' as const }] : []),
    ...(next?.due_on
      ? [{ label: t('Next due'), value: format.date(next.due_on), sub: format.money(next.open, next.currency) }]
      : []),
  ];
}

/** "$500.00 and €20.00" */
function sumsOf(rows: { currency: string; open: number }[], { format }: I18n): string {
  const sums = new Map<string, number>();
  for (const { currency, open } of rows) sums.set(currency, (sums.get(currency) ?? 0) + open);
  return format.list([...sums].map(([currency, open]) => format.money(open, currency)));
}
