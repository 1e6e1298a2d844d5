import type { Actor, QueryRows } from '../../db/scope.js';
import { type Tone, types } from '../../document_types/index.js';
import { usualInvoice, usualVendorOrder } from '../../document_types/relations.js';
import { shownAddress } from '../../input/email_address.js';
import { today } from '../../pages/days.js';
import type { Translate } from '../../pages/i18n.js';
import type {
  Choice,
  Filters,
  FormPage,
  HiddenFields,
  Link,
  Stat,
  TimelineItem,
} from '../../pages/views/components.js';
import { defineView } from '../../pages/views/render.js';
import { methodTitle } from '../../payments/methods/stored_methods.js';
import { photoUrl } from '../../people/photo.js';
import { isOffered } from '../../subjects/may.js';
import { contactState } from '../colleagues/contact_queries.js';
import { balanceStats, feedItem } from '../home/home_view.js';
import type { Errors } from '../shared/form.js';
import { i18nOf } from '../shared/layout.js';
import { type FilesSection, filesSection } from '../shared_files/files_view.js';
import { type DocumentRow, documentRow } from '../shared/rows.js';
import { type TaxesItem, taxesItems } from './partner_taxes_view.js';
import { currencyChoices, localeChoices, localeName } from '../shared/select_options.js';
import type { SimilarPartner } from './similar_partners.js';
import type { ContactRow, ListedPartner, PartnerPage, PartnerRow } from './partner_queries.js';
import { type RemindersItem, remindersItem } from './reminders_item.js';

/** A list of partners: the desk's own, or to choose who a new document is for. */
interface PartnerListInput {
  title: string;
  filters: Filters;
  filtered: boolean;
  partners: PartnerItem[];
  next: string | null;
  /** The list as files; left out where one is chosen. */
  exports?: Link[];
  /** Null for whom may make none. */
  create: Link | null;
}

/** Amounts in minor units. */
interface PartnerItem extends Pick<ListedPartner, 'name' | 'contacts' | 'open' | 'overdue' | 'currency' | 'latest'> {
  url: string;
  kind_label: string;
}

export const partnerListView = defineView<PartnerListInput>('partners/list');

type Kind = Pick<PartnerRow, 'is_customer' | 'is_vendor'>;

/** What a partner is to the organization. */
export const kindLabel = ({ is_customer, is_vendor }: Kind, t: Translate) =>
  is_customer && is_vendor ? t('Customer and vendor') : is_vendor ? t('Vendor') : t('Customer');

/** `url`: where the row leads, which is not always the partner's page. */
export const partnerRow = (partner: ListedPartner, url: string, t: Translate): PartnerItem => {
  const { name, contacts, open, overdue, currency, latest } = partner;
  return { url, name, kind_label: kindLabel(partner, t), contacts, open, overdue, currency, latest };
};

/** Null for whom may make none. */
export const newPartnerLink = (actor: Actor, href: string, t: Translate): Link | null =>
  isOffered(actor, 'partners') ? { href, label: t('New partner') } : null;

/** A partner's page at the desk. */
interface PartnerInput {
  partner: PartnerDetails;
  stats: Stat[];
  contacts: ContactItem[];
  /** Null for whom may add none. */
  add_contact_url: string | null;
  /** Null: everybody is invited. */
  invite_url: string | null;
  documents: DocumentRow[];
  documents_url: string;
  /** A new document for them. */
  create: Link | null;
  latest: TimelineItem[];
  activity_url: string;
  shared: FilesSection;
}

interface PartnerDetails {
  name: string;
  kind_label: string;
  /** Of its address. */
  lines: string[];
  email: string | null;
  tax_number: string | null;
  currency: string;
  locale_label: string;
  terms_label: string;
  edit_url: string | null;
  archived: boolean;
  /** Where it is restored; null for whom may not, or where it isn't archived. */
  restore_url: string | null;
  profile_url: string;
  statement_url: string;
  /** Whether a customer is reminded of payments. */
  reminders: RemindersItem | null;
  /** Which it pays, and charges; none where none are named. */
  taxes: TaxesItem[];
  /** How a customer pays online. */
  online: OnlineItem | null;
}

