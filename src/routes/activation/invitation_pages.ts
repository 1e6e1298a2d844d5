import type { Request } from 'express';
import { shownAddress } from '../../input/email_address.js';
import { accentUrl } from '../../pages/styles/accent.js';
import type { ActivationLayout } from '../../pages/views/layouts.js';
import { renderPage } from '../../pages/views/render.js';
import type { Invitation } from '../../people/invitations/find_invitation.js';
import type { Renewal } from '../../people/invitations/renewal.js';
import { type Terms, versionsOf } from '../../people/terms/terms.js';
import { describeState, type I18n } from '../../documents/queries/sheet.js';
import type { Errors } from '../shared/form.js';
import { i18nOf } from '../shared/layout.js';
import { identityOf } from '../shared/guard.js';
import { masked } from '../shared/return_to.js';
import type { FoundInvitation } from './invited.js';
import { activeView, expiredView, type Letter, namesView, othersView } from './activation_views.js';

/** The layout of an invitation's pages, in the language of who is invited. */
function layoutFor({ locale, time_zone, slug, organization, accent }: Invitation, title: string): ActivationLayout {
  const { t } = i18nOf({ locale, time_zone });
  return {
    layout: 'activation',
    locale,
    time_zone,
    page: {
      title: t(title),
      organization: { slug, name: organization, accent_url: accentUrl(accent) },
      sign_in_url: `/sign-in?return_to=/${slug}`,
    },
  };
}

/** The first word of a name. */
export const firstName = (name: string): string => name.split(' ')[0] ?? name;

/** A name without its last part, where that is known; or else without all but its first word. */
function namesOf({ name, last_name }: Invitation): { first_name: string; last_name: string } {
  const last = last_name || name.split(' ').slice(1).join(' ');
  const first = last && name.endsWith(` ${last}`) ? name.slice(0, -last.length - 1) : name;
  return { first_name: first, last_name: first === name ? '' : last };
}

/** Which versions of the texts the first step shows, as its form carries them. */
export const shownVersions = (terms: readonly Terms[]): string =>
  versionsOf(Object.fromEntries(terms.map(({ kind, version }) => [kind, version])));

/** Step 1, with what was typed. */
export function namesPage(
  path: string,
  found: FoundInvitation,
  typed: Readonly<Record<string, string>> = {},
  errors: Errors = {},
): string {
  const { invitation, terms } = found;
  const { slug, partner, organization, inviter } = invitation;
  const { t } = i18nOf(invitation);
  const names = { ...namesOf(invitation), ...typed };
  const values = { inviter: inviter ?? organization, partner: partner ?? '', organization };
  return renderPage(namesView, layoutFor(invitation, 'Set up your account'), {
    action: path,
    first_name: names.first_name,
    last_name: names.last_name,
    email: shownAddress(invitation.email),
    greeting: t('Welcome, {{name}}', { name: firstName(invitation.name) }),
    why: partner
      ? t(
          '{{inviter}} invited you to {{partner}}’s account with {{organization}}. Check your name to start; it takes a minute.',
          values,
        )
      : t('{{inviter}} invited you to work at {{organization}}’s desk. Check your name to start.', values),
    asks: firstName(inviter ?? organization),
    agreed: typed['terms'] === 'on',
    seen: shownVersions(terms),
    errors,
    terms_url: `/${slug}/terms`,
    privacy_url: `/${slug}/privacy`,
    letter: letterOf(found),
    steps: partner !== null,
    asks_password: invitation.asks_password,
  });
}

function letterOf({ invitation, awaited, owed }: FoundInvitation): Letter {
  const { inviter, organization, partner, sent_at, message } = invitation;
  const i18n = i18nOf(invitation);
  const late = owed.filter((row) => statusOf(row, i18n).tone === 'late').length;
  const bills = {
    text: i18n.t('{{count}} to pay', { count: owed.length }),
    detail: late ? i18n.t('{{count}} overdue', { count: late }) : '',
    late: late > 0,
  };
  const moves = awaited.slice(0, 3).map((row) => ({
    text: row.title || (row.number ?? ''),
    detail: i18n.t('for your answer'),
    late: false,
  }));
  return {
    inviter: inviter ?? organization,
    partner,
    sent_at,
    message,
    waiting: [...moves, ...(owed.length ? [bills] : [])],
  };
}

const statusOf = (row: FoundInvitation['owed'][number], i18n: I18n) =>
  describeState(row, 'partner', i18n.format.today(), i18n);

/** The page of an expired invitation; `renewal`: what was done about it just now. */
export function expiredPage(path: string, invitation: Invitation, renewal: Renewal | null): string {
  const { t, format } = i18nOf(invitation);
  const { email, inviter, organization, renews } = invitation;
  const asks = firstName(inviter ?? organization);
  const [address, name] = [masked(email), asks];
  const done = {
    sent: {
      text: t('We’ve sent a new link to {{address}}. It works for 7 days.', { address }),
      note: t('Didn’t get it? Check your spam folder. You can send another in 60 seconds.'),
    },
    asked: {
      text: t('We’ve let {{name}} know.', { name }),
      note: t('As soon as they invite you again, the new link comes to {{address}}.', { address }),
    },
  };
  return renderPage(expiredView, layoutFor(invitation, 'Your invitation'), {
    action: `${path}/renew`,
    expired_on: format.date(format.today(invitation.expires_at)),
    masked: address,
    renews,
    done: renewal && done[renewal],
    asks,
  });
}

/** The page of an invitation that was taken, for a browser that isn't signed in. */
export function activePage(path: string, invitation: Invitation): string {
  const { format } = i18nOf(invitation);
  return renderPage(activeView, layoutFor(invitation, 'Your account is active'), {
    action: '/sign-in',
    email: invitation.email,
    return_to: path,
    activated_on: format.date(format.today(invitation.accepted_at ?? invitation.sent_at)),
  });
}

/** Shown to somebody who is signed in as somebody else. */
export function othersPage(path: string, invitation: Invitation, req: Request): string {
  const { email, memberships } = identityOf(req);
  return renderPage(othersView, layoutFor(invitation, 'Who are you?'), {
    action: `${path}/sign-out`,
    invited: invitation.name,
    signed_in: email ? shownAddress(email) : (memberships[0]?.name ?? ''),
    home_url: '/',
  });
}
