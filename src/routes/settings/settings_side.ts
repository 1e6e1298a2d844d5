import type { Link } from '../../pages/views/components.js';
import { isOffered } from '../../subjects/may.js';
import { i18nOf } from '../shared/layout.js';
import type { RequestContext } from '../shared/request_context.js';

/** The pages of the settings, the current one marked: views/settings/side.ejs. */
export type SettingsSide = (Link & { current: boolean; count: number | null })[];

const PAGES = [
  ['profile', 'Profile'],
  ['preferences', 'Preferences'],
  ['menu', 'Menu'],
  ['saved-views', 'Saved views'],
  ['notifications', 'Notifications'],
  ['sign-in', 'Sign-in'],
  ['devices', 'Devices'],
  ['data', 'Your data'],
];
const FOR_ADMINS = [
  ['organization/portal', 'Portal'],
  ['organization/security', 'Security'],
  ['organization/rates', 'Exchange rates'],
  ['organization/privacy', 'Privacy'],
];

/** `current`: the page's address below that of the settings. */
export function settingsSide({ actor, membership }: RequestContext, current: string): SettingsSide {
  const { t } = i18nOf(actor);
  const pages = [...PAGES, ...(isOffered(actor, 'administration') ? FOR_ADMINS : [])];
  return pages.map(([path = '', label = '']) => ({
    href: `/${membership.slug}/settings/${path}`,
    label: t(label),
    current: path === current,
    count: path === 'saved-views' ? membership.saved_views.length || null : null,
  }));
}

export const settingsUrl = ({ membership }: RequestContext, page: string): string =>
  `/${membership.slug}/settings/${page}`;

/** Whether the page follows a form of its own, beside whose button it says "Saved". */
export const isSaved = ({ req }: Pick<RequestContext, 'req'>): boolean => req.query['saved'] === '1';
