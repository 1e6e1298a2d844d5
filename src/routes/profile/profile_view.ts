import type { Tone } from '../../document_types/index.js';
import { addDays, today } from '../../pages/days.js';
import type { Badge, ButtonLink, FileRow, Link } from '../../pages/views/components.js';
import { defineView } from '../../pages/views/render.js';
import { FILE_LABELS } from '../../people/partner_profile/partner_files.js';
import { addressLines } from '../../people/partner_profile/profile_details.js';
import { mayEdit } from '../../people/partner_profile/profile_rights.js';
import { TAX_ID_LABELS } from '../../people/partner_profile/tax_id.js';
import { i18nOf } from '../shared/layout.js';
import type { RequestContext } from '../shared/request_context.js';
import type { AccountRow, BusinessRow, PartnerFileRow } from './profile_queries.js';
import type { Profile } from './profile_request.js';

type I18n = ReturnType<typeof i18nOf>;

interface Fact {
  label: string;
  /** Its lines; none: it is not known. */
  lines: string[];
  href?: string | null;
}

/** A partner's profile, for its contacts and for staff. */
interface ProfileInput {
  title: string;
  kicker: string;
  back: Link | null;
  links: ButtonLink[];
  origin: Origin | null;
  /** Where a contact confirms what staff entered; null: there is nothing to confirm. */
  confirm_url: string | null;
  business: Fact[];
  addresses: Fact[];
  tax_ids: Fact[];
  accounts: AccountItem[];
  /** Why bank details can't be stored; null if they can. */
  banking_off: string | null;
  add_account: Link | null;
  files: PartnerFileItem[];
  earlier: PartnerFileItem[];
  add_file: Link | null;
  /** Who may change what this reader may not. */
  refused: string | null;
}

export const profileShow = defineView<ProfileInput>('profile/show');

/** Who entered or confirmed something: "Confirmed by Maya Chen on Nov 3, 2026". */
export interface Origin extends Badge {
  /** Who entered it, if that was staff. */
  by: string;
}

interface AccountItem {
  href: string | null;
  /** "USD •••• 6789". */
  label: string;
  detail: string;
  origin: Origin;
}

interface PartnerFileItem {
  label: string;
  note: string | null;
  file: FileRow;
  added: string;
  expiry: { tone: Tone; label: string } | null;
  replace: Link | null;
}

export function profileView({ actor, membership }: RequestContext, profile: Profile, banking: boolean): ProfileInput {
  const { partner, business, details, accounts, files, url } = profile;
  const i18n = i18nOf(actor);
  const { t } = i18n;
  const [edits, pays] = [mayEdit(actor, 'details'), mayEdit(actor, 'banking')];
  const staff = actor.side === 'staff';
  const { organization } = membership;
  const day = today(actor);
  const unconfirmed = [business, ...accounts].some((one) => one && !one.confirmed_at);
  const item = (file: PartnerFileRow) => fileItem(file, { url, day, edits, i18n });
  return {
    title: staff ? t('Profile') : t('Company profile'),
    kicker: partner.name,
    back: staff ? { href: url.replace(/\/profile$/, ''), label: `← ${partner.name}` } : null,
    links: edits ? [{ href: `${url}/edit`, label: t('Edit details'), primary: !business }] : [],
    origin: business ? originOf(business, organization, i18n) : null,
    confirm_url: !staff && edits && unconfirmed ? `${url}/confirm` : null,
    business: businessFacts(profile, i18n),
    addresses: addressFacts(profile, actor.locale, i18n),
    tax_ids: details.tax_ids.length
      ? details.tax_ids.map(({ kind, entered }) => ({ label: t(TAX_ID_LABELS[kind]), lines: [entered] }))
      : [{ label: t('Tax number'), lines: [partner.tax_number].filter(Boolean) }],
    accounts: accounts.map((account) => accountItem(account, pays ? url : null, organization, i18n)),
    banking_off: banking ? null : bankingOff(staff, organization, i18n),
    add_account: banking && pays ? { href: `${url}/banking/new`, label: t('Add account') } : null,
    files: files.filter((file) => !file.replaced_at).map(item),
    earlier: files.filter((file) => file.replaced_at).map(item),
    add_file: edits ? { href: `${url}/files/new`, label: t('Upload document') } : null,
    refused: edits ? null : t('Only a manager of your company can change this.'),
  };
}

