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

/** What each `contentChange` of an action does to the document's content, before it is frozen. All throw Invalid. */
export const contentChanges: Record<ContentChange, Run> = {
  choices,
  prices: setPrices,
  delivery: setDelivery,
  deadline,
  propose: proposeChanges,
  'apply proposed': applyProposed,
  'drop proposed': dropProposed,
};

/** Picks the options that are ticked (see `chosenLineIds`), if the form has any, and stores the PO number. */
async function choices(
  db: Knex.Transaction,
  { document, input, answers, actor }: ActContext,
): Promise<ContentChangeResult> {
  const reference = String(answers['reference'] ?? document.reference);
  if (document.reference_required && !reference && actor.side === 'partner')
    throw new Invalid({ reference: 'Give your order number.' });
  const picked = chosenLineIds(input);
  const has_options = one(input, 'choices') !== '';
  const changed = await changeContent(db, document, ({ lines }) => ({
    reference,
    lines: has_options ? withChosenOptions(lines, picked) : lines,
  }));
  return { changed };
}

async function deadline(db: Knex.Transaction, { document, answers, actor }: ActContext): Promise<ContentChangeResult> {
  const due_on = String(answers['due_on']);
  if (due_on < today(actor)) throw new Invalid({ due_on: 'This day has passed.' });
  const changed = await changeContent(db, document, () => ({ due_on }));
  // An expired proposal becomes open again.
  return { changed, branch: document.state === 'submitted' ? 'submitted' : 'requested' };
}
