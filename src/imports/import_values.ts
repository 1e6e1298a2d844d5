import { z } from 'zod';
import { parseDecimal } from '../documents/content/decimals.js';
import type { ItemFields } from '../documents/items/item.js';
import { Invalid } from '../errors.js';
import { CURRENCIES } from '../input/fields.js';
import type { PersonFields } from '../people/contact.js';
import { line, readForm, required, text } from '../people/form_values.js';
import type { PartnerFields } from '../people/partner.js';
import { parseContact, parsePartner } from '../people/partner_form.js';
import { type ImportSettings, localeOfNumbers } from './import_kinds.js';

/** What blanks stand for: the organization's own. */
export interface ImportDefaults {
  currency: string;
  locale: string;
  time_zone: string;
}

/** What customers and vendors are called, in small letters; the rest is what the settings say. */
const KIND_WORDS: Readonly<Record<string, string>> = {
  ...{ customer: 'customer', client: 'customer', kunde: 'customer', cliente: 'customer' },
  ...{ vendor: 'vendor', supplier: 'vendor', lieferant: 'vendor', fournisseur: 'vendor', proveedor: 'vendor' },
  ...{ both: 'both', beides: 'both', 'les deux': 'both', ambos: 'both' },
};

type Read = (field: string) => string;

const reader =
  (cells: readonly string[], { columns }: Pick<ImportSettings, 'columns'>): Read =>
  (field) => {
    const at = columns[field];
    return at === undefined ? '' : (cells[at] ?? '').trim();
  };

/** A partner and its contact, if a row names one. @throws Invalid by our fields */
export function partnerIn(
  cells: readonly string[],
  settings: ImportSettings,
  { currency, locale, time_zone }: ImportDefaults,
): { partner: PartnerFields; contact: Required<PersonFields> | null } {
  const cell = reader(cells, settings);
  const typed_kind = cell('kind').toLowerCase();
  const kind = typed_kind ? KIND_WORDS[typed_kind] : settings.usual_kind;
  if (!kind) throw new Invalid({ kind: 'Enter “customer”, “vendor” or “both”.' });
  const place = [cell('postal_code'), cell('city')].filter(Boolean).join(' ');
  const partner = parsePartner(
    {
      ...{ name: cell('name'), kind, email: cell('email'), tax_number: cell('tax_number'), locale },
      address: [cell('street'), place, cell('country')].filter(Boolean).join('\n'),
      currency: cell('currency').toUpperCase() || currency,
      terms_days: cell('terms_days').replace(/\D+$/, '') || '30',
      ...{ tolerance_percent: '', discount_percent: '', discount_days: '', debtor_number: '', creditor_number: '' },
    },
    { locale: localeOfNumbers(settings) },
  );
  const email = cell('contact_email');
  if (!email) return { partner, contact: null };
  const name = cell('contact_name') || email.split('@')[0] || '';
  return { partner, contact: contactIn({ name, email, title: cell('contact_title'), locale, time_zone }) };
}

/** @throws Invalid by our fields */
function contactIn(typed: Record<string, string>): Required<PersonFields> {
  try {
    return parseContact({ ...typed, guest: '' });
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
    throw new Invalid(
      Object.fromEntries(Object.entries(error.fields).map(([name, reason]) => [`contact_${name}`, reason])),
    );
  }
}

const Item = z.object({
  code: line(60),
  name: required(200),
  description: text(1500),
  unit: line(40),
  group_name: line(80),
});

/** An item. @throws Invalid by our fields */
export function itemIn(
  cells: readonly string[],
  settings: ImportSettings,
  { currency: usual }: Pick<ImportDefaults, 'currency'>,
): ItemFields {
  const cell = reader(cells, settings);
  const texts = readForm(Item, Object.fromEntries(Object.keys(Item.shape).map((name) => [name, cell(name)])));
  const currency = cell('currency').toUpperCase() || usual;
  if (!CURRENCIES.has(currency)) throw new Invalid({ currency: 'Choose a currency.' });
  const amount = (field: string) => amountIn(cell(field), field, settings);
  const price = amount('price');
  return {
    ...{ ...texts, cost: amount('cost'), tax_series: null, vendors: [] },
    prices: price === null ? [] : [{ currency, price }],
  };
}

/** Null where the cell is empty. @throws Invalid */
function amountIn(cell: string, field: string, settings: ImportSettings): string | null {
  // Spreadsheets give numbers with a point, whatever their owner sees.
  const plain = cell.replace(/^[^\d-]+|[^\d]+$/g, '');
  if (!cell) return null;
  const decimal = parseDecimal(plain, localeOfNumbers(settings));
  const usable = decimal !== null && /^\d{1,9}(\.\d{1,6})?$/.test(decimal);
  if (!usable) throw new Invalid({ [field]: 'Enter a price, like 12.50.' });
  return decimal;
}
