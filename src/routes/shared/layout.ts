import type { Request } from 'express';
import { type DocumentType, types } from '../../document_types/index.js';
import { accentUrl } from '../../pages/accent.js';
import { formatFor } from '../../pages/format.js';
import { translatorFor } from '../../pages/i18n.js';
import type { Actor } from '../../db/scope.js';
import { ADMINS, identityOf } from './guard.js';
import type { Membership } from '../../people/identify.js';

/** The reader's words and formats. */
export function i18nOf({ locale, time_zone }: Pick<Actor, 'locale' | 'time_zone'>) {
  return { t: translatorFor(locale), format: formatFor({ locale, time_zone }) };
}

/** What every page of an organization shows around its content: who it is, where one can go, who one is. */
export function layoutLocals(req: Request, actor: Actor, membership: Membership, title: string) {
  const { slug, organization, accent } = membership;
  const { t } = i18nOf(actor);
  const narrow = actor.assurance === 'link';
  const staff = actor.side === 'staff';
  const nav = placesOf(staff, membership).map(([path, label, group = '']) => ({
    href: `/${slug}${path}`,
    label: t(label),
    group: t(group),
    current: req.path === `/${slug}${path}` || (path !== '/documents' && req.path.startsWith(`/${slug}${path}/`)),
  }));
  return {
    layout: staff && !narrow ? 'desk' : 'portal',
    locale: actor.locale,
    time_zone: actor.time_zone,
    page: {
      title,
      organization: { slug, name: organization, accent_url: accentUrl(accent) },
      viewer: { name: actor.name ?? '', email: actor.email ?? '', side: actor.side, assurance: actor.assurance },
      nav: narrow ? [] : nav,
      toast:
        typeof req.query['done'] === 'string'
          ? TOASTS[req.query['done']]
            ? t(TOASTS[req.query['done']] ?? '')
            : null
          : null,
      bookmarks_url: narrow ? null : `/${slug}/bookmarks`,
      menu: narrow ? [{ href: `/${slug}`, label: t('Everything from {{name}}', { name: organization }) }] : [],
      sign_out_url: '/sign-out',
    },
  };
}

type NavPlace = [path: string, label: string, group?: string];

/** Where one can go; the desk's places stand in groups. */
function placesOf(staff: boolean, membership: Membership): NavPlace[] {
  if (!staff) {
    const theirs = types
      .filter((type) => isForPartner(type, membership))
      .map(({ path, plural }): NavPlace => [`/${path}`, plural]);
    return [
      ...(membership.is_customer ? [['/projects', 'Projects'] as NavPlace] : []),
      ...theirs,
      ['/documents', 'All documents'],
    ];
  }
  const listed = types.map(({ path, plural, partner }): NavPlace => [
    `/${path}`,
    plural,
    partner === 'customer' ? 'Sales' : 'Purchasing',
  ]);
  return [
    ['/desk', 'Today'],
    ...listed,
    ['/projects', 'Projects', 'The rest'],
    ['/documents', 'All documents', 'The rest'],
    ['/partners', 'Partners', 'The rest'],
    ['/mail-room', 'Mail room', 'The rest'],
    ...(ADMINS.has(membership.role) ? [['/delivery', 'Email delivery', 'The rest'] as NavPlace] : []),
  ];
}

/** What a customer or vendor has; a request for proposals stays with staff. */
export const isForPartner = ({ name, partner }: DocumentType, membership: Membership) =>
  name !== 'request_for_proposal' && membership[`is_${partner}`];

/** What was just done, said once at the top of the next page. */
const TOASTS: Record<string, string> = {
  saved: 'Saved.',
  sent: 'Sent. It is on its way by email.',
  said: 'Sent.',
  noted: 'Noted.',
  forwarded: 'Forwarded. They get it by email.',
  recorded: 'The payment is recorded. A receipt is on its way by email.',
  voided: 'Voided. The other side is told by email.',
  dropped: 'Closed. The other side is told by email.',
  asked: 'The card is being charged. What came of it shows here in a moment, and comes by email.',
  paid: 'Thank you. You will get a receipt by email.',
  processing: 'Thank you. The bank needs a few days; we will email you when it has arrived.',
  failed: 'The payment did not go through. Nothing was charged.',
  done: 'Done.',
  answered: 'Sent. They are told by email.',
  awarded: 'Awarded. Everybody is told by email; the orders wait as drafts for you to send.',
  placed: 'Placed.',
  looked: 'Looked.',
  key: 'The next key is made. Publish its record; it takes over once it is seen.',
  test: 'The test is on its way. Open this page again in a moment to see what came of it.',
  trusted: 'All mail goes there again.',
  aside: 'Set aside. It stays among all mail.',
  filed: 'Filed. It is found on the partner’s page.',
  added: 'Added. What they wrote can now be posted as theirs.',
  anew: 'It is being read anew. Look again in a moment.',
  refused: 'Refused. The sender is told why.',
};

/**
 * A page that belongs to no organization: sign-in, an expired link, an error. In the language of the one who is
 * known, or of the browser.
 */
export function bareLayout(req: Request, title: string) {
  const member = identityOf(req).memberships[0];
  const locale = member?.locale ?? (req.acceptsLanguages('en', 'de') || 'en');
  const page = { title: translatorFor(locale)(title), organization: null, viewer: null, nav: [], toast: null };
  return { layout: 'bare', locale, time_zone: member?.time_zone ?? 'UTC', page };
}
