import type { Actor, QueryRows } from '../../db/scope.js';
import { types } from '../../document_types/index.js';
import { today } from '../../documents/act.js';
import type { ContactRow, ListedPartner, PartnerPage, PartnerRow } from './partner_queries.js';
import type { Translate } from '../../pages/i18n.js';
import { currencyChoices, localeChoices, localeName } from '../shared/select_options.js';
import { documentRow } from '../shared/document_row.js';
import { i18nOf } from '../shared/layout.js';
import { balanceStats, feedItem } from '../home/home_view.js';

export const kindLabel = ({ is_customer, is_vendor }: Pick<PartnerRow, 'is_customer' | 'is_vendor'>, t: Translate) =>
  is_customer && is_vendor ? t('Customer and vendor') : is_vendor ? t('Vendor') : t('Customer');

/** A partner as a line of a list. */
export function partnerRow(
  { name, contacts, open, overdue, currency, latest, ...kind }: ListedPartner,
  url: string,
  t: Translate,
) {
  return { url, name, kind_label: kindLabel(kind, t), contacts, open, overdue, currency, latest };
}

/** Everything that views/partners/show.ejs needs, from the results of `partnerPage`. */
export function partnerView(
  partner: PartnerRow,
  [, contacts, documents, balances, latest]: QueryRows<PartnerPage>,
  actor: Actor,
  slug: string,
) {
  const i18n = i18nOf(actor);
  const { t } = i18n;
  const url = `/${slug}/partners/${partner.id}`;
  const [type] = types;
  const begun = types.find(
    ({ name, partner: kind }) => (name === 'invoice' || name === 'purchase_order') && partner[`is_${kind}`],
  );
  const { name, tax_number, currency, locale, terms_days } = partner;
  return {
    partner: {
      name,
      kind_label: kindLabel(partner, t),
      lines: partner.address.split('\n').filter((line) => line.trim()),
      email: partner.email || null,
      tax_number: tax_number || null,
      currency,
      locale_label: localeName(locale),
      edit_url: `${url}/edit`,
      terms_label: t('Due within {{days}} days', { days: terms_days }),
    },
    stats: balanceStats(balances, partner.is_customer, i18n),
    contacts: contacts.map((contact) => contactView(contact, url, t)),
    add_contact_url: `${url}/contacts/new`,
    documents: documents.map((row) => documentRow(row, slug, 'staff', today(actor), i18n)),
    documents_url: `/${slug}/${type?.path}?partner=${partner.id}`,
    create: begun
      ? { href: `/${slug}/${begun.path}/new?partner=${partner.id}`, label: t(`New ${begun.label.toLowerCase()}`) }
      : null,
    latest: latest.map((row) => feedItem(row, slug, i18n)),
  };
}

function contactView({ id, name, email, title, bounced_at, guest }: ContactRow, url: string, t: Translate) {
  const well = guest ? { state_label: t('Sees some'), tone: 'quiet' } : { state_label: t('Active'), tone: 'good' };
  const state = bounced_at ? { state_label: t('Email came back'), tone: 'late' } : well;
  return { id, name, email, title: title || null, ...state, edit_url: `${url}/contacts/${id}/edit` };
}

/** The form of a partner, new (`id` null) or known. */
export function partnerFormView(
  slug: string,
  id: string | null,
  values: Record<string, string>,
  t: Translate,
  locale: string,
) {
  const list = `/${slug}/partners`;
  const url = id ? `${list}/${id}` : list;
  const kinds = [
    ['customer', t('Customer')],
    ['vendor', t('Vendor')],
    ['both', t('Customer and vendor')],
  ].map(([value, label]) => ({ value, label }));
  return {
    title: id ? t('Edit partner') : t('New partner'),
    action: url,
    cancel: url,
    back: { href: url, label: id ? `← ${t('Back')}` : `← ${t('Partners')}` },
    values,
    kinds,
    currencies: currencyChoices(locale),
    locales: localeChoices(values['locale'] ?? ''),
  };
}
