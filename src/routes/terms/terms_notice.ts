import type { Request } from 'express';
import type { Actor } from '../../db/scope.js';
import type { Translate } from '../../pages/i18n.js';
import type { TermsNotice } from '../../pages/views/layouts.js';
import type { Membership } from '../../people/identify.js';
import { TERMS_KINDS } from '../../people/terms/default_terms.js';
import { type DueTerms, versionsOf } from '../../people/terms/terms.js';

const LABELS = { terms: 'Portal terms', privacy: 'Privacy notice' } as const;

/** Asks who accepted an earlier version to read and accept the new one, on each page. Null if there is nothing new. */
export function termsNotice(
  req: Request,
  { assurance }: Actor,
  { slug, organization, terms_due }: Membership,
  t: Translate,
): TermsNotice | null {
  if (!terms_due || assurance === 'link') return null;
  const kinds = TERMS_KINDS.filter((kind) => terms_due[kind]);
  return {
    text: t(sentenceFor(terms_due), { organization }),
    links: kinds.map((kind) => ({ href: `/${slug}/${kind}`, label: t(LABELS[kind]) })),
    action: `/${slug}/terms/accept`,
    seen: versionsOf(terms_due),
    return_to: pageOf(req, slug),
    button: terms_due.terms ? t('Accept') : t('I’ve read it'),
  };
}

function sentenceFor({ terms, privacy }: DueTerms): string {
  if (terms && privacy) return '{{organization}} has updated its portal terms and privacy notice.';
  return terms ? '{{organization}} has updated its portal terms.' : '{{organization}} has updated its privacy notice.';
}

/** Where the form leads back to; without what was just done. */
function pageOf({ method, originalUrl }: Request, slug: string): string {
  if (method !== 'GET') return `/${slug}`;
  const [path = '', query] = originalUrl.split('?');
  const rest = new URLSearchParams(query);
  rest.delete('done');
  return rest.size ? `${path}?${rest}` : path;
}
