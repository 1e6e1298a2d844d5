/** What can be imported. */
export const KINDS = ['partners', 'items'] as const;
export type ImportKind = (typeof KINDS)[number];

/** A field of ours that a column of a table can be. */
interface ImportField {
  name: string;
  label: string;
  required?: boolean;
  /** What such a column is called, in small letters. */
  words: readonly string[];
}

const field = (name: string, label: string, ...words: string[]): ImportField => ({ name, label, words });

/** The fields of each kind, in the order of the form. */
export const FIELDS: Readonly<Record<ImportKind, readonly ImportField[]>> = {
  partners: [
    {
      ...field('name', 'Name', 'name', 'company', 'company name', 'firma', 'société', 'raison sociale', 'empresa'),
      required: true,
    },
    field('kind', 'Kind', 'kind', 'type', 'art', 'typ', 'tipo'),
    field('email', 'Email address', 'company email', 'firmen-e-mail'),
    field(
      'street',
      'Street',
      'street',
      'address',
      'address line 1',
      'straße',
      'strasse',
      'anschrift',
      'adresse',
      'rue',
      'calle',
      'dirección',
    ),
    field(
      'postal_code',
      'Postal code',
      'postal code',
      'zip',
      'zip code',
      'plz',
      'postleitzahl',
      'code postal',
      'código postal',
      'cp',
    ),
    field('city', 'City', 'city', 'town', 'ort', 'stadt', 'ville', 'ciudad', 'población'),
    field('country', 'Country', 'country', 'land', 'pays', 'país'),
    field(
      'tax_number',
      'Tax number',
      'tax number',
      'vat id',
      'vat number',
      'vat',
      'ein',
      'ust-idnr.',
      'ust-id',
      'steuernummer',
      'numéro de tva',
      'n° tva',
      'nif',
      'cif',
    ),
    field('currency', 'Currency', 'currency', 'währung', 'devise', 'moneda'),
    field(
      'terms_days',
      'Days to pay',
      'days to pay',
      'payment terms',
      'terms',
      'zahlungsziel',
      'délai de paiement',
      'plazo de pago',
    ),
    field(
      'contact_name',
      'Contact’s name',
      'contact',
      'contact name',
      'ansprechpartner',
      'kontakt',
      'nom du contact',
      'contacto',
    ),
    field(
      'contact_email',
      'Contact’s email address',
      'email',
      'e-mail',
      'mail',
      'contact email',
      'correo',
      'correo electrónico',
      'courriel',
    ),
    field('contact_title', 'Contact’s position', 'position', 'title', 'job title', 'funktion', 'fonction', 'cargo'),
  ],
  items: [
    {
      ...field(
        'name',
        'Name',
        'name',
        'item',
        'product',
        'bezeichnung',
        'artikel',
        'désignation',
        'article',
        'nombre',
        'artículo',
      ),
      required: true,
    },
    field(
      'code',
      'Code',
      'code',
      'sku',
      'item number',
      'artikelnummer',
      'art.-nr.',
      'référence',
      'código',
      'referencia',
    ),
    field('description', 'Description', 'description', 'beschreibung', 'descripción'),
    field('unit', 'Unit', 'unit', 'einheit', 'unité', 'unidad'),
    field(
      'group_name',
      'Group',
      'group',
      'category',
      'gruppe',
      'kategorie',
      'groupe',
      'catégorie',
      'grupo',
      'categoría',
    ),
    field('price', 'Price', 'price', 'unit price', 'sales price', 'preis', 'verkaufspreis', 'prix', 'precio'),
    field('currency', 'Currency', 'currency', 'währung', 'devise', 'moneda'),
    field('cost', 'Cost', 'cost', 'purchase price', 'kosten', 'einkaufspreis', 'coût', 'coste', 'costo'),
  ],
};

/** Which column is which field, how numbers are written ('1,234.56' or '1.234,56'), and what blanks stand for. */
export interface ImportSettings {
  /** By field, the place of its column, from 0. */
  columns: Record<string, number>;
  numbers: 'point' | 'comma';
  /** What partners are where no column says so. */
  usual_kind: 'customer' | 'vendor';
  /** The headings that this was chosen for. */
  headings: string[];
}

/** The columns whose headings say what they are; what was chosen before for the same headings comes first. */
export function proposedColumns(
  kind: ImportKind,
  headings: readonly string[],
  before: ImportSettings | null,
): Record<string, number> {
  if (before && JSON.stringify(before.headings) === JSON.stringify(headings)) return before.columns;
  const typed = headings.map((heading) => heading.trim().toLowerCase().replace(/\s+/g, ' '));
  const found: Record<string, number> = {};
  for (const { name, words } of FIELDS[kind]) {
    const at = typed.findIndex((heading) => words.includes(heading));
    if (at >= 0) found[name] = at;
  }
  return found;
}

/** A locale that writes numbers so. */
export const localeOfNumbers = ({ numbers }: Pick<ImportSettings, 'numbers'>) =>
  numbers === 'comma' ? 'de-DE' : 'en-US';

/** How most of these numbers are written. */
export function numbersIn(cells: readonly string[]): ImportSettings['numbers'] {
  const comma = cells.filter((cell) => /\d,\d{1,2}$/.test(cell.trim())).length;
  const point = cells.filter((cell) => /\d\.\d{1,2}$/.test(cell.trim())).length;
  return comma > point ? 'comma' : 'point';
}
