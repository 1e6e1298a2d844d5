import type { Request } from 'express';
import type { Actor } from '../../db/scope.js';
import { shownAddress } from '../../input/email_address.js';
import { accentUrl } from '../../pages/styles/accent.js';
import { formatFor, type Reader } from '../../pages/format.js';
import { type Translate, translatorFor } from '../../pages/i18n.js';
import { languages } from '../../pages/languages.js';
import type { BareLayout, Bell, NavItem, OrganizationLayout } from '../../pages/views/layouts.js';
import type { Identity, Membership } from '../../people/identify.js';
import { mayFound } from '../../people/members/found_organization.js';
import { may } from '../../subjects/may.js';
import { identityOf } from './guard.js';
import { roomFor } from '../settings/menu_room.js';
import { isCurrent, menuPlaces } from '../settings/modules_menu.js';
import { termsNotice } from '../terms/terms_notice.js';
import { photoUrl } from '../../people/photo.js';

/** A reader's translator and formats. */
export function i18nOf({ locale, time_zone, organization_zone }: Reader) {
  return { t: translatorFor(locale), format: formatFor({ locale, time_zone, organization_zone }) };
}

/** What every page of an organization shows around its content: navigation, who is signed in, what was just done. */
export function organizationLayout(
  req: Request,
  actor: Actor,
  membership: Membership,
  title: string,
): OrganizationLayout {
  const { slug, organization, accent } = membership;
  const { t } = i18nOf(actor);
  // Who came by a link sees one document, so there is nothing to navigate to.
  const byLink = may(actor, 'everything').answer !== 'yes';
  return {
    layout: may(actor, 'desk').answer === 'yes' ? 'desk' : 'portal',
    locale: actor.locale,
    time_zone: actor.time_zone,
    organization_zone: actor.organization_zone,
    page: {
      title,
      organization: { slug, name: organization, accent_url: accentUrl(accent) },
      viewer: viewerOf(req, actor, membership),
      nav: byLink ? [] : navFor(req, actor, membership, t),
      toast: toastFor(req, t),
      bell: byLink ? null : bellOf(membership),
      saved_views: byLink ? null : savedViewsOf(membership),
      settings_url: byLink ? null : `/${slug}/settings`,
      search_url: byLink ? null : `/${slug}/search`,
      menu: byLink
        ? [{ href: `/${slug}`, label: t('Everything from {{name}}', { name: organization }) }]
        : menuFor(actor, slug, t),
      sign_out_url: '/sign-out',
      terms_notice: termsNotice(req, actor, membership, t),
    },
  };
}

function bellOf({ slug, unread: count }: Membership): Bell {
  const href = `/${slug}/notifications`;
  return { href, live_url: `${href}/live`, settings_url: `/${slug}/settings/notifications`, count };
}

const savedViewsOf = ({ slug, saved_views }: Membership) => ({
  manage_url: `/${slug}/settings/saved-views`,
  links: saved_views.map(({ name, path }) => ({ href: `/${slug}/${path}`, label: name })),
});

/** What a contact finds under their name. */
function menuFor(actor: Actor, slug: string, t: Translate) {
  if (actor.side !== 'partner' || actor.guest) return [];
  const pays = may(actor, { permits: 'paying' }).answer === 'yes';
  return [
    { href: `/${slug}/statement`, label: t('Statement of account') },
    ...(pays ? [{ href: `/${slug}/payment-methods`, label: t('Payment methods') }] : []),
    { href: `/${slug}/colleagues`, label: t('Colleagues') },
  ];
}

function viewerOf(req: Request, actor: Actor, membership: Membership): OrganizationLayout['page']['viewer'] {
  const { slug, partner, organization, person_id } = membership;
  const others = identityOf(req).memberships.filter((one) => one.slug === slug && one.person_id !== person_id);
  return {
    id: membership.user_id,
    ...{ name: actor.name ?? '', email: shownAddress(actor.email ?? ''), side: actor.side, assurance: actor.assurance },
    photo: photoUrl(slug, { id: person_id, photo_sha256: membership.photo_sha256 }),
    partner,
    others: others.map((other) => ({ person: other.person_id, partner: other.partner ?? organization })),
    act_as_url: `/${slug}/act-as`,
    elsewhere: elsewhere(identityOf(req), slug),
    new_organization_url: mayFound(identityOf(req), req.app.get('open organizations') === true)
      ? '/organizations/new'
      : null,
  };
}

/** One place for each other organization; who is on both sides of it acts as its staff. */
function elsewhere({ memberships, assurance }: Identity, here: string) {
  const others = memberships.filter(({ slug }) => slug !== here && assurance === 'verified');
  const first = others.filter((one, i) => others.findIndex(({ slug }) => slug === one.slug) === i);
  return first.map(({ slug, organization, partner }) => ({ href: `/${slug}`, organization, as: partner }));
}