interface OnlineItem {
  /** "Visa ending in 4242" */
  stored: string[];
  bank_debit: string;
  /** What the button does; null for whom may not. */
  change: { action: string; label: string; allow: 'yes' | 'no' } | null;
}

interface ContactItem {
  name: string;
  email: string;
  title: string | null;
  photo: string | null;
  state_label: string;
  tone: Tone;
  edit_url: string | null;
  access: Link | null;
}

export const partnerShow = defineView<PartnerInput>('partners/show');

/** From the results of `partnerPage`. */
export function partnerView(
  partner: PartnerRow,
  [, contacts, documents, balances, latest, rates, shared]: QueryRows<PartnerPage>,
  actor: Actor,
  slug: string,
  max_bytes: number,
): PartnerInput {
  const i18n = i18nOf(actor);
  const { t } = i18n;
  const url = `/${slug}/partners/${partner.id}`;
  const edits = isOffered(actor, 'partners');
  const [type] = types;
  return {
    partner: {
      ...partnerDetails(partner, url, edits, t),
      reminders: remindersItem(partner, url, actor),
      taxes: taxesItems(partner, rates, url, actor),
      online: onlineItem(partner, url, actor),
    },
    stats: balanceStats(balances, partner.is_customer, i18n),
    contacts: contacts.map((contact) => contactItem(contact, slug, actor, url)),
    invite_url: canInvite(contacts, actor) ? `${url}/invite` : null,
    add_contact_url: edits ? `${url}/contacts/new` : null,
    documents: documents.map((row) => documentRow(row, slug, 'staff', today(actor), i18n)),
    documents_url: `/${slug}/${type?.path}?partner=${partner.id}`,
    create: newDocumentLink(partner, actor, slug, t),
    activity_url: `/${slug}/activity?partner=${partner.id}`,
    latest: latest.map((row) => feedItem(row, slug, i18n)),
    shared: filesSection(shared, partner.id, { actor, slug, other: partner.name, max_bytes }),
  };
}

const partnerDetails = (partner: PartnerRow, url: string, edits: boolean, t: Translate) => ({
  name: partner.name,
  kind_label: kindLabel(partner, t),
  lines: partner.address.split('\n').filter((line) => line.trim()),
  email: shownAddress(partner.email) || null,
  tax_number: partner.tax_number || null,
  currency: partner.currency,
  locale_label: localeName(partner.locale),
  terms_label: termsLabel(partner, t),
  edit_url: edits ? `${url}/edit` : null,
  restore_url: edits && partner.archived ? `${url}/archive` : null,
  archived: partner.archived,
  profile_url: `${url}/profile`,
  statement_url: `${url}/statement`,
});

/** "Due within 30 days · 2% discount within 10 days". */
function termsLabel({ terms_days: days, discount_percent, discount_days = 0 }: PartnerRow, t: Translate): string {
  const percent = Number(discount_percent ?? 0);
  const discount = percent ? t('{{percent}}% discount within {{days}} days', { percent, days: discount_days }) : null;
  return [t('Due within {{days}} days', { days }), discount].filter(Boolean).join(' · ');
}

function onlineItem(partner: PartnerRow, url: string, actor: Actor): OnlineItem | null {
  const { t } = i18nOf(actor);
  const { is_customer, bank_debit_allowed: allowed, stored_methods } = partner;
  if (!is_customer) return null;
  const change = {
    action: `${url}/bank-debit`,
    label: allowed ? t('Don’t allow bank debit') : t('Allow bank debit'),
    allow: allowed ? ('no' as const) : ('yes' as const),
  };
  return {
    stored: stored_methods.map((stored) => methodTitle(stored, t)),
    bank_debit: allowed ? t('Allowed') : t('Not allowed'),
    change: isOffered(actor, { permits: 'paying' }) ? change : null,
  };
}

