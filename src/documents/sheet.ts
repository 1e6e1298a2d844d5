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
  // Whoever has paid already isn't dunned while the bank takes its days.
  const late = !document.paying && overdue(document, today);
  const label = document.paying ? t('Being paid') : late ? t('Overdue') : t(look?.label ?? document.state);
  return {
    state: document.state,
    state_label: label,
    tone: late ? 'late' : (look?.tone ?? 'quiet'),
    move: move(document, { ours: side === look?.waits, waits: look?.waits !== undefined, late }, { t, format }),
  };
}

interface Whose {
  ours: boolean;
  waits: boolean;
  late: boolean;
}

function move({ state, due_on, open, paying }: Standing, { ours, waits, late }: Whose, { t, format }: Tongue): string | null {
  if (paying) return t('A payment is on its way');
  if (!waits) return null;
  if (state === 'draft') return t('Your move: check it and send it');
  if (open <= 0) return null;
  if (!due_on) return ours ? t('Your move: pay') : t('Waiting for payment');
  const date = format.date(due_on);
  if (late) return ours ? t('Your move: payment was due {{date}}', { date }) : t('Payment was due {{date}}', { date });
  return ours ? t('Your move: pay by {{date}}', { date }) : t('Waiting for payment by {{date}}', { date });
}
