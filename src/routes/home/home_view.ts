import { describeProfileChanges, profileChangesIn } from '../../activity/profile_changes.js';
import { sentence, subjectTitle } from '../../activity/sentence.js';
import type { Actor, QueryRows } from '../../db/scope.js';
import { type Tone, types } from '../../document_types/index.js';
import { usualInvoice } from '../../document_types/relations.js';
import { today } from '../../pages/days.js';
import type { ListedDocument } from '../../documents/queries/list.js';
import type { OwedDocument } from '../../documents/queries/waiting.js';
import { describeState, type I18n } from '../../documents/queries/sheet.js';
import type { Change, Stat, TimelineItem } from '../../pages/views/components.js';
import { defineView } from '../../pages/views/render.js';
import { isModuleMissing, isOffered } from '../../subjects/may.js';
import { eventUrl } from '../../subjects/subject_url.js';
import type { Membership } from '../../people/identify.js';
import type { PreferredRate } from '../../people/preferences/exchange_rates.js';
import { preferredAmount } from '../../people/preferences/preferred_amount.js';
import { photoUrl } from '../../people/photo.js';
import { i18nOf } from '../shared/layout.js';
import { type DocumentRow, documentRow, isUnpriced } from '../shared/rows.js';
import type { Balance } from '../../payments/ledger/balances.js';
import { type AccountDetails, accountDetails } from './account_details.js';
import { type HomeTask, taskMove } from '../projects/tasks/home_tasks.js';
import { sharedFolder } from '../../subjects/shared_folder_lifecycle.js';
import { type FilesSection, filesSection } from '../shared_files/files_view.js';
import { type Account, accountView, lastPaymentView } from './account_view.js';
import type { FeedRow, PartnerHome } from './home_queries.js';

/** A document that waits for somebody: what it is, by when, and where it leads. */
export interface Move {
  text: string;
  detail: string | null;
  at: Date | null;
  href: string;
  button: string;
  tone: Tone;
}

/** What is to be paid, and where it is paid online, if its reader may do so now. */
interface OwedRow extends DocumentRow {
  pay: { href: string; label: string; about: string } | null;
}

/** A partner's first page. */
interface HomeInput {
  partner: { name: string };
  stats: Stat[];
  /** A customer's account; null for vendors, and for who sees only some of its documents. */
  account: Account | null;
  last_payment: ReturnType<typeof lastPaymentView>;
  moves: Move[];
  /** What a vendor will be paid, soonest first. */
  to_come: { href: string; number: string; detail: string; day: string; amount: string }[];
  /** It is a customer: what is to be paid is shown. */
  buys: boolean;
  open: OwedRow[];
  all_url: string;
  latest: TimelineItem[];
  /** The organization as it stands on its documents. */
  contact: { name: string; lines: string[] };
  /** The staff who take part in the partner's documents. */
  people: { name: string; email: string; photo: string | null }[];
  /** Of a customer; null where there is no account. */
  details: AccountDetails | null;
  /** The files that both sides share; null for whom they are not. */
  shared: FilesSection | null;
  /** What the organization has on file of the partner; null for guests, and where `details` leads to it. */
  profile_url: string | null;
}

export const homePage = defineView<HomeInput>('home/home');

/** From the results of `partnerHome`. */
export function homeView(
  results: QueryRows<PartnerHome>,
  rates: PreferredRate[],
  actor: Actor,
  membership: Membership,
  max_bytes: number,
): HomeInput {
  const [open, awaited, balances, latest, [organization], people, , last, colleagues, to_come, last_to_them, , tasks] =
    results;
  const { slug, partner, is_customer } = membership;
  const i18n = i18nOf(actor);
  const day = today(actor);
  const hidden = lacksMoney(actor, membership);
  const summed = is_customer && !actor.guest && !actor.subject_ids && !isModuleMissing(actor, usualInvoice.name);
  const sells = membership.is_vendor && !hidden && !actor.guest;
  const whose = { partner: partner ?? '', slug, actor };
  const rows = open.map((row) => owedRow(row, documentRow(row, slug, 'partner', day, i18n), actor, i18n));
  return {
    partner: { name: partner ?? '' },
    account: summed ? accountView(results, { actor, slug, day, rates, i18n }) : null,
    last_payment: summed || sells ? lastPaymentView(summed ? last : last_to_them, slug, i18n) : null,
    stats: hidden || summed ? [] : statsOf(balances, is_customer, rows, rates, i18n),
    moves: movesOf(awaited, tasks, actor, slug),
    to_come: sells ? to_come.map((row) => paymentToCome(row, slug, i18n)) : [],
    buys: is_customer && !actor.guest && !hidden,
    open: rows,
    all_url: `/${slug}/${usualInvoice.path}`,
    latest: latest.filter((row) => !isAboutOtherGuest(row, actor)).map((row) => feedItem(row, slug, i18n)),
    contact: contactOf(organization),
    people: people.map((person) => ({ name: person.name, email: person.email, photo: photoUrl(slug, person) })),
    details: summed && organization ? accountDetails(colleagues, organization, whose, i18n) : null,
    shared: sharedSection(results, membership, actor, max_bytes),
    profile_url: actor.guest || summed ? null : `/${slug}/profile`,
  };
}

/** What waits for them: documents, then tasks. Whoever got a document forwarded has nothing to do in it. */
function movesOf(awaited: ListedDocument[], tasks: HomeTask[], actor: Actor, slug: string): Move[] {
  if (actor.guest) return [];
  const [day, i18n] = [today(actor), i18nOf(actor)];
  return [
    ...awaited.map((row) => moveItem(row, slug, 'partner', day, i18n)),
    ...tasks.map((row) => taskMove(row, slug, day, i18n)),
  ];
}