/** An invoice for a customer, or else an order. */
function newDocumentLink(partner: PartnerRow, actor: Actor, slug: string, t: Translate): Link | null {
  const type = [usualInvoice, usualVendorOrder].find(({ partner: kind }) => partner[`is_${kind}`]);
  if (!type || partner.archived || !isOffered(actor, { start: type })) return null;
  return { href: `/${slug}/${type.path}/new?partner=${partner.id}`, label: t(`New ${type.label.toLowerCase()}`) };
}

function contactItem(contact: ContactRow, slug: string, actor: Actor, url: string): ContactItem {
  const { id, name, title } = contact;
  const email = shownAddress(contact.email);
  const manages = isOffered(actor, { permits: 'inviting' });
  return {
    ...{ name, email, title: title || null, ...contactState(contact, i18nOf(actor)) },
    photo: photoUrl(slug, contact),
    edit_url: isOffered(actor, 'partners') ? `${url}/contacts/${id}/edit` : null,
    access: manages ? accessLink(contact, url, i18nOf(actor).t) : null,
  };
}

/** Somebody can be invited, and this reader may do it. */
const canInvite = (contacts: readonly ContactRow[], actor: Actor): boolean =>
  isOffered(actor, { permits: 'inviting' }) &&
  contacts.some(({ guest, activated_at, sent_at }) => !guest && !activated_at && !sent_at);

/** What comes next with a contact's access. */
function accessLink(contact: ContactRow, url: string, t: Translate): Link {
  const { id, guest, activated_at, sent_at } = contact;
  if (!guest && !activated_at && !sent_at) return { href: `${url}/invite?contact=${id}`, label: t('Invite') };
  return { href: `${url}/contacts/${id}/access`, label: guest ? t('Make a contact') : t('See what they may use') };
}

const similarLinks = (similar: readonly SimilarPartner[], t: Translate) => ({
  title: t('Is it one of these?'),
  links: similar.map(({ url, name, kind_label, archived }) => ({
    ...{ href: url, label: name, sub: archived ? `${kind_label} · ${t('Archived')}` : kind_label },
  })),
});

const archiving = (url: string, t: Translate): FormPage['danger'] => ({
  label: t('Archive'),
  explains: t(
    'You won’t see it when you start something new. Its contacts can still view, answer and pay what they have. You can restore it later.',
  ),
  action: `${url}/archive`,
});

/** The form of a new partner, or of one that exists. */
interface PartnerFormInput {
  /** Of a new one: who it may be. */
  matches: FormPage['matches'];
  danger: FormPage['danger'];
  title: string;
  action: string;
  cancel: string;
  back: Link;
  /** As typed. */
  values: Readonly<Record<string, string>>;
  errors: Errors;
  kinds: Choice[];
  currencies: Choice[];
  locales: Choice[];
  hidden: HiddenFields;
}

export const partnerForm = defineView<PartnerFormInput>('partners/form');

/** `id`: the partner's, null for a new one. */
export function partnerFormView(
  { slug, locale, t }: { slug: string; locale: string; t: Translate },
  id: string | null,
  {
    values,
    errors,
    hidden,
    similar = [],
    archivable = false,
  }: Pick<PartnerFormInput, 'values' | 'errors' | 'hidden'> & { similar?: SimilarPartner[]; archivable?: boolean },
): PartnerFormInput {
  const list = `/${slug}/partners`;
  const url = id ? `${list}/${id}` : list;
  return {
    title: id ? t('Edit partner') : t('New partner'),
    action: url,
    cancel: url,
    back: { href: url, label: id ? `← ${t('Back')}` : `← ${t('Partners')}` },
    ...{ values, errors, hidden, matches: id ? null : { url: `${list}/new`, ...similarLinks(similar, t) } },
    danger: archivable ? archiving(url, t) : null,
    kinds: [
      { value: 'customer', label: t('Customer') },
      { value: 'vendor', label: t('Vendor') },
      { value: 'both', label: t('Customer and vendor') },
    ],
    currencies: currencyChoices(locale),
    locales: localeChoices(values['locale'] ?? ''),
  };
}
