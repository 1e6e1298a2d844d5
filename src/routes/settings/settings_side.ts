import type { Link } from '../../pages/views/components.js';
import { isOffered } from '../../subjects/may.js';
import { i18nOf } from '../shared/layout.js';
import type { RequestContext } from '../shared/request_context.js';

/** The pages of the settings in groups, the current one marked: views/settings/side.ejs. */
export type SettingsSide = SettingsGroup[];

interface SettingsGroup {
  /** '' where there is but one. */
  label: string;
  pages: (Link & { current: boolean; count: number | null })[];
}

const PAGES = [
  ['profile', 'Profile'],
  ['preferences', 'Preferences'],
  ['menu', 'Menu'],
  ['saved-views', 'Saved views'],
  ['notifications', 'Notifications'],
  ['calendar', 'Calendar'],
  ['sign-in', 'Sign-in'],
  ['devices', 'Devices'],
  ['api-tokens', 'API tokens'],
  ['data', 'Your data'],
];

// What the organization is set up with. With a slash: an address of its own, beside that of the settings.
const FOR_STAFF = [['members', 'Members and roles']];
const DAYS_OFF = ['organization/days-off', 'Days off'];
const FOR_BOOKS = [
  ['organization/taxes', 'Taxes'],
  ['organization/accounting', 'Accounting'],
];
const FOR_ADMINS = [
  ['organization/portal', 'Portal'],
  ['organization/security', 'Security'],
  ['/security', 'Security log'],
  ['organization/getting-paid', 'Getting paid'],
  ['organization/online-payment', 'Online payment'],
  ['organization/webhooks', 'Webhooks'],
  ['organization/rates', 'Exchange rates'],
  ['organization/time', 'Time'],
  ['organization/reminders', 'Payment reminders'],
  ['organization/privacy', 'Privacy'],
  ['/desk/defaults', 'Document defaults'],
  ['/delivery', 'Email delivery'],
  ['organization/jobs', 'Background jobs'],
];

/** `current`: the page's address below that of the settings. */
export function settingsSide({ actor, membership }: RequestContext, current: string): SettingsSide {
  const { t } = i18nOf(actor);
  const { slug, organization, saved_views } = membership;
  const pageOf = ([path = '', label = '']: string[]) => ({
    href: path.startsWith('/') ? `/${slug}${path}` : `/${slug}/settings/${path}`,
    label: t(label),
    current: path === current,
    count: path === 'saved-views' ? saved_views.length || null : null,
  });
  if (!isOffered(actor, 'desk')) return [{ label: '', pages: PAGES.map(pageOf) }];
  const common = [
    ...FOR_STAFF,
    ...(isOffered(actor, 'planning') ? [DAYS_OFF] : []),
    ...(isOffered(actor, 'taxes') ? FOR_BOOKS : []),
    ...(isOffered(actor, 'administration') ? FOR_ADMINS : []),
  ];
  return [
    { label: t('Personal settings'), pages: PAGES.map(pageOf) },
    { label: organization, pages: common.map(pageOf) },
  ];
}

export const settingsUrl = ({ membership }: RequestContext, page: string): string =>
  `/${membership.slug}/settings/${page}`;

/** Whether the page follows a form of its own, beside whose button it says "Saved". */
export const isSaved = ({ req }: Pick<RequestContext, 'req'>): boolean => req.query['saved'] === '1';