function navFor({ path: address }: Request, actor: Actor, membership: Membership, t: Translate): NavItem[] {
  const { slug } = membership;
  const places = menuPlaces(actor, membership);
  const room = roomFor(
    places.map(([, label]) => t(label)),
    t('More'),
  );
  return places.map(([path, label, group], n) => {
    return {
      href: `/${slug}${path}`,
      label: t(label),
      group: group ? t(group) : '',
      current: isCurrent(path, address.slice(slug.length + 1)),
      room: room[n] ?? 0,
    };
  });
}

/** The message for `?done=`, which the redirect after a form adds to the next page's address. */
function toastFor({ query }: Request, t: Translate): string | null {
  const done = query['done'];
  const toast = typeof done === 'string' ? TOASTS.get(done) : undefined;
  return toast ? t(toast) : null;
}

const TOASTS = new Map(
  Object.entries({
    saved: 'Saved.',
    signed_out: 'Signed out.',
    token_revoked: 'Token revoked.',
    bank: 'Bank details changed. We’ve emailed everyone concerned.',
    confirmed: 'Details confirmed.',
    removed: 'Their access has ended.',
    discarded: 'Draft discarded.',
    timer_started: 'Timer started. If another one was running, its time is saved.',
    timer_stopped: 'Timer stopped. Its time is saved, rounded to minutes.',
    timer_discarded: 'Timer discarded.',
    sent: 'Sent. It is on its way by email.',
    said: 'Sent.',
    noted: 'Noted.',
    forwarded: 'Forwarded. They get it by email.',
    recorded: 'The payment is recorded. A receipt is on its way by email.',
    exported: 'The file is ready to download.',
    run_recorded: 'Payments recorded. Each vendor gets a remittance by email.',
    run_cancelled: 'Payment run canceled.',
    voided: 'Voided. The other side is told by email.',
    dropped: 'Closed. The other side is told by email.',
    paid: 'Thank you. You will get a receipt by email.',
    failed: 'The payment did not go through. Nothing was charged.',
    unavailable: 'The payment provider can’t be reached right now. Nothing was charged: try again in a moment.',
    done: 'Done.',
    approved: 'Approved.',
    accepted: 'Accepted.',
    acknowledged: 'Acknowledged.',
    declined: 'Declined. They’ll get an email.',
    sent_back: 'Sent back. They’ll get an email.',
    asked_back: 'Sent. They’ll get an email.',
    scheduled: 'Payment scheduled.',
    promised: 'Thank you. We won’t remind you until that day has passed.',
    disputed: 'Sent. We won’t remind you of it until you have an answer.',
    refunded: 'Refund recorded. They’ll get an email.',
    reversed: 'Payment reversed. They’ll get an email.',
    withdrawn: 'Withdrawn. They’ll get an email.',
    cancelled: 'Cancelled. They’ll get an email.',
    extended: 'Deadline moved. They’ll get an email.',
    applied: 'Credit applied.',
    started: 'Subscription started. They’ll get an email.',
    automatic: 'Automatic payment is on. You both get an email.',
    not_automatic: 'Automatic payment is off. You both get an email.',
    paused: 'Paused. They’ll get an email.',
    resumed: 'Resumed. They’ll get an email.',
    stored: 'Saved. Everyone who can pay with it gets an email.',
    storing: 'Saved. It appears here in a moment.',
    method_removed: 'Removed. Everyone who could pay with it gets an email.',
    shared: 'Shared. They’ll get an email.',
    file_removed: 'Removed. They’ll get an email.',
    answered: 'Sent. They are told by email.',
    awarded: 'Awarded. Everybody is told by email; the orders wait as drafts for you to send.',
    placed: 'Placed.',
    looked: 'Looked.',
    job_retried: 'The job is tried again now. Look again in a moment.',
    job_dropped: 'The job was dropped.',
    key: 'The next key is made. Publish its record; it takes over once it is seen.',
    test: 'The test is on its way. Open this page again in a moment to see what came of it.',
    trusted: 'All mail goes there again.',
    aside: 'Set aside. It stays among all mail.',
    filed: 'Filed. It is found on the partner’s page.',
    added: 'Added. What they wrote can now be posted as theirs.',
    anew: 'It is being read anew. Look again in a moment.',
    refused: 'Refused. The sender is told why.',
    invited: 'Invitation sent.',
    taken_back: 'Invitation withdrawn.',
    requested: 'Your request is on its way.',
  }),
);

/**
 * The layout of a page that belongs to no organization: sign-in, an expired link, an error. In the language of the
 * person if we know them, or else of the browser.
 */
export function bareLayout(req: Request, title: string): BareLayout {
  const member = identityOf(req).memberships[0];
  const locale = member?.locale ?? (req.acceptsLanguages(languages) || 'en');
  const page = { title: translatorFor(locale)(title), organization: null, toast: null };
  return { layout: 'bare', locale, time_zone: member?.time_zone ?? 'UTC', page };
}
