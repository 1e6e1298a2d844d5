import { Invalid } from '../../../errors.js';

/** What the columns of a budget sheet are called, in our languages; compared in small letters. */
const NAMES = {
  group: ['group', 'section', 'category', 'gruppe', 'gewerk', 'groupe', 'lot', 'grupo', 'capítulo'],
  name: [
    ...['item', 'description', 'name', 'position', 'bezeichnung', 'beschreibung', 'leistung', 'poste'],
    ...['désignation', 'partida', 'concepto', 'descripción'],
  ],
  quantity: ['quantity', 'qty', 'menge', 'anzahl', 'quantité', 'qté', 'cantidad', 'cant.'],
  unit: ['unit', 'einheit', 'unité', 'unidad'],
  unit_cost: [
    ...['unit cost', 'cost', 'einzelkosten', 'kosten', 'stückkosten', 'coût unitaire', 'coût', 'coste unitario'],
    ...['coste', 'costo unitario', 'costo'],
  ],
  markup: ['markup', 'markup %', 'aufschlag', 'aufschlag %', 'marge', 'marge %', 'margen', 'margen %'],
  unit_price: [
    ...['unit price', 'price', 'einzelpreis', 'preis', 'prix unitaire', 'prix', 'precio unitario', 'precio'],
  ],
  vendor: ['vendor', 'supplier', 'lieferant', 'fournisseur', 'proveedor'],
} as const;

export type SheetColumn = keyof typeof NAMES;

/** Where each column is, from 0. */
export type SheetColumns = Partial<Record<SheetColumn, number>>;

/** The columns of a row of headings. @throws Invalid if there is none for the items, or for what they cost */
export function columnsOf(heading: readonly string[]): SheetColumns {
  const typed = heading.map((name) => name.trim().toLowerCase().replace(/\s+/g, ' '));
  const found: SheetColumns = {};
  for (const [column, names] of Object.entries(NAMES)) {
    const at = typed.findIndex((name) => (names as readonly string[]).includes(name));
    if (at >= 0) Object.assign(found, { [column]: at });
  }
  if (found.name === undefined || (found.unit_cost === undefined && found.unit_price === undefined))
    throw new Invalid({
      sheet:
        'The first row needs headings: Item, Quantity, Unit cost, and if you like Group, Unit, Markup, Price and Vendor.',
    });
  return found;
}

/** A cell as a spreadsheet names it: C5. Both from 0. */
export function cellName(row: number, column: number): string {
  const letter = String.fromCharCode(65 + (column % 26));
  return `${column >= 26 ? String.fromCharCode(64 + Math.floor(column / 26)) : ''}${letter}${row + 1}`;
}
