import { overdue } from '../document_types/dates.js';
import { typeNamed } from '../document_types/index.js';
import type { Format } from '../pages/format.js';
import type { Translate } from '../pages/words.js';
import type { Snapshot } from './versions.js';

/** The words a reader is addressed in. */
export interface Tongue {
  t: Translate;
  format: Format;
}

const linesOf = (text: string) => text.split('\n').filter((line) => line.trim());

/** The sheet of paper: what page, preview and PDF show of a document's content. Amounts in minor units, rates and quantities decimal strings. */
export function sheet(snapshot: Omit<Snapshot, 'number'> & { number: string | null }, { t }: Tongue) {
  const { from, to, ...content } = snapshot;
  const party = ({ name, address, tax_number, email }: Snapshot['from']) => ({ name, lines: linesOf(address), tax_number, email });
  return { ...content, type_label: t(typeNamed(snapshot.type).label), from: party(from), to: party(to) };
}

interface Standing {
  type: string;
  state: string;
  due_on: string | null;
  open: number;
  paying: boolean;
}

/** How the document stands, in words and a tone; `move` says whose move it is and which. */
export function standing(document: Standing, side: 'staff' | 'partner', today: string, { t, format }: Tongue) {
  const look = typeNamed(document.type).looks[document.state];
  const late = overdue(document, today);
  const label = late ? t('Overdue') : t(look?.label ?? document.state);
  return {
    state: document.state,
    state_label: label,
    tone: late ? 'late' : (look?.tone ?? 'quiet'),
    move: move(document, side, look?.waits, { t, format }),
  };
}

function move({ state, due_on, open, paying }: Standing, side: string, waits: string | undefined, { t, format }: Tongue): string | null {
  if (paying) return t('A payment is on its way');
  if (!waits) return null;
  if (state === 'draft') return t('Your move: check it and send it');
  if (open <= 0) return null;
  if (side !== waits) return due_on ? t('Waiting for payment by {{date}}', { date: format.date(due_on) }) : t('Waiting for payment');
  return due_on ? t('Your move: pay by {{date}}', { date: format.date(due_on) }) : t('Your move: pay');
}
