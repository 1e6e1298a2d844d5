import type { Link } from '../../pages/views/components.js';
import { type Area, isOffered } from '../../subjects/may.js';
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

/** A page of the organization's settings. */
interface OrganizationPage {
  /** Below the settings' address; with a slash, below the organization's. */
  path: string;
  label: string;
  /** Who sees it. */
  area: Area;
}

const page = (path: string, label: string, area: Area = 'administration'): OrganizationPage => ({ path, label, area });

/** What the organization is set up with, in the groups of its overview. */
export const ORGANIZATION_PAGES: readonly { label: string; pages: readonly OrganizationPage[] }[] = [
  {
    label: 'Company',
    pages: [
      page('organization/identity', 'Name and branding'),
      page('members', 'Members and roles', 'desk'),
      page('organization/security', 'Security'),
      page('organization/portal', 'Portal'),
      page('organization/days-off', 'Days off', 'planning'),
      page('organization/privacy', 'Privacy'),
    ],
  },
  {
    label: 'Documents',
    pages: [
      page('/desk/defaults', 'Document defaults'),
      page('organization/numbering', 'Numbering'),
      page('organization/taxes', 'Taxes', 'taxes'),
      page('organization/time', 'Time'),
    ],
  },
  {
    label: 'Money',
    pages: [
      page('organization/getting-paid', 'Getting paid'),
      page('organization/online-payment', 'Online payment'),
      page('organization/reminders', 'Payment reminders'),
      page('organization/rates', 'Exchange rates'),
      page('organization/accounting', 'Accounting', 'taxes'),
    ],
  },
  {
    label: 'Email and connections',
    pages: [
      page('/delivery', 'Email delivery'),
      page('organization/webhooks', 'Webhooks'),
      page('organization/imports', 'Import'),
      page('organization/jobs', 'Background jobs'),
      page('/security', 'Security log'),
    ],
  },
];

const OVERVIEW = page('organization', 'All settings');

/** Where a page of the settings is; with a slash: below the organization's address. */
export const settingsHref = ({ membership }: Pick<RequestContext, 'membership'>, path: string): string =>
  path.startsWith('/') ? `/${membership.slug}${path}` : `/${membership.slug}/settings/${path}`;

/** `current`: the page's address below that of the settings. */
export function settingsSide({ actor, membership }: RequestContext, current: string): SettingsSide {
  const { t } = i18nOf(actor);
  const { organization, saved_views } = membership;
  const pageOf = ({ path, label }: Pick<OrganizationPage, 'path' | 'label'>) => ({
    href: settingsHref({ membership }, path),
    label: t(label),
    current: path === current,
    count: path === 'saved-views' ? saved_views.length || null : null,
  });
  const own = PAGES.map(([path = '', label = '']) => pageOf({ path, label }));
  if (!isOffered(actor, 'desk')) return [{ label: '', pages: own }];
  const common = [OVERVIEW, ...ORGANIZATION_PAGES.flatMap(({ pages }) => pages)];
  return [
    { label: t('Personal settings'), pages: own },
    { label: organization, pages: common.filter(({ area }) => isOffered(actor, area)).map(pageOf) },
  ];
}

export const settingsUrl = ({ membership }: RequestContext, page: string): string =>
  `/${membership.slug}/settings/${page}`;

/** Whether the page follows a form of its own, beside whose button it says "Saved". */
export const isSaved = ({ req }: Pick<RequestContext, 'req'>): boolean => req.query['saved'] === '1';
