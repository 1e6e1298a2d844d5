import type { Knex } from 'knex';
import type { ContentChange } from '../../document_types/index.js';
import { Invalid } from '../../errors.js';
import { chosenLineIds, withChosenOptions } from '../content/chosen_lines.js';
import { today } from '../content/days.js';
import { changeContent } from '../content/content_store.js';
import { one } from '../content/field_values.js';
import type { ActContext, ContentChangeResult } from '../acting/context.js';
import { setDelivery, setPrices } from './offering.js';
import { applyProposed, dropProposed, proposeChanges } from './proposing.js';

type Run = (db: Knex.Transaction, act: ActContext) => Promise<ContentChangeResult>;

/**
 * How an action changes the content itself, before it is frozen. What can't be used is Invalid, and nothing has
 * happened.
 */
export const contentChanges: Record<ContentChange, Run> = {
  choices,
  prices: setPrices,
  delivery: setDelivery,
  deadline,
  propose: proposeChanges,
  'apply proposed': applyProposed,
  'drop proposed': dropProposed,
};

/**
 * The options that are ticked (`pick` and, for alternatives, `pick.` with their group: ids of lines), and the
 * customer's own order number. A form without options changes none.
 */
async function choices(
  db: Knex.Transaction,
  { document, input, answers, actor }: ActContext,
): Promise<ContentChangeResult> {
  const reference = String(answers['reference'] ?? document.reference);
  if (document.reference_required && !reference && actor.side === 'partner')
    throw new Invalid({ reference: 'Give your order number.' });
  const picked = chosenLineIds(input);
  const asked = one(input, 'choices') !== '';
  const changed = await changeContent(db, document, ({ lines }) => ({
    reference,
    lines: asked ? withChosenOptions(lines, picked) : lines,
  }));
  return { changed };
}

async function deadline(db: Knex.Transaction, { document, answers, actor }: ActContext): Promise<ContentChangeResult> {
  const due_on = String(answers['due_on']);
  if (due_on < today(actor)) throw new Invalid({ due_on: 'This day has passed.' });
  const changed = await changeContent(db, document, () => ({ due_on }));
  // A proposal that was too late may be made after all.
  return { changed, branch: document.state === 'submitted' ? 'submitted' : 'requested' };
}
