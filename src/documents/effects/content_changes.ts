import type { Knex } from 'knex';
import type { Change } from '../../document_types/index.js';
import { Invalid } from '../../errors.js';
import { picksIn, pickedOf } from '../content/chosen_lines.js';
import { today } from '../content/today.js';
import { changeContent } from '../content/content_store.js';
import { one } from '../content/field_values.js';
import type { Act, Changed } from '../acting/context.js';
import { delivery, prices } from './offering.js';
import { applyProposed, dropProposed, propose } from './proposing.js';

type Run = (db: Knex.Transaction, act: Act) => Promise<Changed>;

/**
 * How an action changes the content itself, before it is frozen. What can't be used is Invalid, and nothing has
 * happened.
 */
export const changing: Record<Change, Run> = {
  choices,
  prices,
  delivery,
  deadline,
  propose,
  'apply proposed': applyProposed,
  'drop proposed': dropProposed,
};

/**
 * The options that are ticked (`pick` and, for alternatives, `pick.` with their group: ids of lines), and the
 * customer's own order number. A form without options changes none.
 */
async function choices(db: Knex.Transaction, { document, input, answers, actor }: Act): Promise<Changed> {
  const reference = String(answers['reference'] ?? document.reference);
  if (document.reference_required && !reference && actor.side === 'partner')
    throw new Invalid({ reference: 'Give your order number.' });
  const picked = picksIn(input);
  const asked = one(input, 'choices') !== '';
  const changed = await changeContent(db, document, ({ lines }) => ({
    reference,
    lines: asked ? pickedOf(lines, picked) : lines,
  }));
  return { changed };
}

async function deadline(db: Knex.Transaction, { document, answers, actor }: Act): Promise<Changed> {
  const due_on = String(answers['due_on']);
  if (due_on < today(actor)) throw new Invalid({ due_on: 'This day has passed.' });
  const changed = await changeContent(db, document, () => ({ due_on }));
  // A proposal that was too late may be made after all.
  return { changed, branch: document.state === 'submitted' ? 'submitted' : 'requested' };
}
