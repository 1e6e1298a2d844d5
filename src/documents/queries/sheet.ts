import { overdue } from '../../document_types/shared/dates.js';
import { typeNamed } from '../../document_types/index.js';
import type { Format } from '../../pages/format.js';
import type { Translate } from '../../pages/i18n.js';
import type { SheetParties } from '../../pages/views/components.js';
import type { Party, Snapshot } from '../content/version.js';

/** The words a reader is addressed in. */
export interface I18n {
  t: Translate;
  format: Format;
}

const linesOf = (text: string) => text.split('\n').filter((line) => line.trim());

/**
 * The sheet of paper: what page, preview and PDF show of a document's content. Amounts in minor units, rates and
 * quantities decimal strings.
 */
export function sheet(snapshot: Omit<Snapshot, 'number'> & { number: string | null }, { t }: I18n) {
  const { from, to, ...content } = snapshot;
  const { label, due, partner, features } = typeNamed(snapshot.type);
  const party = ({ name, address, tax_number, email }: Party) => ({ name, lines: linesOf(address), tax_number, email });
  // A bill goes the other way: it is the vendor's paper.
  const parties: SheetParties =
    to && features.includes('their_number')
      ? { from: party(from), to: party(to), theirs: true }
      : { from: party(from), to: to ? party(to) : null, theirs: false };
  return {
    ...content,
    type_label: t(label),
    due_label: t(due),
    reference_label: t(
      partner === 'customer' ? 'Your order' : features.includes('their_number') ? 'Vendor’s number' : 'Your reference',
    ),
    unpriced: features.includes('unpriced'),
    ...parties,
  };
}

interface Standing {
  type: string;
  state: string;
  due_on: string | null;
  pay_on?: string | null;
  open: number;
  paying: boolean;
  started_by?: string;
  changes_proposed?: boolean;
}

/** How the document stands, in words and a tone; `move` says whose move it is and which. */
export function describeState(document: Standing, side: 'staff' | 'partner', today: string, { t, format }: I18n) {
  const { stateLabels, owes } = typeNamed(document.type);
  const look = stateLabels[document.state];
  // Whoever has paid already isn't dunned while the bank takes its days. What the house itself owes late is its own
  // affair.
  const late = owes === 'receivable' && !document.paying && overdue(document, today);
  const proposed = document.changes_proposed === true;
  const label = document.paying
    ? t('Being paid')
    : late
      ? t('Overdue')
      : proposed
        ? t('Changes proposed')
        : t(look?.label ?? document.state);
  return {
    state: document.state,
    state_label: label,
    tone: late ? 'late' : proposed ? 'waiting' : (look?.tone ?? 'quiet'),
    move: move(document, side, late, { t, format }),
  };
}

function move(document: Standing, side: 'staff' | 'partner', late: boolean, { t, format }: I18n): string | null {
  const { state, open, paying, changes_proposed, pay_on } = document;
  const { stateLabels, owes, startedBy } = typeNamed(document.type);
  const look = stateLabels[state];
  if (paying) return t('A payment is on its way');
  if (changes_proposed)
    return side === 'staff'
      ? t('Your move: agree to the changes, or keep it as it is')
      : t('Waiting for an answer to your changes');
  if (state === 'draft')
    return side === (document.started_by ?? startedBy) ? t('Your move: check it and send it') : null;
  if (owes === 'receivable' && open <= 0) return null;
  const words = side === look?.awaits ? look?.move : look?.awaits ? (look?.awaited ?? look?.move) : undefined;
  if (!words) return null;
  const day = owes === 'payable' ? (pay_on ?? document.due_on) : document.due_on;
  if (!day) return t(words.replace(/ (by|on|until) \{\{date\}\}$/, ''));
  const date = format.date(day);
  if (late)
    return side === 'partner'
      ? t('Your move: payment was due {{date}}', { date })
      : t('Payment was due {{date}}', { date });
  return t(words, { date });
}