const bankingOff = (staff: boolean, organization: string, { t }: I18n) =>
  staff
    ? t('Bank details can’t be stored here: BANK_DETAILS_KEY is not set.')
    : t('{{organization}} doesn’t take bank details here yet.', { organization });

const businessFacts = ({ details }: Profile, { t }: I18n): Fact[] => [
  { label: t('Legal name'), lines: [details.legal_name].filter(Boolean) },
  { label: t('Trading name'), lines: [details.trading_name].filter(Boolean) },
  { label: t('Registration number'), lines: [details.registration_number].filter(Boolean) },
  { label: t('Phone'), lines: [details.phone].filter(Boolean) },
  {
    label: t('Website'),
    lines: [details.website.replace(/^https?:\/\/|\/$/g, '')].filter(Boolean),
    href: details.website || null,
  },
];

const ADDRESS_LABELS = { billing: 'Billing address', shipping: 'Shipping address', other: 'Other address' } as const;

const addressFacts = ({ details, partner }: Profile, locale: string, { t }: I18n): Fact[] =>
  details.addresses.length
    ? details.addresses.map((one) => ({ label: t(ADDRESS_LABELS[one.kind]), lines: addressLines(one, locale) }))
    : [{ label: t('Address on documents'), lines: partner.address.split('\n').filter((line) => line.trim()) }];

/** Who stands behind something: the contact who confirmed it, or the member of staff who entered it. */
export function originOf(row: BusinessRow | AccountRow, organization: string, { t, format }: I18n): Origin {
  const entered = {
    name: row.entered_by,
    organization,
    date: format.date(format.today(row.entered_at)),
  };
  const by = row.by_staff ? t('Entered by {{name}}, {{organization}}, on {{date}}', entered) : '';
  if (!row.confirmed_at) return { tone: 'waiting', label: t('Not confirmed yet'), by };
  const date = format.date(format.today(row.confirmed_at));
  return { tone: 'good', label: t('Confirmed by {{name}} on {{date}}', { name: row.confirmed_by ?? '', date }), by };
}

export const accountLabel = ({ currency, last_four }: Pick<AccountRow, 'currency' | 'last_four'>) =>
  `${currency} •••• ${last_four}`;

const accountItem = (account: AccountRow, url: string | null, organization: string, i18n: I18n): AccountItem => ({
  href: url && `${url}/banking/${account.id}`,
  label: accountLabel(account),
  detail: `${account.holder} · ${account.bank_name}`,
  origin: originOf(account, organization, i18n),
});

function fileItem(
  file: PartnerFileRow,
  { url, day, edits, i18n }: { url: string; day: string; edits: boolean; i18n: I18n },
): PartnerFileItem {
  const { t, format } = i18n;
  const { id, kind, name, size, note, added_by, created_at, replaced_at } = file;
  const values = { name: added_by, date: format.date(format.today(created_at)) };
  return {
    label: t(FILE_LABELS[kind]),
    note: note || null,
    file: { name, size, url: `${url}/files/${id}/${encodeURIComponent(name)}` },
    added: t('Added by {{name}} on {{date}}', values),
    expiry: replaced_at ? null : expiryOf(file, day, i18n),
    replace: edits && !replaced_at ? { href: `${url}/files/new?replaces=${id}`, label: t('Replace') } : null,
  };
}

/** So many days before, what expires is marked. */
const SOON_DAYS = 30;

function expiryOf({ valid_until }: PartnerFileRow, day: string, { t, format }: I18n): PartnerFileItem['expiry'] {
  if (!valid_until) return null;
  const date = { date: format.date(valid_until) };
  if (valid_until < day) return { tone: 'late', label: t('Expired on {{date}}', date) };
  if (valid_until <= addDays(day, SOON_DAYS)) return { tone: 'waiting', label: t('Expires on {{date}}', date) };
  return { tone: 'quiet', label: t('Valid until {{date}}', date) };
}
