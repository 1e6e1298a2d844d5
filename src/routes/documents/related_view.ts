import type { DocumentPage } from '../../documents/queries/page.js';
import type { I18n } from '../../documents/queries/sheet.js';
import { typeNamed } from '../../document_types/index.js';
import { fileView } from '../shared/file_view.js';

/** Documents that this one came from or led to. */
export function relatedView({ related }: DocumentPage, slug: string, { t, format }: I18n) {
  return related.map(({ id, type, number, title, state, total, currency, partner, is_origin }) => {
    const { label, stateLabels, features } = typeNamed(type);
    const look = stateLabels[state];
    return {
      href: `/${slug}/documents/${number ?? id}`,
      name: `${t(label)} ${number ?? t('(draft)')}`,
      detail: [
        is_origin ? t('this was made from it') : null,
        title,
        features.includes('unpriced') ? null : format.money(total, currency),
        partner,
      ]
        .filter(Boolean)
        .join(' · '),
      badge: { label: t(look?.label ?? state), tone: look?.tone ?? 'quiet' },
    };
  });
}

/** Its versions, the newest first, with when each was sent. One alone says nothing new. */
export const versionsView = ({ versions }: DocumentPage, url: string, { t }: I18n) =>
  versions.length < 2
    ? []
    : versions.map(({ version, created_at }) => ({
        href: `${url}/versions/${version}`,
        label: t('Version {{n}}', { n: version }),
        at: new Date(created_at),
      }));

/** All files: those on the document itself, then those of what was said. */
export const filesView = ({ files, comments }: DocumentPage, slug: string) => [
  ...files.map((file) => ({ ...fileView(slug, file), by: null })),
  ...comments.flatMap((comment) => comment.files.map((file) => ({ ...fileView(slug, file), by: comment.author }))),
];