function owedRow({ online, paying, open }: OwedDocument, row: DocumentRow, actor: Actor, { t }: I18n): OwedRow {
  const pays = online && !paying && open > 0 && isOffered(actor, { permits: 'paying' });
  return { ...row, pay: pays ? { href: `${row.url}/pay`, label: t('Pay'), about: row.number ?? '' } : null };
}

const contactOf = (organization?: { name: string; address: string }) => ({
  name: organization?.name ?? '',
  lines: (organization?.address ?? '').split('\n').filter((line) => line.trim()),
});

function sharedSection(
  [, , , , , , , , , , , shared]: QueryRows<PartnerHome>,
  { slug, organization: other }: Membership,
  actor: Actor,
  max_bytes: number,
): FilesSection | null {
  const { guest, partner_id } = actor;
  if (guest || !partner_id || isModuleMissing(actor, sharedFolder.name)) return null;
  return filesSection(shared, partner_id, { actor, slug, other, max_bytes });
}

/** When a vendor is paid, under their own number. */
function paymentToCome(row: ListedDocument, slug: string, { t, format }: I18n): HomeInput['to_come'][number] {
  const { type, number, id, reference, title, pay_on, open, currency } = row;
  const ours = subjectTitle(t, type, number);
  return {
    href: `/${slug}/documents/${number ?? id}`,
    number: reference || ours,
    detail: [reference && ours, title].filter(Boolean).join(' · '),
    day: pay_on ? format.date(pay_on) : '',
    amount: format.money(open, currency),
  };
}

/** Whether a contact may use no module with amounts that are owed. */
const lacksMoney = (actor: Actor, { is_customer, is_vendor }: Membership): boolean =>
  (!is_customer || isModuleMissing(actor, usualInvoice.name)) &&
  (!is_vendor || owedToVendors.every(({ name }) => isModuleMissing(actor, name)));

const owedToVendors = types.filter(({ owes }) => owes === 'payable');

/** Guests don't learn of each other. */
const isAboutOtherGuest = ({ action, details }: FeedRow, { guest, person_id }: Actor) =>
  guest && action === 'forward' && details['person_id'] !== person_id;

/** A document that waits for somebody: whose move it is, and by when. */
export function moveItem(row: ListedDocument, slug: string, side: 'staff' | 'partner', day: string, i18n: I18n): Move {
  const { t, format } = i18n;
  const { move, tone } = describeState(row, side, day, i18n);
  const amount = isUnpriced(row) || !row.total ? null : format.money(row.total, row.currency);
  return {
    text: subjectTitle(t, row.type, row.number),
    detail: [side === 'staff' ? row.partner : row.title, amount, move].filter(Boolean).join(' · '),
    at: null,
    href: `/${slug}/documents/${row.number ?? row.id}`,
    button: t('Look'),
    tone,
  };
}

/** An activity in a feed: its sentence, when, and the page it leads to. */
export function feedItem(row: FeedRow, slug: string, { t, format }: I18n): TimelineItem & { url: string | null } {
  const { reason, delivery } = row.details;
  // What a document's revision changed is shown on its page.
  const changes = row.subject_id ? [] : describeProfileChanges(profileChangesIn(row.details), { t, format });
  const message = typeof delivery === 'string' ? `/${slug}/mail-room/${delivery}` : null;
  return {
    sentence: sentence(row, t, format),
    at: row.created_at,
    detail: (typeof reason === 'string' && reason) || changes.map(changeText).join(' · ') || null,
    url:
      row.subject_id && row.type
        ? eventUrl(slug, { id: row.subject_id, kind: row.type, number: row.number }, row.details)
        : message,
  };
}

const changeText = ({ what, before, after }: Change) => `${what}: ${before} → ${after}`;

/** What a partner owes in each currency, net of their credit, or has as credit. A vendor's credit is what we owe them. */
export function balanceStats(
  balances: Balance[],
  buys: boolean,
  i18n: I18n,
  rates: readonly PreferredRate[] = [],
): Stat[] {
  const { t, format } = i18n;
  const stat = (one: Balance) => ({
    label: one.balance < 0 ? t(buys ? 'Credit' : 'To be paid out') : t('Open'),
    value: format.money(Math.abs(one.balance), one.currency),
    sub:
      [preferredAmount(Math.abs(one.balance), one.currency, rates, i18n), partsOf(one, i18n)]
        .filter(Boolean)
        .join(' · ') || null,
  });
  return balances.filter(({ balance, owed }) => balance !== 0 || owed > 0).map(stat);
}

/** What a balance is the difference of: "$600.00 on invoices − $100.00 credit". Null if it is one of these alone. */
function partsOf({ currency, balance, owed, credit }: Balance, { t, format }: I18n): string | null {
  const amount = (minor: number) => ({ amount: format.money(minor, currency) });
  const payable = owed - credit - balance;
  const parts = [
    owed > 0 && t('{{amount}} on invoices', amount(owed)),
    credit > 0 && t('{{amount}} credit', amount(credit)),
    payable > 0 && t('{{amount}} on bills', amount(payable)),
  ].filter(Boolean);
  return parts.length > 1 ? parts.join(' − ') : null;
}

function statsOf(
  balances: Balance[],
  buys: boolean,
  open: DocumentRow[],
  rates: readonly PreferredRate[],
  i18n: I18n,
): Stat[] {
  const { t, format } = i18n;
  const owed = balanceStats(balances, buys, i18n, rates);
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
