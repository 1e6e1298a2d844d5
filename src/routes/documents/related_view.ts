import { has, typeNamed } from '../../document_types/index.js';
import type { DocumentPage } from '../../documents/queries/page.js';
import type { I18n } from '../../documents/queries/sheet.js';
import type { Badge, FileRow } from '../../pages/views/components.js';
import { fileRow, isUnpriced } from '../shared/rows.js';

export interface RelatedDocument {
  href: string;
  name: string;
  detail: string;
  badge: Badge;
}

/** The documents this one was created from, and those created from it. */
export const relatedView = ({ related }: DocumentPage, slug: string, { t, format }: I18n): RelatedDocument[] =>
  related.map(({ id, type, number, title, state, total, currency, partner, is_origin }) => {
    const { label, stateLabels } = typeNamed(type);
    const amount = isUnpriced({ type, total }) ? null : format.money(total, currency);
    const origin = is_origin ? t('this was made from it') : null;
    return {
      href: `/${slug}/documents/${number ?? id}`,
      name: `${t(label)} ${number ?? t('(draft)')}`,
      detail: [origin, title, amount, partner].filter(Boolean).join(' · '),
      badge: { label: t(stateLabels[state]?.label ?? state), tone: stateLabels[state]?.tone ?? 'quiet' },
    };
  });

/** The invoices of the deposit that was agreed, when each is due or what has become of it. */
export const depositInvoices = ({ related }: DocumentPage, slug: string, { t, format }: I18n) =>
  related
    .filter(({ type, number, is_origin }) => number !== null && !is_origin && has(typeNamed(type), 'prepayment'))
    .map(({ type, number, state, due_on }) => {
      const { label = state, awaits } = typeNamed(type).stateLabels[state] ?? {};
      const due = awaits === 'partner' && due_on ? t('due {{date}}', { date: format.date(due_on) }) : t(label);
      return { href: `/${slug}/documents/${number}`, label: `${number} · ${due}` };
    });

/** The document's own files, then those of its comments. */
export const filesView = ({ files, comments }: DocumentPage, slug: string): FileRow[] =>
  [...files, ...comments.flatMap((comment) => comment.files)].map((file) => fileRow(slug, file));
