import type { Tone } from '../../document_types/index.js';
import type { ListedDocument } from '../../documents/queries/list.js';
import type { I18n } from '../../documents/queries/sheet.js';
import { today } from '../../pages/days.js';
import { photoUrl } from '../../people/photo.js';
import { lifecycleOf } from '../../subjects/lifecycles.js';
import { eventUrl, subjectUrl } from '../../subjects/subject_url.js';
import { kindLabel } from '../partners/partner_view.js';
import type { ListedPartner } from '../partners/partner_queries.js';
import { i18nOf } from '../shared/layout.js';
import type { RequestContext } from '../shared/request_context.js';
import { documentRow } from '../shared/rows.js';
import { excerpt, highlight, type Piece } from './highlight.js';
import type * as found from './part_queries.js';
import type { Place } from './places.js';

/** One thing that was found, or that can be done. */
export interface FoundRow {
  href: string;
  icon: string;
  /** In the place of the icon: a person. */
  face: { name: string; photo: string | null; ours: boolean } | null;
  title: Piece[];
  sub: Piece[];
  badge: { tone: Tone; label: string } | null;
  note: string;
  amount: string;
}

/** What rows are made with: whose they are, and the words that are marked in them. */
export interface Reader extends I18n {
  ctx: RequestContext;
  words: readonly string[];
}

export const readerOf = (ctx: RequestContext, words: readonly string[]): Reader => ({
  ...i18nOf(ctx.actor),
  ctx,
  words,
});

const PLAIN = { face: null, sub: [], badge: null, note: '', amount: '' };

const sideOf = ({ ctx }: Reader) => (ctx.actor.side === 'staff' ? 'staff' : 'partner');

const slugOf = ({ ctx }: Reader) => ctx.membership.slug;

/** "Bill BILL-0036 · Brightline Electric". */
const named = (...parts: (string | null)[]) => parts.filter(Boolean).join(' · ');

export function documentFound(row: ListedDocument, reader: Reader): FoundRow {
  const { words, format, ctx } = reader;
  const shown = documentRow(row, slugOf(reader), sideOf(reader), today(ctx.actor), reader);
  const partner = sideOf(reader) === 'staff' ? shown.other : null;
  const label = [shown.type_label, shown.number].filter(Boolean).join(' ');
  return {
    ...PLAIN,
    ...{ href: shown.url, icon: 'document' },
    title: highlight(shown.title || label, words),
    sub: highlight(named(shown.title ? label : null, partner), words),
    badge: { tone: shown.tone, label: shown.state_label },
    amount: shown.unpriced ? '' : format.money(shown.total, shown.currency),
  };
}

export function partnerFound(row: ListedPartner, reader: Reader): FoundRow {
  const { t, format, words } = reader;
  const { open, overdue, currency, name } = row;
  const sum = format.money(Math.abs(open), currency);
  const late = overdue > 0 ? t('{{amount}} overdue', { amount: format.money(overdue, currency) }) : null;
  return {
    ...PLAIN,
    ...{ href: `/${slugOf(reader)}/partners/${row.id}`, icon: 'firm' },
    title: highlight(name, words),
    sub: highlight(named(kindLabel(row, t), late), words),
    amount: open > 0 ? t('Owes {{amount}}', { amount: sum }) : open < 0 ? t('We owe {{amount}}', { amount: sum }) : '',
  };
}

export function personFound(row: found.FoundPerson, reader: Reader): FoundRow {
  const { words } = reader;
  const { id, name, email, title, partner, partner_id, photo_sha256 } = row;
  const slug = slugOf(reader);
  const ours = partner_id === null;
  const page = ours ? 'settings/members' : sideOf(reader) === 'staff' ? `partners/${partner_id}` : 'colleagues';
  return {
    ...PLAIN,
    ...{ href: `/${slug}/${page}`, icon: '', title: highlight(name, words) },
    face: { name, photo: photoUrl(slug, { id, photo_sha256 }), ours },
    sub: highlight(named(email, title, sideOf(reader) === 'staff' ? partner : null), words),
  };
}

/** What is done rather than read. */
const UNPAPERED = new Set(['project', 'task', 'event']);

/** A subject of any kind. */
export function workFound(row: found.FoundSubject, reader: Reader): FoundRow {
  const { t, words } = reader;
  const { label, stateLabels } = lifecycleOf(row.kind);
  const state = stateLabels[row.state];
  const number = [t(label), row.number].filter(Boolean).join(' ');
  return {
    ...PLAIN,
    ...{ href: subjectUrl(slugOf(reader), row), icon: UNPAPERED.has(row.kind) ? 'check' : 'document' },
    title: highlight(row.title || number, words),
    sub: highlight(named(number, sideOf(reader) === 'staff' ? row.partner : null), words),
    badge: state ? { tone: state.tone, label: t(state.label) } : null,
  };
}

/** "on EST-0028, Reception desk". */
const where = ({ kind, number, subject_title }: found.OfSubject, { t }: Reader) =>
  t('on {{document}}', { document: [number ?? t(lifecycleOf(kind).label), subject_title].filter(Boolean).join(', ') });

const subjectOf = ({ subject_id: id, kind, number }: found.OfSubject) => ({ id, kind, number });

export function lineFound(row: found.FoundLine, reader: Reader): FoundRow {
  const { format, words } = reader;
  const { quantity, unit, unit_price, currency, amount } = row;
  const of = [format.number(quantity), unit].filter(Boolean).join(' ');
  const priced = Number(unit_price) !== 0;
  return {
    ...PLAIN,
    ...{ href: subjectUrl(slugOf(reader), subjectOf(row)), icon: 'row' },
    title: highlight(excerpt(row.description, words), words),
    sub: highlight(where(row, reader), words),
    note: priced ? `${of} × ${format.price(unit_price, currency)}` : of,
    amount: priced ? format.money(amount, currency) : '',
  };
}

export function messageFound(row: found.FoundComment, reader: Reader): FoundRow {
  const { t, format, words } = reader;
  const url = eventUrl(slugOf(reader), subjectOf(row), { comment: row.id });
  return {
    ...PLAIN,
    ...{ href: url.includes('#') ? url : `${url}#comment-${row.id}`, icon: row.internal ? 'lock' : 'mail' },
    title: highlight(excerpt(row.body, words), words),
    sub: highlight(named(row.author, where(row, reader), row.internal ? t('Internal note') : null), words),
    note: format.when(row.created_at).text,
  };
}

export function fileFound(row: found.FoundFile, reader: Reader): FoundRow {
  const { format, words } = reader;
  return {
    ...PLAIN,
    ...{ href: `/${slugOf(reader)}/files/${row.id}/${encodeURIComponent(row.name)}`, icon: 'clip' },
    title: highlight(row.name, words),
    sub: highlight(where(row, reader), words),
    note: format.when(row.created_at).text,
  };
}

export const placeFound = ({ label, href, icon }: Place, { words }: Reader): FoundRow => ({
  ...PLAIN,
  ...{ href, icon, title: highlight(label, words) },
});
